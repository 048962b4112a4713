"""A rising staircase from confidence to the share of right answers.

References:
    M. Ayer, H. D. Brunk, G. M. Ewing, W. T. Reid and E. Silverman (1955). An empirical distribution function for
    sampling with incomplete information. Annals of Mathematical Statistics 26(4), 641-647 (pool adjacent violators).
    B. Zadrozny and C. Elkan (2002). Transforming classifier scores into accurate multiclass probability estimates.
    KDD, 694-699.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from mien.calibrate.checks import series
from mien.errors import OptionError
from mien.types.affect import Affect

__all__ = ["Isotonic", "fit"]


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A rising map of confidence, straight between its points and flat outside.

    Args:
        scores: Confidence before, rising.
        shares: Confidence after, not falling, in [0, 1].

    Raises:
        OptionError: The lengths differ, or an order is broken.
    """

    scores: tuple[float, ...]
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.scores or len(self.scores) != len(self.shares):
            raise OptionError(
                f"an isotonic map has {len(self.scores)} scores and {len(self.shares)} shares; give as many"
            )
        if np.any(np.diff(self.scores) <= 0) or np.any(np.diff(self.shares) < 0):
            raise OptionError("an isotonic map needs rising scores and shares that do not fall")

    def __call__(self, affect: Affect) -> Affect:
        """Return the affect with calibrated confidence; without one, that of its top category is taken."""
        confidence = affect.confidence
        if confidence is None and affect.categories is not None:
            confidence = affect.categories.top[1]
        if confidence is None:
            return affect
        return replace(affect, confidence=float(np.clip(self.confidence([confidence])[0], 0, 1)))

    def confidence(self, scores: ArrayLike) -> Float[np.ndarray, "items"]:
        """Return calibrated confidence, shape ``(items,)``."""
        found: Float[np.ndarray, "items"] = np.interp(np.asarray(scores, dtype=np.float64), self.scores, self.shares)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the map as a card holds it."""
        return {"method": "isotonic", "scores": list(self.scores), "shares": list(self.shares)}


def fit(scores: ArrayLike, right: ArrayLike) -> Isotonic:
    """Return the rising map with the least squared error on held-out items.

    Args:
        scores: Shape ``(items,)``, confidence before.
        right: Shape ``(items,)``, whether the answer was right.

    Raises:
        OptionError: The shapes differ, nothing is given, or a value is not finite.

    Example:
        >>> fit([0.1, 0.2, 0.8, 0.9], [0, 1, 0, 1]).shares
        (0.0, 0.5, 0.5, 1.0)
    """
    given, hits = series(scores, right)
    known, place, count = np.unique(given, return_inverse=True, return_counts=True)
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many distinct scores
    for mean, weight in zip(np.bincount(place, weights=hits) / count, count, strict=True):
        block = (float(mean), float(weight), 1)
        while blocks and blocks[-1][0] >= block[0]:
            block = _pool(blocks.pop(), block)
        blocks.append(block)
    shares = np.repeat([block[0] for block in blocks], [block[2] for block in blocks])
    return _corners(known, shares)


def _pool(left: tuple[float, float, int], right: tuple[float, float, int]) -> tuple[float, float, int]:
    weight = left[1] + right[1]
    return (left[0] * left[1] + right[0] * right[1]) / weight, weight, left[2] + right[2]


def _corners(scores: Float[np.ndarray, "points"], shares: Float[np.ndarray, "points"]) -> Isotonic:
    """Keep the ends of each flat stretch; what lies between is on a straight line."""
    same = np.diff(shares) == 0
    inside = np.append(False, same) & np.append(same, False)
    return Isotonic(tuple(scores[~inside].tolist()), tuple(shares[~inside].tolist()))
