"""What a model says of the parts of an item, and of the item as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

__all__ = ["Reading"]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the heads of a model say of n parts of one item, such as passages of a text or segments of a recording.

    Args:
        probs: Shape ``(n, labels)``, calibrated probabilities; no columns where the model knows no labels.
        means: Shape ``(n, dimensions)`` on [-1, 1]; no columns where the model rates nothing.
        stds: Shape ``(n, dimensions)``, their standard deviations.
        others: What each further head says, shape ``(n, labels)`` in [0, 1].
    """

    probs: Float64[np.ndarray, "n labels"]
    means: Float64[np.ndarray, "n dimensions"]
    stds: Float64[np.ndarray, "n dimensions"]
    others: tuple[np.ndarray, ...] = ()

    def pool(self, rows: Sequence[int], weights: Sequence[float]) -> Reading:
        """Return one reading for several parts: their weighted mean, with the spread of their mixture."""
        chosen = list(rows)
        if len(chosen) == 1:
            alone = tuple(table[chosen] for table in self.others)
            return Reading(self.probs[chosen], self.means[chosen], self.stds[chosen], alone)
        share = np.asarray(weights, dtype=np.float64)
        share = share / share.sum()
        mean = share @ self.means[chosen]
        square = share @ (self.stds[chosen] ** 2 + self.means[chosen] ** 2)
        std = np.sqrt(np.maximum(square - mean**2, 0))
        others = tuple((share @ table[chosen])[None] for table in self.others)
        return Reading((share @ self.probs[chosen])[None], mean[None], std[None], others)
