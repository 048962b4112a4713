"""How far a score could be off by the luck of the sample.

References:
    B. Efron and R. Tibshirani (1993). An Introduction to the Bootstrap. Chapman and Hall (percentile interval).
    P. Koehn (2004). Statistical significance tests for machine translation evaluation. EMNLP, 388-395 (paired).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int
from numpy.typing import ArrayLike, NDArray

from mien.errors import OptionError

__all__ = ["Interval", "Metric", "difference", "interval", "mean_interval"]

Metric = Callable[[Any, Any], float]
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A score with the bounds between which it lies for 95 of 100 samples."""

    value: float
    low: float
    high: float


def interval(
    metric: Metric,
    truth: ArrayLike,
    estimate: ArrayLike,
    *,
    seed: int = 0,
    n: int = 1000,
    groups: ArrayLike | None = None,
) -> Interval:
    """Return a score and its percentile bootstrap interval.

    Args:
        metric: Maps truth and estimate to a number.
        truth: One row an item.
        estimate: One row an item.
        seed: Seed of the resampling.
        n: How many samples are drawn.
        groups: One name an item, such as the speaker: whole groups are drawn instead of items.

    Raises:
        OptionError: The lengths differ, or an option is out of range.

    Example:
        >>> from mien.metrics.categorical import accuracy
        >>> interval(accuracy, [0, 1, 1], [0, 1, 1])
        Interval(value=1.0, low=1.0, high=1.0)
    """
    left, right = _rows(truth, estimate)
    scores = [_score(metric, left, right, draw) for draw in _draws(len(left), seed=seed, n=n, groups=groups)]
    return _bounds(float(metric(left, right)), [score for score in scores if score is not None])


def difference(
    metric: Metric,
    truth: ArrayLike,
    estimates: tuple[ArrayLike, ArrayLike],
    *,
    seed: int = 0,
    n: int = 1000,
    groups: ArrayLike | None = None,
) -> Interval:
    """Return how much higher the second estimate scores than the first, on the same draws of items.

    An interval that leaves out 0 is a difference that the luck of the sample does not explain. Options are those of
    `interval`.

    Raises:
        OptionError: The lengths differ, or an option is out of range.
    """
    sides = [_rows(truth, estimate) for estimate in estimates]
    gains = []
    for draw in _draws(len(sides[0][0]), seed=seed, n=n, groups=groups):
        before, after = (_score(metric, left, right, draw) for left, right in sides)
        if before is not None and after is not None:
            gains.append(after - before)
    before, after = (float(metric(left, right)) for left, right in sides)
    return _bounds(after - before, gains)


def mean_interval(
    metric: Metric, parts: Sequence[tuple[ArrayLike, ArrayLike]], *, seed: int = 0, n: int = 1000
) -> Interval:
    """Return the mean of the scores of several parts, each part counting the same, and its bootstrap interval.

    The items are drawn anew within each part, so that the interval speaks of the same parts: the mean over languages
    stays one over the same languages.

    Args:
        metric: Maps truth and estimate to a number.
        parts: Truth and estimate of each part, one row an item.
        seed: Seed of the resampling.
        n: How many samples are drawn.

    Raises:
        OptionError: There is no part, the lengths in a part differ, or an option is out of range.

    Example:
        >>> from mien.metrics.categorical import accuracy
        >>> mean_interval(accuracy, [([0, 1], [0, 1]), ([0, 0], [1, 1])])
        Interval(value=0.5, low=0.5, high=0.5)
    """
    if not parts:
        raise OptionError("a mean over no parts was asked for; give truth and estimate of one or more")
    sides = [_rows(truth, estimate) for truth, estimate in parts]
    scores = [
        [_score(metric, left, right, draw) for draw in _draws(len(left), seed=seed + place, n=n, groups=None)]
        for place, (left, right) in enumerate(sides)
    ]
    whole = [row for row in zip(*scores, strict=True) if None not in row]
    return _bounds(_mean([metric(left, right) for left, right in sides]), [_mean(row) for row in whole])


def _mean(scores: Sequence[float | None]) -> float:
    return float(np.mean([score for score in scores if score is not None]))


def _rows(truth: ArrayLike, estimate: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    left, right = np.asarray(truth), np.asarray(estimate)
    if left.ndim == 0 or right.ndim == 0 or len(left) != len(right) or not len(left):
        raise OptionError(f"truth has the shape {left.shape} and estimate {right.shape}; both need the same items")
    if left.dtype.kind not in "US":
        return left, right
    # Words are slow to compare a thousand times, and no metric of words looks at their letters.
    _, places = np.unique(np.concatenate([left.ravel(), right.ravel()]), return_inverse=True)
    return places[: left.size].reshape(left.shape), places[left.size :].reshape(right.shape)


def _draws(n_items: int, *, seed: int, n: int, groups: ArrayLike | None) -> Iterator[Int[np.ndarray, "drawn"]]:
    if n < 1:
        raise OptionError(f"a bootstrap of {n} samples was asked for; allowed: 1 or more")
    rng = np.random.default_rng(seed)
    if groups is None:
        yield from (rng.integers(n_items, size=n_items) for _ in range(n))
        return
    _, place = np.unique(np.asarray(groups), return_inverse=True)
    if place.shape != (n_items,):
        raise OptionError(f"groups has the shape {place.shape}; allowed: ({n_items},), one name an item")
    members = [np.flatnonzero(place == group) for group in range(place.max() + 1)]
    for _ in range(n):
        yield np.concatenate([members[group] for group in rng.integers(len(members), size=len(members))])


def _score(metric: Metric, truth: NDArray[Any], estimate: NDArray[Any], draw: NDArray[Any]) -> float | None:
    """Return the score of one draw, or None where the draw is too uniform for the metric to be defined."""
    try:
        return float(metric(truth[draw], estimate[draw]))
    except OptionError:
        return None


def _bounds(value: float, scores: list[float]) -> Interval:
    if not scores:
        raise OptionError("the metric is defined on none of the bootstrap samples; give more items")
    low, high = np.quantile(scores, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))
