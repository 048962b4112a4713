"""Axis-parallel boxes as plain arrays: overlap and the suppression of doubles.

A box is x0, y0, x1, y1. Nothing here knows what is inside the boxes.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int


def areas(boxes: Float[np.ndarray, "n 4"]) -> Float[np.ndarray, " n"]:
    """Area of each box; 0 where a box is turned inside out."""
    sides = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None)
    return np.asarray(sides[:, 0] * sides[:, 1])


def intersections(ones: Float[np.ndarray, "n 4"], others: Float[np.ndarray, "m 4"]) -> Float[np.ndarray, "n m"]:
    """Area that each of the first boxes shares with each of the second."""
    low = np.maximum(ones[:, None, :2], others[None, :, :2])
    high = np.minimum(ones[:, None, 2:], others[None, :, 2:])
    sides = np.clip(high - low, 0, None)
    return np.asarray(sides[..., 0] * sides[..., 1])


def overlaps(ones: Float[np.ndarray, "n 4"], others: Float[np.ndarray, "m 4"]) -> Float[np.ndarray, "n m"]:
    """Intersection over union of each pair, on [0, 1]; 0 where both boxes are empty."""
    shared = intersections(ones, others)
    union = areas(ones)[:, None] + areas(others)[None, :] - shared
    return np.asarray(shared / np.maximum(union, 1e-9))


def coverage(ones: Float[np.ndarray, "n 4"], others: Float[np.ndarray, "m 4"]) -> Float[np.ndarray, "n m"]:
    """Share of each of the first boxes that lies inside each of the second, on [0, 1]."""
    return np.asarray(intersections(ones, others) / np.maximum(areas(ones), 1e-9)[:, None])


def suppress(
    boxes: Float[np.ndarray, "n 4"], scores: Float[np.ndarray, " n"], *, overlap: float
) -> Int[np.ndarray, " kept"]:
    """Keep the best of every group of boxes that overlap (greedy non-maximum suppression).

    Args:
        boxes: Candidates.
        scores: One score per candidate; equal scores keep their order.
        overlap: Intersection over union above which the weaker box goes.

    Returns:
        Indices of the kept boxes, best first.
    """
    order = np.argsort(-scores, kind="stable")
    pairs = overlaps(boxes[order], boxes[order]) > overlap
    alive: Bool[np.ndarray, " n"] = np.ones(len(order), dtype=bool)
    for place in range(len(order)):
        if alive[place]:
            alive[place + 1 :] &= ~pairs[place, place + 1 :]
    return np.asarray(order[alive])
