"""A painted world: persons are blocks of their own colours, and a finder that knows those colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mien.perceive.face.align import TEMPLATE
from mien.types import Affect, Distribution, Frame, Image
from mien.types.taxonomies import FERPLUS8

WIDTH, HEIGHT = 320, 180


@dataclass(frozen=True)
class Body:
    skin: tuple[int, int, int]
    clothes: tuple[int, int, int]
    size: int = 40


ANN = Body((200, 130, 100), (30, 40, 170))
BEN = Body((140, 90, 70), (190, 170, 30))


@dataclass(frozen=True)
class Seen:
    box: tuple[float, float, float, float]
    score: float
    points: np.ndarray


@dataclass
class Eye:
    """Finds painted faces by colour, whatever part of the picture it is shown."""

    bodies: Sequence[Body] = (ANN, BEN)
    sizes: list[int | None] = field(default_factory=list)

    def find(self, image: Image, *, size: int | None = None) -> list[Seen]:
        self.sizes.append(size)
        found = []
        for body in self.bodies:
            mask = np.all(image.pixels == np.array(body.skin, np.uint8), axis=2)
            if mask.sum() < 0.6 * body.size**2:
                continue
            rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
            left, top = float(columns[0]), float(rows[0])
            right, bottom = float(columns[-1] + 1), float(rows[-1] + 1)
            points = np.array([left, top]) + TEMPLATE / 48 * np.array([right - left, bottom - top])
            found.append(Seen((left, top, right, bottom), 0.9, points))
        return found


@dataclass
class Glance:
    """Reads the mean grey of a crop as an expression, and counts what it was given."""

    batches: list[int] = field(default_factory=list)
    info: Any = field(default_factory=lambda: SimpleNamespace(options={}, name="glance", version="1"))
    taxonomy = FERPLUS8

    def probabilities(self, crops: np.ndarray, *, once: bool = False) -> np.ndarray:
        self.batches.append(len(crops))
        share = crops.reshape(len(crops), -1).mean(axis=1) / 255
        rows = np.zeros((len(crops), 8))
        rows[:, 0], rows[:, 1] = share, 1 - share
        return rows

    def affect(self, probs: np.ndarray) -> Affect:
        return Affect(Distribution(FERPLUS8, probs / probs.sum()), confidence=float(probs.max()))


def paint(*people: tuple[Body, float, float]) -> Image:
    """Paint bodies at left, top; the later stand in front."""
    pixels = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    for body, left, top in people:
        x, y, size = round(left), round(top), body.size
        pixels[y + size : min(y + 3 * size, HEIGHT), max(x - size // 2, 0) : max(x + size * 3 // 2, 0)] = body.clothes
        pixels[max(y, 0) : y + size, max(x, 0) : max(x + size, 0)] = body.skin
    return Image(pixels)


def film(scene: Any, seconds: float, rate: float = 10.0) -> Iterator[Frame]:
    for index in range(round(seconds * rate)):
        yield Frame(scene(index / rate), index / rate)


@pytest.fixture
def world() -> SimpleNamespace:
    return SimpleNamespace(ANN=ANN, BEN=BEN, Body=Body, Eye=Eye, Glance=Glance, paint=paint, film=film)
