"""What the recipe reads: comments with labels, sentences with ratings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mien.datasets import emobank, goemotions
from mien.datasets.schema import Sample
from mien.errors import InputError
from mien.types import Affect, Utterance

DIMENSIONS = ("valence", "arousal", "dominance")


@dataclass(frozen=True, slots=True)
class Truth:
    """Utterances of a split, their truth [n, columns], and a group name each (empty where unknown)."""

    utterances: tuple[Utterance, ...]
    truth: np.ndarray
    groups: tuple[str, ...]

    @property
    def texts(self) -> list[str]:
        """The words alone."""
        return [utterance.text for utterance in self.utterances]


def comments(split: str) -> Truth:
    """Read a split of GoEmotions; truth is 0 or 1 for each of 28 labels."""
    return _truth(goemotions.load(split), label_row)


def sentences(split: str) -> Truth:
    """Read a split of EmoBank; truth is valence, arousal and dominance on [-1, 1]."""
    return _truth(emobank.load(split), dimension_row)


def label_row(affect: Affect) -> np.ndarray:
    """Return the probabilities of an affect.

    Raises:
        InputError: It has none.
    """
    if affect.categories is None:
        raise InputError("a sample of the corpus has no categories; each must have them")
    return affect.categories.probs


def dimension_row(affect: Affect) -> np.ndarray:
    """Return valence, arousal and dominance of an affect.

    Raises:
        InputError: It lacks one.
    """
    found = [getattr(affect, name) for name in DIMENSIONS]
    if any(dimension is None for dimension in found):
        raise InputError(f"a sample of the corpus lacks one of {', '.join(DIMENSIONS)}")
    return np.array([dimension.mean for dimension in found])


def _truth(samples: Sequence[Sample], row: Callable[[Affect], np.ndarray]) -> Truth:
    known = [(sample, sample.truth) for sample in samples if sample.truth is not None]
    return Truth(
        tuple(sample.signal for sample, _ in known),
        np.stack([row(affect) for _, affect in known]),
        tuple(sample.group.get("genre", "") for sample, _ in known),
    )
