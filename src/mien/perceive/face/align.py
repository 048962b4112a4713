"""Grey 48 x 48 crops of faces, turned and scaled so that eyes and mouth lie where the expression model expects them.

Points and boxes are in pixels from the top left corner of the picture, so that the middle of the first pixel is at
(0.5, 0.5). Only the part of the picture under the crop is touched.
"""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, UInt8

__all__ = ["SIDE", "TEMPLATE", "align", "box_to_crop", "points_to_crop", "usable"]

SIDE = 48
"""Height and width of a crop, in pixels."""

TEMPLATE: Float[np.ndarray, "5 2"] = np.array(
    [(15.25, 19.1), (32.75, 19.1), (24.0, 29.6), (16.7, 37.1), (31.3, 37.1)], dtype=np.float64
)
"""Where the five points lie in a crop: the right eye, left eye, nose, right and left corner of the mouth, as named by
the person. They are the median places in the training pictures of FER2013, made symmetric."""

FACE_SHARE = 40.0 / SIDE
"""Width of a face box as a part of the crop's width, in the same pictures."""

GREY = np.array([77, 150, 29], dtype=np.uint16)
"""Weights of red, green and blue in 256ths (ITU-R BT.601); they add up to 256, so that grey stays as it is."""


def points_to_crop(points: Float[np.ndarray, "5 2"]) -> Float[np.ndarray, "2 3"]:
    """Return the matrix that maps places in the crop to places in the picture, by least squares over the five points.

    Only shift, scale and turn are fitted, so the face keeps its shape.

    References:
        S. Umeyama (1991). Least-squares estimation of transformation parameters between two point patterns. IEEE
        PAMI 13(4), 376-380; in the plane, it is one complex factor.
    """
    ours = TEMPLATE[:, 0] + 1j * TEMPLATE[:, 1]
    theirs = points[:, 0].astype(np.float64) + 1j * points[:, 1]
    centred = ours - ours.mean()
    factor = complex((np.conj(centred) * (theirs - theirs.mean())).sum() / (np.abs(centred) ** 2).sum())
    shift = complex(theirs.mean() - factor * ours.mean())
    return np.array([[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]])


def box_to_crop(box: tuple[float, float, float, float], *, whole: bool = False) -> Float[np.ndarray, "2 3"]:
    """Return the matrix that maps places in the crop to places in the picture, for a box without points.

    Args:
        box: Left, top, right, bottom in pixels.
        whole: The box already is the crop (its longer side fills it), not the tight outline of a face.
    """
    left, top, right, bottom = box
    side = max(right - left, bottom - top, 1.0)
    scale = side / SIDE if whole else max(right - left, 1.0) / (FACE_SHARE * SIDE)
    across, down = (left + right) / 2 - scale * SIDE / 2, (top + bottom) / 2 - scale * SIDE / 2
    return np.array([[scale, 0.0, across], [0.0, scale, down]])


def usable(points: Float[np.ndarray, "5 2"], box: tuple[float, float, float, float]) -> bool:
    """Return whether five points can stand for a face: all known, and neither heaped up nor far outside the box."""
    if not np.all(np.isfinite(points)):
        return False
    factor = points_to_crop(points)[:, 0]
    share = math.hypot(*factor) * SIDE / max(box[2] - box[0], box[3] - box[1], 1e-6)
    return 0.4 < share < 2.5


def align(pixels: UInt8[np.ndarray, "height width 3"], matrix: Float[np.ndarray, "2 3"]) -> UInt8[np.ndarray, "48 48"]:
    """Cut the crop out of a picture; places outside repeat the nearest edge.

    A crop that is smaller than its part of the picture is averaged down first, so that nothing flickers.
    """
    step = max(1, int(math.hypot(matrix[0, 0], matrix[1, 0])))
    part, left, top = _part(pixels, matrix, step)
    small = _shrink(_grey(part), step)
    middle = np.arange(SIDE) + 0.5
    across = matrix[0, 0] * middle[None, :] + matrix[0, 1] * middle[:, None] + matrix[0, 2]
    down = matrix[1, 0] * middle[None, :] + matrix[1, 1] * middle[:, None] + matrix[1, 2]
    return _sample(small, (across - left) / step - 0.5, (down - top) / step - 0.5)


def _part(
    pixels: UInt8[np.ndarray, "height width 3"], matrix: Float[np.ndarray, "2 3"], step: int
) -> tuple[UInt8[np.ndarray, "rows columns 3"], int, int]:
    """Return the part of the picture under the crop, with a margin, and its left and top."""
    height, width = pixels.shape[:2]
    corners = matrix @ np.array([[0, SIDE, 0, SIDE], [0, 0, SIDE, SIDE], [1, 1, 1, 1]], dtype=np.float64)
    left, top = (int(np.floor(np.clip(edge, -1e9, 1e9))) - step for edge in corners.min(axis=1))
    right, bottom = (int(np.ceil(np.clip(edge, -1e9, 1e9))) + step for edge in corners.max(axis=1))
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    right, bottom = max(min(right, width), left + 1), max(min(bottom, height), top + 1)
    return pixels[top:bottom, left:right], left, top


def _grey(part: UInt8[np.ndarray, "rows columns 3"]) -> UInt8[np.ndarray, "rows columns"]:
    red, green, blue = part[..., 0], part[..., 1], part[..., 2]
    mixed = red * GREY[0] + green * GREY[1] + blue * GREY[2]
    return np.asarray(mixed >> 8, dtype=np.uint8)


def _shrink(grey: UInt8[np.ndarray, "rows columns"], step: int) -> Float[np.ndarray, "fewer less"]:
    """Average blocks of ``step`` x ``step``; the last ones may be smaller."""
    if step == 1:
        return grey.astype(np.float32)
    starts = [np.arange(0, side, step) for side in grey.shape]
    sums = np.add.reduceat(grey, starts[0], axis=0, dtype=np.uint32)
    sums = np.add.reduceat(sums, starts[1], axis=1)
    high, wide = (np.diff(start, append=side) for start, side in zip(starts, grey.shape, strict=True))
    return np.asarray(sums / (high[:, None] * wide[None, :]), dtype=np.float32)


def _sample(
    grey: Float[np.ndarray, "rows columns"], across: Float[np.ndarray, "48 48"], down: Float[np.ndarray, "48 48"]
) -> UInt8[np.ndarray, "48 48"]:
    """Read between pixels, bilinear."""
    rows, columns = grey.shape
    across, down = np.clip(across, 0, columns - 1), np.clip(down, 0, rows - 1)
    column, row = across.astype(np.int64), down.astype(np.int64)
    right, below = np.minimum(column + 1, columns - 1), np.minimum(row + 1, rows - 1)
    over, under = (across - column).astype(np.float32), (down - row).astype(np.float32)
    upper = grey[row, column] * (1 - over) + grey[row, right] * over
    lower = grey[below, column] * (1 - over) + grey[below, right] * over
    return np.asarray(np.rint(upper * (1 - under) + lower * under), dtype=np.uint8)
