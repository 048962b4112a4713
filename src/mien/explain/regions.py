"""Which parts of a face an answer rests on: each is covered in turn, and what changes is measured.

References:
    M. D. Zeiler and R. Fergus (2014). Visualizing and understanding convolutional networks. ECCV, 818-833 (occlusion).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float, UInt8

from mien.perceive.face import Crop, Reader
from mien.types import Evidence

__all__ = ["REGIONS", "region_evidence"]

REGIONS: Mapping[str, tuple[int, int, int, int]] = {
    "forehead": (8, 0, 40, 9),
    "brows": (7, 9, 41, 16),
    "eyes": (7, 16, 41, 23),
    "nose": (19, 21, 29, 33),
    "right cheek": (4, 23, 18, 34),
    "left cheek": (30, 23, 44, 34),
    "mouth": (12, 33, 36, 43),
    "chin": (12, 43, 36, 48),
}
"""Left, top, right and bottom of each part in an aligned crop; right and left are the person's own."""

LEAST = 0.05
"""Smallest change of probability that is worth telling."""


def region_evidence(reader: Reader, crops: Sequence[Crop], *, most: int = 3) -> list[tuple[Evidence, ...]]:
    """Return for each face the parts whose covering changes the probability of its label most.

    A part is covered with its own mean grey. The weight is how much the probability falls without it; a negative
    weight says that the part speaks for something else.

    Args:
        reader: What reads the faces.
        crops: The faces.
        most: How many parts to tell at most.
    """
    if not crops:
        return []
    seen = np.stack([version for crop in crops for version in (crop.pixels, *_covered(crop.pixels))])
    table = reader.probabilities(seen).reshape(len(crops), 1 + len(REGIONS), len(reader.taxonomy))
    return [_evidence(rows, crop, reader.taxonomy.labels, most) for rows, crop in zip(table, crops, strict=True)]


def _covered(face: UInt8[np.ndarray, "48 48"]) -> list[UInt8[np.ndarray, "48 48"]]:
    versions = []
    for left, top, right, bottom in REGIONS.values():
        version = face.copy()
        version[top:bottom, left:right] = round(float(face[top:bottom, left:right].mean()))
        versions.append(version)
    return versions


def _evidence(
    rows: Float[np.ndarray, "version label"], crop: Crop, labels: Sequence[str], most: int
) -> tuple[Evidence, ...]:
    top = int(rows[0].argmax())
    whole, parts = float(rows[0, top]), rows[1:, top]
    ordered = sorted(zip(REGIONS, parts.tolist(), strict=True), key=lambda pair: -abs(whole - pair[1]))
    told = [(name, left) for name, left in ordered if abs(whole - left) >= LEAST][:most]
    return tuple(
        Evidence(
            "region",
            whole - left,
            region=_place(REGIONS[name], crop.matrix),
            note=f"{name}: without it {labels[top]} goes from {whole:.2f} to {left:.2f}",
        )
        for name, left in told
    )


def _place(region: tuple[int, int, int, int], matrix: Float[np.ndarray, "2 3"]) -> tuple[float, float, float, float]:
    """Return the box around a part in pixels of the picture."""
    left, top, right, bottom = region
    corners = matrix @ np.array(
        [[left, right, left, right], [top, top, bottom, bottom], [1, 1, 1, 1]], dtype=np.float64
    )
    (x0, y0), (x1, y1) = corners.min(axis=1), corners.max(axis=1)
    return float(x0), float(y0), float(x1), float(y1)
