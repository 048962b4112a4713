"""One number that makes probabilities softer or sharper, without changing which label comes first.

References:
    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger (2017). On calibration of modern neural networks. ICML, 1321-1330.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from mien.errors import OptionError
from mien.types.affect import Affect, Distribution

__all__ = ["Temperature", "fit"]

FLOOR = 1e-7
LOG_BOUNDS = (-3.0, 3.0)
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True, slots=True)
class Temperature:
    """A temperature: above 1 softens, below 1 sharpens.

    Args:
        temperature: What the log-odds are divided by.

    Raises:
        OptionError: The temperature is not positive.
    """

    temperature: float

    def __post_init__(self) -> None:
        if not 0 < self.temperature < float("inf"):
            raise OptionError(f"a temperature of {self.temperature} was given; it must be positive")

    def __call__(self, affect: Affect) -> Affect:
        """Return the affect with calibrated categories; its confidence becomes the top probability."""
        if affect.categories is None:
            return affect
        taxonomy = affect.categories.taxonomy
        probs = self.probs(affect.categories.probs[None], exclusive=taxonomy.exclusive)[0]
        categories = Distribution(taxonomy, probs)
        return replace(affect, categories=categories, confidence=categories.top[1])

    def probs(self, probs: ArrayLike, *, exclusive: bool = True) -> Float[np.ndarray, "items labels"]:
        """Return calibrated probabilities, shape ``(items, labels)``.

        Args:
            probs: Shape ``(items, labels)``.
            exclusive: Whether rows add up to one; otherwise each cell is a probability of its own.
        """
        return self.logits(_log_odds(np.asarray(probs, dtype=np.float64), exclusive), exclusive=exclusive)

    def logits(self, logits: ArrayLike, *, exclusive: bool = True) -> Float[np.ndarray, "items labels"]:
        """Return the probabilities of a network's outputs, shape ``(items, labels)``."""
        cooled = np.asarray(logits, dtype=np.float64) / self.temperature
        if not exclusive:
            sigmoid: Float[np.ndarray, "items labels"] = 0.5 * (1 + np.tanh(cooled / 2))
            return sigmoid
        grown = np.exp(cooled - cooled.max(axis=1, keepdims=True))
        softmax: Float[np.ndarray, "items labels"] = grown / grown.sum(axis=1, keepdims=True)
        return softmax

    def to_dict(self) -> dict[str, Any]:
        """Return the map as a card holds it."""
        return {"method": "temperature", "temperature": self.temperature}


def fit(logits: ArrayLike, truth: ArrayLike, *, exclusive: bool = True) -> Temperature:
    """Return the temperature with the least negative log-likelihood on held-out items.

    Args:
        logits: Shape ``(items, labels)``, a network's outputs before softmax or sigmoid.
        truth: Where one label holds, its place, shape ``(items,)``, or the share of each label (raters' votes), shape
            ``(items, labels)``; otherwise yes and no, shape ``(items, labels)``.
        exclusive: Whether one label holds.

    Raises:
        OptionError: The shapes do not fit, or a value is not finite.

    Example:
        >>> fit([[4.0, 0.0], [4.0, 0.0], [4.0, 0.0], [4.0, 0.0]], [0, 0, 0, 1]).temperature > 3
        True
    """
    table, target = np.asarray(logits, dtype=np.float64), np.asarray(truth)
    if table.ndim != 2 or not len(table) or target.shape not in (table.shape[:1], table.shape):
        raise OptionError(f"logits have the shape {table.shape} and truth {target.shape}; their items must agree")
    if not np.isfinite(table).all():
        raise OptionError("logits must be finite; a NaN or an infinite value was given")
    if target.ndim == 1:
        target = np.eye(table.shape[1])[target]

    def loss(log_temperature: float) -> float:
        probs = np.clip(
            Temperature(float(np.exp(log_temperature))).logits(table, exclusive=exclusive), FLOOR, 1 - FLOOR
        )
        against = 0.0 if exclusive else (1 - target) * np.log1p(-probs)
        return -float(np.sum(target * np.log(probs) + against))

    return Temperature(float(np.exp(_least(loss))))


def _least(loss: Callable[[float], float]) -> float:
    """Return where a function with one valley is least, by golden section."""
    low, high = LOG_BOUNDS
    inner, outer = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_inner, at_outer = loss(inner), loss(outer)
    while high - low > 1e-4:
        if at_inner < at_outer:
            high, outer, at_outer = outer, inner, at_inner
            inner = high - GOLDEN * (high - low)
            at_inner = loss(inner)
        else:
            low, inner, at_inner = inner, outer, at_outer
            outer = low + GOLDEN * (high - low)
            at_outer = loss(outer)
    return (low + high) / 2


def _log_odds(probs: Float[np.ndarray, "items labels"], exclusive: bool) -> Float[np.ndarray, "items labels"]:
    safe = np.clip(probs, FLOOR, 1 - FLOOR)
    odds: Float[np.ndarray, "items labels"] = np.log(safe) if exclusive else np.log(safe) - np.log1p(-safe)
    return odds
