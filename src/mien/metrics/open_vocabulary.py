"""Agreement of sets of words for emotions, where any word may be said, through emotion wheels.

Two words of one group of a wheel count as the same. Of an item, precision is the share of the estimate's groups that
the truth has too, and recall the share of the truth's groups that the estimate has. Both are averaged over the items,
and F is their harmonic mean; the score is the mean over the wheels. Words that a wheel does not hold are left out on
both sides; items whose truth is then empty do not count, and where only the estimate is empty it scores 0. So the
definition of AffectGPT; the wheels (`mien.metrics.wheels`) are our own, so that figures do not compare with published
ones, and a word that stands for two emotions belongs to the groups of both.

With one group on each side, level 1 never scores below level 2. With sets it can: two words that level 2 tells apart
may fall together on level 1 and count once only.

References:
    Z. Lian et al. (2025). AffectGPT: a new dataset, model, and benchmark for emotion understanding with multimodal
    large language models. ICML.
    Z. Lian et al. (2024). Open-vocabulary multimodal emotion recognition: dataset, metric, and benchmark.
    arXiv:2410.01495.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from jaxtyping import Bool
from numpy.typing import ArrayLike

from mien.errors import OptionError
from mien.metrics.validation import flags
from mien.metrics.wheels import LEVELS, WHEELS, Wheel, groups

__all__ = ["group_flags", "open_vocabulary_score", "set_f1", "set_precision", "set_recall", "wheel_f1"]

Labels = Sequence[Collection[str]]
"""The words of each item."""


def set_precision(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the mean over the items of the share of the estimate's groups that are true, in [0, 1].

    Args:
        truth: Which groups each item has, a table of yes and no, shape ``(items, groups)``.
        estimate: Of the same shape.

    Raises:
        OptionError: No item has a true group.

    Example:
        >>> set_precision([[1, 0], [0, 1]], [[1, 1], [0, 1]])
        0.75
    """
    left, right = _counted(truth, estimate)
    said = right.sum(axis=1)
    return float(np.mean(np.divide((left & right).sum(axis=1), said, out=np.zeros(len(said)), where=said > 0)))


def set_recall(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the mean over the items of the share of the true groups that the estimate has, in [0, 1].

    Arguments and errors are those of `set_precision`.

    Example:
        >>> set_recall([[1, 1], [0, 1]], [[1, 0], [0, 1]])
        0.75
    """
    left, right = _counted(truth, estimate)
    return float(np.mean((left & right).sum(axis=1) / left.sum(axis=1)))


def set_f1(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the harmonic mean of `set_precision` and `set_recall`, in [0, 1].

    Example:
        >>> set_f1([[1, 0], [0, 1]], [[1, 0], [0, 1]])
        1.0
    """
    precision, recall = set_precision(truth, estimate), set_recall(truth, estimate)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def wheel_f1(truth: Labels, estimate: Labels, *, level: int = 1, wheels: Iterable[Wheel] | None = None) -> float:
    """Return the F of sets of words, averaged over wheels, in [0, 1].

    Args:
        truth: The true words of each item.
        estimate: The words that were said of each item.
        level: 1 for the inner rings of the wheels, 2 for the outer ones.
        wheels: By default all of `WHEELS`.

    Raises:
        OptionError: The numbers of items differ, there is no such level, or a wheel holds no true word.

    Example:
        >>> wheel_f1([{"furious"}, {"chuffed"}], [{"livid"}, {"delighted"}], level=2)
        1.0
    """
    chosen = list(WHEELS.values()) if wheels is None else list(wheels)
    return float(np.mean([set_f1(*group_flags(truth, estimate, on=each, level=level)) for each in chosen]))


def open_vocabulary_score(truth: Labels, estimate: Labels) -> float:
    """Return the mean of `wheel_f1` over both levels, in [0, 1].

    Example:
        >>> open_vocabulary_score([{"gloomy"}], [{"gloomy"}])
        1.0
    """
    return float(np.mean([wheel_f1(truth, estimate, level=level) for level in LEVELS]))


def group_flags(
    truth: Labels, estimate: Labels, *, on: Wheel, level: int
) -> tuple[Bool[np.ndarray, "items groups"], Bool[np.ndarray, "items groups"]]:
    """Return which groups of a wheel each item has, in truth and in the estimate: what bootstrap intervals draw from.

    Raises:
        OptionError: The numbers of items differ, or there is no such level.
    """
    if len(truth) != len(estimate):
        raise OptionError(f"truth has {len(truth)} items and estimate {len(estimate)}; both need the same")
    sides = [[_groups_of(item, on, level) for item in side] for side in (truth, estimate)]
    names = sorted({group for side in sides for item in side for group in item}) or ["none"]
    tables = [np.array([[name in item for name in names] for item in side], dtype=bool) for side in sides]
    return tables[0], tables[1]


def _groups_of(labels: Collection[str], on: Wheel, level: int) -> frozenset[str]:
    if isinstance(labels, str):
        raise OptionError(f"an item is the word {labels!r}; allowed: a set or list of words for each item")
    return frozenset().union(*(groups(label, on, level) for label in labels))


def _counted(
    truth: ArrayLike, estimate: ArrayLike
) -> tuple[Bool[np.ndarray, "items groups"], Bool[np.ndarray, "items groups"]]:
    """Return the items that have a true group."""
    left, right = flags(truth, estimate)
    there = left.any(axis=1)
    if not there.any():
        raise OptionError("no item has a true group; a set metric needs one item at least whose truth is known")
    return left[there], right[there]
