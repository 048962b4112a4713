"""Where faces are: found, told from their doubles, calmed, and followed between two searches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from mien.perceive.face.align import align, box_to_crop, points_to_crop, usable
from mien.perceive.face.stream import Crop
from mien.types import Image

__all__ = ["Finder", "Found", "Place", "area", "crop_face", "distinct", "follow"]

Box = tuple[float, float, float, float]

INSIDE = 0.6
"""Part of the smaller of two boxes that may lie in the other; more, and the less sure one is a double."""

CALM, LIVELY = 0.4, 0.12
"""Least part that a new place counts against the one before, and the move in face sizes from which it counts wholly:
boxes tremble more than heads, but heads that do move are followed at once."""

WINDOW, WINDOW_SIZE = 2.2, 128
"""Side of the window in which a face is followed, in face sizes, and in pixels as it is searched."""

REACH = 0.5
"""How far a followed face may be from where it was, in face sizes."""


@runtime_checkable
class Found(Protocol):
    """A found face."""

    @property
    def box(self) -> Box:
        """Left, top, right, bottom in pixels."""
        ...

    @property
    def score(self) -> float:
        """How sure the finder is, in [0, 1]."""
        ...

    @property
    def points(self) -> Float[np.ndarray, "5 2"]:
        """Right eye, left eye, nose, right and left corner of the mouth, in pixels."""
        ...


@runtime_checkable
class Finder(Protocol):
    """Finds faces in a picture."""

    def find(self, image: Image, *, size: int | None = None) -> Sequence[Found]:
        """Return the faces of a picture, searched at ``size`` pixels on its longer side."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a face is: box and five points in pixels."""

    box: Box
    points: Float[np.ndarray, "5 2"]

    @classmethod
    def of(cls, face: Found) -> Place:
        """Return the place of a found face."""
        return cls(face.box, np.asarray(face.points, dtype=np.float64))

    def moved(self, across: float, down: float) -> Place:
        """Return the place moved by some pixels."""
        left, top, right, bottom = self.box
        box = (left + across, top + down, right + across, bottom + down)
        return Place(box, self.points + np.array([across, down]))

    def calmed(self, before: Place) -> Place:
        """Return the place, drawn towards the one before unless the face moved far."""
        part = min(max(apart(self.box, before.box) / LIVELY, CALM), 1.0)
        old, new = np.array(before.box), np.array(self.box)
        left, top, right, bottom = (float(side) for side in part * new + (1 - part) * old)
        return Place((left, top, right, bottom), part * self.points + (1 - part) * before.points)


def crop_face(image: Image, place: Found | Place) -> Crop:
    """Return the aligned grey crop of a face."""
    points = np.asarray(place.points, dtype=np.float64)
    matrix = points_to_crop(points) if usable(points, place.box) else box_to_crop(place.box)
    return Crop(align(image.pixels, matrix), matrix)


def distinct(faces: Sequence[Found]) -> list[Found]:
    """Return the faces without doubles, the largest first."""
    kept: list[Found] = []
    for face in sorted(faces, key=lambda face: (-face.score, face.box)):
        if all(_inside(face.box, other.box) <= INSIDE for other in kept):
            kept.append(face)
    return sorted(kept, key=lambda face: (-area(face.box), face.box))


def follow(finder: Finder, image: Image, place: Place) -> Place | None:
    """Look for a face in a small window around where it was; return its place, or ``None`` where it is not seen."""
    window, left, top = _window(image, place.box)
    near = [Place.of(face).moved(left, top) for face in finder.find(window, size=WINDOW_SIZE)]
    near = [one for one in near if apart(one.box, place.box) < REACH]
    return min(near, key=lambda one: apart(one.box, place.box)).calmed(place) if near else None


def area(box: Box) -> float:
    """Return the area of a box in square pixels."""
    return float(max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0))


def apart(one: Box, other: Box) -> float:
    """Return the distance of two box centres in sizes of the second."""
    across = (one[0] + one[2] - other[0] - other[2]) / 2
    down = (one[1] + one[3] - other[1] - other[3]) / 2
    return math.hypot(across, down) / max(math.sqrt(area(other)), 1.0)


def _inside(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0.0) * max(high, 0.0) / max(min(area(one), area(other)), 1e-9)


def _window(image: Image, box: Box) -> tuple[Image, int, int]:
    """Return the surroundings of a box, and their left and top."""
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half = WINDOW / 2 * max(box[2] - box[0], box[3] - box[1], 8.0)
    left = int(min(max(across - half, 0), image.width - 1))
    top = int(min(max(down - half, 0), image.height - 1))
    right, bottom = max(left + 1, int(across + half)), max(top + 1, int(down + half))
    return Image(image.pixels[top:bottom, left:right]), left, top
