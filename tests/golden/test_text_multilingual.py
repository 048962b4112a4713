"""The model of mien-multilingual answers as it did when it was made, whatever the batch, and claims its languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.perceive.text import TextPerceiver
from mien.perceive.text.others import Claims
from mien.runtime import open_asset
from mien.types import Affect, Span, Utterance

FOLDER = Path(__file__).parents[2] / "packages/mien-multilingual/src/mien_multilingual/text-multilingual"


@pytest.fixture(scope="module")
def perceiver() -> TextPerceiver:
    return TextPerceiver(model=str(FOLDER), threads=1)


@pytest.fixture(scope="module")
def golden() -> dict[str, np.ndarray]:
    with np.load(FOLDER / "golden.npz") as arrays:
        return dict(arrays)


def utterances(texts: list[str]) -> list[Utterance]:
    return [Utterance(text, Span(0, len(text), "characters")) for text in texts]


def probs_of(affects: list[Affect | None]) -> np.ndarray:
    return np.stack([affect.categories.probs for affect in affects])


def test_answers_are_as_they_were(perceiver: TextPerceiver, golden: dict[str, np.ndarray]) -> None:
    probs = probs_of(perceiver.read(utterances(golden["input_texts"].tolist())))
    assert np.array_equal(probs.argmax(axis=1), golden["output_probs"].argmax(axis=1))
    assert np.abs(probs - golden["output_probs"]).max() <= 0.02


@pytest.mark.parametrize("size", [1, 8])
def test_batch_and_padding_do_not_matter(perceiver: TextPerceiver, golden: dict[str, np.ndarray], size: int) -> None:
    pieces = utterances(golden["input_texts"].tolist())
    apart = [affect for start in range(0, len(pieces), size) for affect in perceiver.read(pieces[start : start + size])]
    assert np.abs(probs_of(perceiver.read(pieces)) - probs_of(apart)).max() <= 1e-4


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("Ich freue mich so auf morgen!", "deu", "joy"),
        ("Мне очень страшно.", "rus", "fear"),
        ("¡Qué asco me da esto!", "esp", "disgust"),
        ("मुझे बहुत गुस्सा आ रहा है।", "hin", "anger"),
        ("Sunt foarte tristă astăzi.", "ron", "sadness"),
    ],
)
def test_plain_cases(perceiver: TextPerceiver, text: str, language: str, label: str) -> None:
    (affect,) = perceiver.read(utterances([text]))
    assert affect.categories.top[0] == label
    told = perceiver.in_language(language)
    assert label in told.decide(told.read(utterances([text]))[0])


def test_it_claims_other_languages_and_leaves_english() -> None:
    claims = Claims(FOLDER / "claims.npz")
    others = ["Ich freue mich so auf morgen!", "Мне очень страшно.", "今天真是太开心了！", "Olen vihainen sinulle."]
    english = ["I am so glad that you came.", "What?", "ok", "lol", "", "42"]
    assert all(map(claims.holds, others))
    assert not any(map(claims.holds, english))


def test_it_is_open_and_small() -> None:
    info = open_asset(FOLDER).info
    assert info.line == "open"
    assert all(corpus.commercial for corpus in info.trained_on)
    assert sum(item.bytes for item in info.files) <= 45_000_000
    assert np.shape(info.options["language_thresholds"]) == (len(info.options["languages"]), 6)
