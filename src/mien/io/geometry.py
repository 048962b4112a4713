"""How decoded pictures become upright ones with square pixels, not larger than wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import UInt8

__all__ = ["Geometry"]

WIDEST_PIXEL = 4.0
"""Pixel aspect ratios past this (or below its inverse) are damage."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """The way from a stored picture to the shown one.

    Args:
        width: Stored width in pixels.
        height: Stored height in pixels.
        pixel_aspect: Width of one stored pixel over its height.
        matrix: The display matrix ``(a, b, c, d)``: right is ``x' = a x + c y``, down is ``y' = b x + d y``.
    """

    width: int
    height: int
    pixel_aspect: float = 1.0
    matrix: tuple[int, int, int, int] = (1, 0, 0, 1)

    @classmethod
    def of(cls, frame: Any, stream: Any) -> Geometry:
        """Return the geometry of a decoded libav frame."""
        ratio = stream.codec_context.sample_aspect_ratio or stream.sample_aspect_ratio
        aspect = float(ratio) if ratio else 1.0
        if not 1 / WIDEST_PIXEL <= aspect <= WIDEST_PIXEL:
            aspect = 1.0
        return cls(frame.width, frame.height, aspect, _matrix(frame))

    @property
    def turned(self) -> bool:
        """Whether width and height change places."""
        a, b, c, d = self.matrix
        return abs(b) + abs(c) > abs(a) + abs(d)

    @property
    def rotation(self) -> int:
        """Quarter turns counter-clockwise that show the picture upright, in degrees; mirroring left out."""
        a, b, _, _ = self.matrix
        if self.turned:
            return 90 if b < 0 else 270
        return 180 if a < 0 else 0

    @property
    def square(self) -> tuple[int, int]:
        """Stored width and height with square pixels."""
        return max(1, round(self.width * self.pixel_aspect)), self.height

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height as shown."""
        width, height = self.square
        return (height, width) if self.turned else (width, height)

    def fitted(self, max_side: int | None) -> tuple[int, int]:
        """Return stored width and height with square pixels and no side longer than ``max_side``."""
        width, height = self.square
        scale = min(1.0, (max_side or max(width, height)) / max(width, height))
        return max(1, round(width * scale)), max(1, round(height * scale))

    def upright(self, pixels: UInt8[np.ndarray, "rows columns 3"]) -> UInt8[np.ndarray, "height width 3"]:
        """Return the pixels turned and mirrored as they are to be shown."""
        a, b, c, d = self.matrix
        right, down = (c, b) if self.turned else (a, d)
        shown = pixels.transpose(1, 0, 2) if self.turned else pixels
        shown = shown[:: -1 if down < 0 else 1, :: -1 if right < 0 else 1]
        return np.ascontiguousarray(shown)


def _matrix(frame: Any) -> tuple[int, int, int, int]:
    """The display matrix, as a and b, c and d of its 16.16 fixed-point form; the identity where there is none."""
    for data in frame.side_data:
        if data.type.name == "DISPLAYMATRIX":
            found = np.frombuffer(bytes(data), np.int32)
            if found.size == 9 and found[[0, 1, 3, 4]].any():
                return int(found[0]), int(found[1]), int(found[3]), int(found[4])
    return 1, 0, 0, 1
