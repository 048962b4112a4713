"""A small description of how a person looks in one picture: colours and edges of hair, face and clothes.

It tells persons of one recording apart for a while. It is no biometric template: another jacket makes another
description, and nothing of it leaves the stream.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, UInt8

__all__ = ["SIZE", "describe", "difference"]

ROWS, COLUMNS = 30, 20
"""The grid of places that are looked at."""

ZONES = ((0, 8), (8, 20), (20, 30))
"""Rows of the grid that show hair, face and clothes."""

REACH = (0.25, 0.35, 0.25, 0.75)
"""How far the grid reaches past the face box: left, up, right and down, as parts of the box's width and height."""

LEVELS, TINTS, TURNS = 6, 6, 6
"""Steps of brightness, of each of two tints, and of edge direction."""

SIZE = len(ZONES) * (LEVELS * TINTS * TINTS + TURNS)
"""Length of a description."""


def describe(
    pixels: UInt8[np.ndarray, "height width 3"], box: tuple[float, float, float, float]
) -> Float[np.ndarray, " size"]:
    """Return histograms of colour and edge direction in three zones; the square roots, so that the length is one."""
    patch = _patch(pixels, box)
    bins = _colours(patch)
    edges, strengths = _edges(patch)
    parts: list[np.ndarray] = []
    for first, last in ZONES:
        colour = _soft(np.bincount(bins[first:last].ravel(), minlength=LEVELS * TINTS * TINTS))
        turn = np.bincount(edges[first:last].ravel(), strengths[first:last].ravel(), minlength=TURNS)
        parts += [0.75 * colour / colour.sum(), 0.25 * (turn + 1e-9) / (turn.sum() + TURNS * 1e-9)]
    return np.sqrt(np.concatenate(parts) / len(ZONES))


def difference(one: Float[np.ndarray, " size"], other: Float[np.ndarray, " size"]) -> float:
    """Return how unlike two descriptions are: 0 the same, 1 nothing in common (Hellinger distance)."""
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.sqrt(max(0.0, 1.0 - float(one @ other) / max(lengths, 1e-9))))


def _patch(
    pixels: UInt8[np.ndarray, "height width 3"], box: tuple[float, float, float, float]
) -> Float[np.ndarray, "rows columns 3"]:
    """Look at a grid of places; each is the mean of four, which calms noise."""
    height, width = pixels.shape[:2]
    wide, high = max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0)
    left, right = box[0] - REACH[0] * wide, box[2] + REACH[2] * wide
    top, bottom = box[1] - REACH[1] * high, box[3] + REACH[3] * high
    across = left + (right - left) * (np.arange(2 * COLUMNS) + 0.5) / (2 * COLUMNS)
    down = top + (bottom - top) * (np.arange(2 * ROWS) + 0.5) / (2 * ROWS)
    columns = np.clip(across, 0, width - 1).astype(np.int64)
    rows = np.clip(down, 0, height - 1).astype(np.int64)
    seen = pixels[rows[:, None], columns[None, :]].astype(np.float64)
    return np.asarray(seen.reshape(ROWS, 2, COLUMNS, 2, 3).mean(axis=(1, 3)))


def _colours(patch: Float[np.ndarray, "rows columns 3"]) -> np.ndarray:
    """Return the bin of each place over brightness and two tints that brightness does not move."""
    total = patch.sum(axis=2) + 30.0
    level = np.clip(patch.mean(axis=2) / 256 * LEVELS, 0, LEVELS - 1).astype(np.int64)
    warm = np.clip(((patch[..., 0] - patch[..., 2]) / total + 0.25) / 0.7 * TINTS, 0, TINTS - 1).astype(np.int64)
    green = np.clip(((patch[..., 1] + 10.0) / total - 0.22) / 0.22 * TINTS, 0, TINTS - 1).astype(np.int64)
    return np.asarray((level * TINTS + warm) * TINTS + green)


def _soft(counts: np.ndarray) -> Float[np.ndarray, " bins"]:
    """Give half of each count to the neighbouring bins, so that a little more light changes little."""
    cube = counts.reshape(LEVELS, TINTS, TINTS).astype(np.float64)
    for axis in range(3):
        wide = np.concatenate([cube.take([0], axis), cube, cube.take([-1], axis)], axis)
        inner = np.arange(cube.shape[axis])
        cube = 0.25 * wide.take(inner, axis) + 0.5 * cube + 0.25 * wide.take(inner + 2, axis)
    return cube.ravel()


def _edges(patch: Float[np.ndarray, "rows columns 3"]) -> tuple[np.ndarray, np.ndarray]:
    down, across = np.gradient(patch.mean(axis=2))
    turn = (np.arctan2(down, across) % np.pi) / np.pi * TURNS
    return np.minimum(turn.astype(np.int64), TURNS - 1), np.hypot(down, across)
