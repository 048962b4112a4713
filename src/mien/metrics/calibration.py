"""Whether probabilities mean what they say. Lower is better in every metric here.

References:
    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger (2017). On calibration of modern neural networks. ICML, 1321-1330.
    G. W. Brier (1950). Verification of forecasts expressed in terms of probability. Monthly Weather Review 78(1), 1-3.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from mien.errors import OptionError
from mien.metrics.validation import flags, pair, probabilities

__all__ = ["brier", "confidence_ece", "ece", "multilabel_brier", "multilabel_ece", "nll"]


def ece(truth: ArrayLike, probs: ArrayLike, *, n_bins: int = 15) -> float:
    """Return the expected calibration error of the top label, in [0, 1].

    Args:
        truth: Shape ``(items,)``, the place of the true label.
        probs: Shape ``(items, labels)``, rows that add up to one.
        n_bins: Bins of equal width over [0, 1].

    Example:
        >>> ece([0, 0], [[1.0, 0.0], [1.0, 0.0]])
        0.0
    """
    places, table = probabilities(truth, probs)
    return confidence_ece(table.argmax(axis=1) == places, table.max(axis=1), n_bins=n_bins)


def confidence_ece(right: ArrayLike, confidence: ArrayLike, *, n_bins: int = 15) -> float:
    """Return the mean gap between confidence and share of right answers over bins, weighed by their size.

    Args:
        right: Shape ``(items,)``, whether each answer was right.
        confidence: Shape ``(items,)`` in [0, 1].
        n_bins: Bins of equal width, upper bound in.

    Raises:
        OptionError: A confidence leaves [0, 1], or there is no bin.
    """
    hits, sure = pair(right, confidence)
    if n_bins < 1 or not (sure.min() >= 0 and sure.max() <= 1 + 1e-9):
        raise OptionError(f"confidence must lie in [0, 1] and n_bins be positive; given {n_bins} bins, {sure.max()}")
    place = np.clip(np.ceil(sure * n_bins).astype(np.int64) - 1, 0, n_bins - 1)
    gap = np.bincount(place, weights=hits - sure.astype(np.float64), minlength=n_bins)
    return float(np.abs(gap).sum() / len(sure))


def multilabel_ece(truth: ArrayLike, probs: ArrayLike, *, n_bins: int = 15) -> float:
    """Return the expected calibration error over all cells of a table of independent probabilities."""
    _, table = pair(truth, probs, axes=2)
    hits, _ = flags(truth, np.zeros_like(table, dtype=bool))
    return confidence_ece(hits.ravel(), table.ravel(), n_bins=n_bins)


def brier(truth: ArrayLike, probs: ArrayLike) -> float:
    """Return the mean squared distance of the probabilities from the truth, in [0, 2].

    Example:
        >>> brier([0], [[1.0, 0.0]])
        0.0
    """
    places, table = probabilities(truth, probs)
    hits = np.zeros_like(table)
    hits[np.arange(len(places)), places] = 1
    return float(np.mean(np.sum((table - hits) ** 2, axis=1)))


def multilabel_brier(truth: ArrayLike, probs: ArrayLike) -> float:
    """Return the mean squared distance of each cell of a table of independent probabilities, in [0, 1]."""
    _, table = pair(truth, probs, axes=2)
    hits, _ = flags(truth, np.zeros_like(table, dtype=bool))
    return float(np.mean((table.astype(np.float64) - hits) ** 2))


def nll(truth: ArrayLike, probs: ArrayLike, *, floor: float = 1e-12) -> float:
    """Return the mean negative log-likelihood of the true labels, in nats.

    Example:
        >>> nll([0], [[1.0, 0.0]])
        0.0
    """
    places, table = probabilities(truth, probs)
    true: Float[np.ndarray, "items"] = np.clip(table[np.arange(len(places)), places], floor, 1.0)
    return float(-np.log(true).mean()) + 0.0
