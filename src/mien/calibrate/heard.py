"""Confidence in an answer that knows how much was heard before it was given: early answers are right less often.

The chance of being right is a logistic function of the log odds of the top label and of the log of the seconds heard.

References:
    J. Platt (1999). Probabilistic outputs for support vector machines and comparisons to regularized likelihood
    methods. In: Advances in Large Margin Classifiers, 61-74 (a logistic function fitted on held-out answers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from mien.calibrate.checks import series
from mien.errors import OptionError

__all__ = ["HeardConfidence", "fit"]

FLOOR = 1e-6
PRIOR = np.array([1.0, 0.0, 0.0])
"""The top label's own probability: what is believed before anything was fitted, and where a fit begins."""
STRENGTH = 1.0
"""How much that belief weighs against the answers, about as much as a few of them; it keeps a fit finite."""
ROUNDS = 50
SETTLED = 1e-8


@dataclass(frozen=True, slots=True)
class HeardConfidence:
    """A map from the probability of the top label and the seconds heard to the chance that the label is right.

    Args:
        slope: Weight of the log odds of the top label.
        offset: What is added whatever was heard.
        weight: Weight of the natural log of the seconds heard.
        least: Seconds below which less makes no further difference; positive. The fit heard nothing shorter.
        most: Seconds above which more makes no further difference. The fit heard nothing longer.

    Raises:
        OptionError: A value is not finite, or the bounds are out of order.
    """

    slope: float
    offset: float
    weight: float
    least: float
    most: float

    def __post_init__(self) -> None:
        if not np.isfinite([self.slope, self.offset, self.weight, self.most]).all():
            raise OptionError(f"a confidence by what was heard needs finite values; given {self.to_dict()}")
        if not 0 < self.least <= self.most:
            raise OptionError(f"seconds heard from {self.least} to {self.most} were given; allowed: 0 < least <= most")

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> HeardConfidence:
        """Take the values from a card.

        Raises:
            OptionError: A value is missing, unknown or out of range.
        """
        known = {item.name for item in fields(cls)}
        if set(options) != known:
            raise OptionError(
                f"a confidence by what was heard has the keys {sorted(options)}; it must have {sorted(known)}"
            )
        return cls(**{name: float(value) for name, value in options.items()})

    def confidence(self, top: ArrayLike, seconds: ArrayLike) -> Float[np.ndarray, "*items"]:
        """Return the chance that each answer is right.

        Args:
            top: Probability of the top label, in [0, 1].
            seconds: Seconds heard, as many as probabilities.
        """
        heard = np.clip(np.asarray(seconds, dtype=np.float64), self.least, self.most)
        odds = self.slope * _log_odds(np.asarray(top, dtype=np.float64)) + self.offset + self.weight * np.log(heard)
        return _sigmoid(odds)

    def to_dict(self) -> dict[str, float]:
        """Return the map as a card holds it."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def fit(top: ArrayLike, seconds: ArrayLike, right: ArrayLike) -> HeardConfidence:
    """Return the map with the greatest likelihood on held-out answers.

    Args:
        top: Probability of the top label of each answer, shape ``(answers,)``.
        seconds: How much had been heard, in seconds, shape ``(answers,)``; positive.
        right: Whether the top label was right, shape ``(answers,)``.

    Raises:
        OptionError: The shapes differ, nothing is given, a value is not finite, or no time had passed.

    Example:
        >>> found = fit([0.6] * 8, [1, 1, 1, 1, 4, 4, 4, 4], [1, 0, 0, 0, 1, 1, 1, 0])
        >>> found.weight > 0
        True
    """
    shares, heard, hits = series(top, seconds, right)
    if heard.min() <= 0:
        raise OptionError(f"an answer after {heard.min()} s was given; the seconds heard must be positive")
    inputs = np.stack([_log_odds(shares), np.ones_like(shares), np.log(heard)], axis=1)
    slope, offset, weight = (float(value) for value in _most_likely(inputs, hits))
    return HeardConfidence(slope, offset, weight, float(heard.min()), float(heard.max()))


def _most_likely(inputs: Float[np.ndarray, "answers 3"], hits: Float[np.ndarray, "answers"]) -> np.ndarray:
    """Return the weights by Newton's method; a step that overshoots is halved until it helps."""

    def loss(weights: np.ndarray) -> float:
        odds = inputs @ weights
        return float(np.sum(np.logaddexp(0, odds) - hits * odds) + STRENGTH / 2 * np.sum((weights - PRIOR) ** 2))

    weights = PRIOR
    for _ in range(ROUNDS):
        probs = _sigmoid(inputs @ weights)
        slope = inputs.T @ (hits - probs) - STRENGTH * (weights - PRIOR)
        curvature = inputs.T @ (inputs * (probs * (1 - probs))[:, None]) + STRENGTH * np.eye(len(PRIOR))
        step = np.linalg.solve(curvature, slope)
        while loss(weights + step) > loss(weights) and np.abs(step).max() > SETTLED:
            step = step / 2
        weights = weights + step
        if np.abs(step).max() <= SETTLED:
            break
    return weights


def _log_odds(shares: Float[np.ndarray, "*items"]) -> Float[np.ndarray, "*items"]:
    safe = np.clip(shares, FLOOR, 1 - FLOOR)
    odds: Float[np.ndarray, "*items"] = np.log(safe / (1 - safe))
    return odds


def _sigmoid(odds: Float[np.ndarray, "*items"]) -> Float[np.ndarray, "*items"]:
    chance: Float[np.ndarray, "*items"] = 0.5 * (1 + np.tanh(odds / 2))
    return chance
