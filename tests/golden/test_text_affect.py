"""The shipped text model answers as it did when it was made, whatever the batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mien
from mien.perceive.text import TextPerceiver
from mien.types import Affect, Span, Utterance

FOLDER = Path(mien.__file__).parent / "assets" / "text-affect"


@pytest.fixture(scope="module")
def perceiver() -> TextPerceiver:
    return TextPerceiver()


@pytest.fixture(scope="module")
def golden() -> dict[str, np.ndarray]:
    with np.load(FOLDER / "golden.npz") as arrays:
        return dict(arrays)


def utterances(golden: dict[str, np.ndarray]) -> list[Utterance]:
    return [Utterance(str(text), Span(0, len(text), "characters")) for text in golden["input_texts"]]


def probs_of(affects: list[Affect | None]) -> np.ndarray:
    return np.stack([affect.categories.probs for affect in affects])


def means_of(affects: list[Affect | None]) -> np.ndarray:
    return np.array([[affect.valence.mean, affect.arousal.mean, affect.dominance.mean] for affect in affects])


def stds_of(affects: list[Affect | None]) -> np.ndarray:
    return np.array([[affect.valence.std, affect.arousal.std, affect.dominance.std] for affect in affects])


def test_answers_are_as_they_were(perceiver: TextPerceiver, golden: dict[str, np.ndarray]) -> None:
    affects = perceiver.read(utterances(golden))
    probs = probs_of(affects)
    assert np.array_equal(probs.argmax(axis=1), golden["output_probs"].argmax(axis=1))
    assert np.abs(probs - golden["output_probs"]).max() <= 0.02
    assert np.abs(means_of(affects) - golden["output_means"]).max() <= 0.02
    assert np.abs(stds_of(affects) - golden["output_stds"]).max() <= 0.02


@pytest.mark.parametrize("size", [1, 8])
def test_batch_and_padding_do_not_matter(perceiver: TextPerceiver, golden: dict[str, np.ndarray], size: int) -> None:
    pieces = utterances(golden)
    together = perceiver.read(pieces)
    apart = [affect for start in range(0, len(pieces), size) for affect in perceiver.read(pieces[start : start + size])]
    assert np.abs(probs_of(together) - probs_of(apart)).max() <= 1e-4
    assert np.abs(means_of(together) - means_of(apart)).max() <= 1e-4


@pytest.mark.parametrize(
    ("text", "label", "valence"),
    [
        ("Thank you so much for your help!", "gratitude", 1),
        ("I love you, you make me so happy.", "love", 1),
        ("I am so sorry for what I did.", "remorse", -1),
        ("This makes me so angry, I hate it.", "anger", -1),
    ],
)
def test_plain_cases(perceiver: TextPerceiver, text: str, label: str, valence: int) -> None:
    (affect,) = perceiver.read([Utterance(text, Span(0, len(text), "characters"))])
    assert affect.categories.top[0] == label
    assert label in perceiver.decide(affect)
    assert affect.valence.mean * valence > 0
    assert affect.confidence > 0.4


def test_it_is_open_and_small() -> None:
    info = TextPerceiver().info
    assert info.line == "open"
    assert all(corpus.commercial for corpus in info.trained_on)
    assert sum(item.bytes for item in info.files) <= 25_000_000
    assert len(info.options["thresholds"]) == 28
