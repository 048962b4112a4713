"""What a model is worth where it may keep silent: errors among the answers of which it is surest.

References:
    R. El-Yaniv and Y. Wiener (2010). On the foundations of noise-free selective classification. Journal of Machine
    Learning Research 11, 1605-1641 (risk and coverage).
    Y. Geifman, G. Uziel and R. El-Yaniv (2019). Bias-reduced uncertainty estimation for deep neural classifiers. ICLR
    (area under the curve).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from mien.errors import OptionError
from mien.metrics.validation import values

__all__ = ["area_under_risk_coverage", "risk_coverage", "selective_accuracy"]


def risk_coverage(
    right: ArrayLike, confidence: ArrayLike
) -> tuple[Float[np.ndarray, "items"], Float[np.ndarray, "items"]]:
    """Return coverage and risk: the share of the items that are answered, surest first, and the errors among them.

    Items of one confidence are answered in no order: each counts as their mean.

    Args:
        right: Whether each answer was right, shape ``(items,)``.
        confidence: Higher is surer; only the order matters.

    Raises:
        OptionError: The lengths differ, or a value is not finite.

    Example:
        >>> risk_coverage([1, 0], [0.9, 0.4])[1].tolist()
        [0.0, 0.5]
    """
    hits, sure = values(right, confidence)
    _, place, count = np.unique(-sure, return_inverse=True, return_counts=True)
    wrong = np.bincount(place, weights=1 - (hits > 0.5)) / count
    answered = np.arange(1, len(hits) + 1)
    return answered / len(hits), np.cumsum(np.repeat(wrong, count)) / answered


def area_under_risk_coverage(right: ArrayLike, confidence: ArrayLike) -> float:
    """Return the mean risk over all coverages, in [0, 1]; lower is better.

    Example:
        >>> area_under_risk_coverage([1, 1, 0, 0], [0.9, 0.8, 0.7, 0.6])
        0.20833333333333331
    """
    return float(risk_coverage(right, confidence)[1].mean())


def selective_accuracy(right: ArrayLike, confidence: ArrayLike, *, coverage: float = 0.5) -> float:
    """Return the share of right answers among the surest, in [0, 1].

    Args:
        right: Whether each answer was right, shape ``(items,)``.
        confidence: Higher is surer.
        coverage: Least share of the items that is answered, in (0, 1].

    Raises:
        OptionError: The coverage is out of range, the lengths differ, or a value is not finite.

    Example:
        >>> selective_accuracy([1, 0], [0.9, 0.4], coverage=0.5)
        1.0
    """
    if not 0 < coverage <= 1:
        raise OptionError(f"a coverage of {coverage} was asked for; allowed: above 0, at most 1")
    share, risk = risk_coverage(right, confidence)
    return float(1 - risk[np.searchsorted(share, coverage - 1e-9)])
