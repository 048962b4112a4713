"""The model of mien-research answers as it did when it was made, whatever the batch, and is of the research line.

Its folder is put into the package when it has been trained; until then there is nothing to ask.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.perceive.text import TextPerceiver
from mien.runtime import open_asset
from mien.types import Affect, Span, Utterance

FOLDER = Path(__file__).parents[2] / "packages/mien-research/src/mien_research/text-research"

pytestmark = pytest.mark.skipif(
    not (FOLDER / "card.toml").is_file(), reason="text-research is not in packages/mien-research; run its recipe"
)


@pytest.fixture(scope="module")
def perceiver() -> TextPerceiver:
    return TextPerceiver(model=str(FOLDER), threads=1)


@pytest.fixture(scope="module")
def golden() -> dict[str, np.ndarray]:
    with np.load(FOLDER / "golden.npz") as arrays:
        return dict(arrays)


def utterances(texts: list[str]) -> list[Utterance]:
    return [Utterance(text, Span(0, len(text), "characters")) for text in texts]


def columns_of(affects: list[Affect | None]) -> np.ndarray:
    return np.stack(
        [np.array([*one.degrees[0].probs, (one.valence.mean + 1) / 2, *one.categories.probs]) for one in affects]
    )


def test_answers_are_as_they_were(perceiver: TextPerceiver, golden: dict[str, np.ndarray]) -> None:
    found = columns_of(perceiver.read(utterances(golden["input_texts"].tolist())))
    assert np.abs(found - golden["output_columns"]).max() <= 0.02


@pytest.mark.parametrize("size", [1, 8])
def test_batch_and_padding_do_not_matter(perceiver: TextPerceiver, golden: dict[str, np.ndarray], size: int) -> None:
    pieces = utterances(golden["input_texts"].tolist())
    apart = [affect for start in range(0, len(pieces), size) for affect in perceiver.read(pieces[start : start + size])]
    assert np.abs(columns_of(perceiver.read(pieces)) - columns_of(apart)).max() <= 1e-4


@pytest.mark.parametrize(
    ("text", "felt", "other"),
    [
        ("I am so furious, this is an outrage", "anger", "joy"),
        ("best day of my life, I am so happy", "joy", "sadness"),
        ("I miss her so much, I cannot stop crying", "sadness", "joy"),
        ("something is at the window and I am terrified", "fear", "joy"),
    ],
)
def test_plain_tweets(perceiver: TextPerceiver, text: str, felt: str, other: str) -> None:
    (affect,) = perceiver.read(utterances([text]))
    degrees = affect.degrees[0].as_dict()
    assert degrees[felt] > degrees[other] + 0.2
    assert affect.categories.as_dict()[felt] > 0.5


def test_it_is_of_the_research_line_and_brings_its_own_trunk() -> None:
    info = open_asset(FOLDER).info
    assert info.line == "research"
    assert not info.trunk
    assert {item.name for item in info.files} >= {"trunk.onnx", "tokenizer.json"}
    assert {item.line for item in info.files} == {"research"}
    tweets = [row for row in info.trained_on if row.corpus.startswith("semeval2018")]
    assert len(tweets) == 3
    assert not any(row.commercial for row in tweets)
