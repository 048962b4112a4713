"""Whether what should come first comes first.

References:
    J. A. Hanley and B. J. McNeil (1982). The meaning and use of the area under a receiver operating characteristic
    curve. Radiology 143(1), 29-36.
    C. Spearman (1904). The proof and measurement of association between two things. American Journal of Psychology
    15(1), 72-101.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from mien.errors import OptionError
from mien.metrics.dimensional import pearson
from mien.metrics.validation import values

__all__ = ["auc", "average_precision", "equal_error_rate", "ranks", "spearman"]


def auc(truth: ArrayLike, score: ArrayLike) -> float:
    """Return the chance, in [0, 1], that a true item scores above a false one; ties count half.

    Raises:
        OptionError: The truth holds only true or only false items.

    Example:
        >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        0.75
    """
    hits, scores = _binary(truth, score)
    n_true = hits.sum()
    n_false = len(hits) - n_true
    return float((ranks(scores)[hits].sum() - n_true * (n_true + 1) / 2) / (n_true * n_false))


def average_precision(truth: ArrayLike, score: ArrayLike) -> float:
    """Return the mean over the true items of the precision at their score, in [0, 1].

    Raises:
        OptionError: The truth holds only true or only false items.

    Example:
        >>> average_precision([1, 0], [0.9, 0.1])
        1.0
    """
    hits, scores = _binary(truth, score)
    order = np.argsort(-scores, kind="stable")
    hits, scores = hits[order], scores[order]
    last = np.append(np.diff(scores) != 0, True)
    found, seen = np.cumsum(hits)[last], np.flatnonzero(last) + 1
    return float(np.sum(np.diff(found, prepend=0) * found / seen) / hits.sum())


def equal_error_rate(truth: ArrayLike, score: ArrayLike) -> float:
    """Return the error, in [0, 1], at the threshold where misses are as frequent as false alarms.

    Raises:
        OptionError: The truth holds only true or only false items.

    Example:
        >>> equal_error_rate([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])
        0.0
    """
    hits, scores = _binary(truth, score)
    order = np.argsort(scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)
    below = np.cumsum(hits[order])[last], np.cumsum(~hits[order])[last]
    miss = np.append(0, below[0]) / hits.sum()
    alarm = 1 - np.append(0, below[1]) / (~hits).sum()
    place = int(np.argmin(np.abs(miss - alarm)))
    return float((miss[place] + alarm[place]) / 2)


def spearman(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the correlation of the ranks, in [-1, 1].

    Example:
        >>> spearman([1, 2, 3], [10, 100, 1000])
        1.0
    """
    left, right = values(truth, estimate)
    return pearson(ranks(left), ranks(right))


def ranks(scores: ArrayLike) -> Float[np.ndarray, "items"]:
    """Return the rank of each score from 1; ties share their mean rank.

    Example:
        >>> ranks([3.0, 1.0, 3.0]).tolist()
        [2.5, 1.0, 2.5]
    """
    _, place, count = np.unique(np.asarray(scores), return_inverse=True, return_counts=True)
    mean: Float[np.ndarray, "items"] = (np.cumsum(count) - (count - 1) / 2)[place]
    return mean


def _binary(truth: ArrayLike, score: ArrayLike) -> tuple[np.ndarray, Float[np.ndarray, "items"]]:
    left, scores = values(truth, score)
    hits = left > 0.5
    if hits.all() or not hits.any():
        raise OptionError("a ranking needs both true and false items; all were alike")
    return hits, scores
