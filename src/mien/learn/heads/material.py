"""The tweets of SemEval-2018 with all that is known of each, over the three parts of the task.

Tweets of the parts overlap, in the split of the same name. A training tweet that occurs in the validation or test split
of any part is left out, and a validation tweet that occurs in a test split.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mien.datasets import Sample, semeval2018
from mien.datasets.written import letters
from mien.errors import InputError
from mien.types import Distribution
from mien.types.scales import INTENSITY4, SEMEVAL_EC11

__all__ = ["COLUMNS", "INTENSITIES", "LABELS", "VALENCE", "Tweets", "column_weights", "tweets"]

INTENSITIES = slice(0, len(INTENSITY4))
VALENCE = slice(INTENSITIES.stop, INTENSITIES.stop + 1)
LABELS = slice(VALENCE.stop, VALENCE.stop + len(SEMEVAL_EC11))
COLUMNS = LABELS.stop
"""Columns of the truth, all of them in [0, 1]."""


@dataclass(frozen=True, slots=True, eq=False)
class Tweets:
    """Distinct tweets of a split.

    Args:
        texts: The tweets.
        truth: Shape ``(n, COLUMNS)`` in [0, 1]; NaN where a tweet was not rated.
    """

    texts: tuple[str, ...]
    truth: np.ndarray


def column_weights(degree: float) -> Tensor:
    """Return how much each column counts in a loss, [columns]: a rating so much, a label 1."""
    weights = torch.ones(COLUMNS)
    weights[: LABELS.start] = degree
    return weights


def tweets(split: str) -> Tweets:
    """Return the tweets of a split of all three parts, without those that occur in a later split."""
    later = {"train": ("validation", "test"), "validation": ("test",), "test": ()}[split]
    seen = {letters(text) for name in later for text, _, _ in _rated(name)}
    rows: dict[str, np.ndarray] = {}
    for text, columns, values in _rated(split):
        if letters(text) not in seen:
            rows.setdefault(text, np.full(COLUMNS, np.nan))[columns] = values
    return Tweets(tuple(rows), np.stack(list(rows.values())))


def _rated(split: str) -> Iterator[tuple[str, slice, np.ndarray]]:
    """Yield each tweet of each part with the columns of the truth that are known there, and their values."""
    for sample in semeval2018.load_intensity(split):
        place = INTENSITY4.index(sample.group["emotion"])
        yield sample.signal.text, slice(place, place + 1), _categories(sample).probs
    for sample in semeval2018.load(split):
        if sample.truth is None or sample.truth.valence is None:
            raise InputError(f"the tweet {sample.id} has no valence; each must have one")
        yield sample.signal.text, VALENCE, np.array([(sample.truth.valence.mean + 1) / 2])
    for sample in semeval2018.load_emotions(split):
        yield sample.signal.text, LABELS, _categories(sample).probs


def _categories(sample: Sample) -> Distribution:
    if sample.truth is None or sample.truth.categories is None:
        raise InputError(f"the tweet {sample.id} has no labels; each must have them")
    return sample.truth.categories
