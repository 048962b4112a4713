"""The shipped heads on the trunk of text-affect answer as they did when they were made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import mien
from mien.perceive.text import TextPerceiver
from mien.runtime import open_asset
from mien.types import Affect, Span, Utterance

FOLDERS = sorted(
    card.parent
    for card in (Path(mien.__file__).parent / "assets").glob("*/card.toml")
    if open_asset(card.parent).info.trunk
)
DIMENSIONS = ("valence", "arousal", "dominance")
READ: dict[str, Callable[[Affect], np.ndarray]] = {
    "output_probs": lambda affect: affect.categories.probs,
    "output_degrees": lambda affect: affect.degrees[0].probs,
    "output_means": lambda affect: np.array([getattr(affect, name).mean for name in DIMENSIONS]),
    "output_stds": lambda affect: np.array([getattr(affect, name).std for name in DIMENSIONS]),
}


def test_there_are_heads() -> None:
    assert {folder.name for folder in FOLDERS} >= {"text-tweets", "text-empathy", "text-readers", "text-writers"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_answers_are_as_they_were(folder: Path) -> None:
    with np.load(folder / "golden.npz") as arrays:
        golden = dict(arrays)
    names = set(golden) & set(READ)
    assert names
    texts = [str(text) for text in golden["input_texts"]]
    pieces = [Utterance(text, Span(0, len(text), "characters")) for text in texts]
    perceiver = TextPerceiver(model=folder.name)
    together = perceiver.read(pieces)
    alone = [affect for piece in pieces[:4] for affect in perceiver.read([piece])]
    for name in names:
        found = np.stack([READ[name](affect) for affect in together])
        assert np.abs(found - golden[name]).max() <= 0.02
        assert np.abs(found[:4] - np.stack([READ[name](affect) for affect in alone])).max() <= 1e-4


@pytest.mark.parametrize(
    ("text", "felt", "other"),
    [
        ("I am so furious, this is an outrage", "anger", "joy"),
        ("best day of my life, I am so happy", "joy", "sadness"),
        ("I miss her so much, I cannot stop crying", "sadness", "joy"),
        ("something is at the window and I am terrified", "fear", "joy"),
    ],
)
def test_plain_tweets(text: str, felt: str, other: str) -> None:
    (affect,) = TextPerceiver(model="text-tweets").read([Utterance(text, Span(0, len(text), "characters"))])
    degrees = affect.degrees[0].as_dict()
    assert degrees[felt] > degrees[other] + 0.2
    assert affect.categories.as_dict()[felt] > 0.5
