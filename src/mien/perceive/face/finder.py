"""Faces in a picture: where they are, how sure it is, and five points on each.

The graph reads a picture in one pass and answers in grids of stride 8, 16 and 32. Very large faces are looked for a
second time in a smaller copy, where they have the size that the network knows best.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float32, UInt8

from mien.dsp import boxes as box
from mien.errors import OptionError
from mien.io.resize import resize
from mien.runtime import Model, ModelInfo, load
from mien.types.signals import Image

__all__ = ["Face", "FaceFinder", "decode"]

MULTIPLE = 32
"""Sides of what the graph reads are multiples of its largest stride."""

GREY = 128
"""Fills what letterboxing adds: the value that the network's input centres on."""

MOST = 300
"""Candidates of one look that are kept, the best first; more than any picture holds faces."""

LEAST_LOOK = 96
"""A further look at a copy smaller than this, on its longer side, is left out."""

MUCH_SMALLER = 0.6
"""A further look must be at most this share of the first, else it would show the same faces at the same size."""

LARGEST = 4096
"""Longest side that a picture may be scaled to."""

Board = tuple[UInt8[np.ndarray, "height width 3"], Float32[np.ndarray, " axes"]]
"""Pixels as the graph reads them, and the factors across and down from the picture to them."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A face in a picture.

    Attributes:
        box: x0, y0, x1, y1 in pixels of the picture, from chin to brow and ear to ear; may reach past the edge.
        score: How sure it is that this is a face, on [0, 1].
        points: ``(5, 2)`` x, y in pixels: the person's right eye, left eye, nose tip, right and left mouth corner.
    """

    box: tuple[float, float, float, float]
    score: float
    points: Float32[np.ndarray, "5 2"]


class FaceFinder:
    """Finds faces with a model folder such as ``face-finder``.

    Args:
        model: The model, or its name.
        threshold: Score from which a face counts; the card's own by default.

    Raises:
        UnknownNameError: No model goes by the name.
        OptionError: The threshold is not in (0, 1).
    """

    def __init__(self, model: Model | str = "face-finder", *, threshold: float | None = None) -> None:
        self._model = load(model) if isinstance(model, str) else model
        options = self._model.info.options
        self.threshold = float(options["threshold"] if threshold is None else threshold)
        if not 0 < self.threshold < 1:
            raise OptionError(f"a threshold of {self.threshold} was given; allowed: between 0 and 1")
        self._options = options

    @property
    def info(self) -> ModelInfo:
        """The card of the model."""
        return self._model.info

    def find(self, image: Image, *, size: int | None = None) -> list[Face]:
        """Find the faces of one picture, the surest first.

        Args:
            image: The picture, of any size.
            size: Longer side in pixels that the picture is scaled to; the card's own (640) by default. Small pictures
                are enlarged by no more than the card allows.

        Raises:
            OptionError: The size is below 32 or above 4096.
        """
        return self.find_batch([image], size=size)[0]

    def find_batch(self, images: Sequence[Image], *, size: int | None = None) -> list[list[Face]]:
        """Find the faces of several pictures; pictures of one size are read together.

        Raises:
            OptionError: The size is below 32 or above 4096.
        """
        size = int(self._options["size"] if size is None else size)
        if not MULTIPLE <= size <= LARGEST:
            raise OptionError(f"a size of {size} was given; allowed: {MULTIPLE} to {LARGEST}")
        found: list[list[Float32[np.ndarray, "n 15"]]] = [[] for _ in images]
        groups: defaultdict[tuple[int, ...], list[tuple[int, Board]]] = defaultdict(list)
        for index, image in enumerate(images):
            for side in self._sides(image, size):
                board = letterbox(image, side, enlarge=float(self._options["enlarge"]))
                groups[board[0].shape].append((index, board))
        for boards in groups.values():
            for (index, _), rows in zip(boards, self._read([board for _, board in boards]), strict=True):
                found[index].append(rows)
        return [self._merge(np.concatenate(parts)) for parts in found]

    def _sides(self, image: Image, size: int) -> list[int]:
        """Longer sides of the copies to look at: the first, and others where they are much smaller but not tiny."""
        shares = [round(size * share) for share in self._options["looks"]]
        least = min(shares[0], float(self._options["enlarge"]) * max(image.width, image.height))
        return [shares[0], *(side for side in shares[1:] if LEAST_LOOK <= side <= MUCH_SMALLER * least)]

    def _read(self, boards: Sequence[Board]) -> Iterator[Float32[np.ndarray, "n 15"]]:
        """Read boards of one shape together; give what was found on each in pixels of its picture."""
        grids = self._model.run("finder", {"pixels": np.stack([pixels for pixels, _ in boards])})
        for place, (_, scale) in enumerate(boards):
            rows = decode([grid[place] for grid in grids], self.threshold)
            rows[:, 1:] /= np.tile(scale, 7)
            yield rows

    def _merge(self, rows: Float32[np.ndarray, "n 15"]) -> list[Face]:
        kept = box.suppress(rows[:, 1:5], rows[:, 0], overlap=float(self._options["overlap"]))
        return [_face(rows[index]) for index in kept]


def letterbox(image: Image, size: int, *, enlarge: float) -> Board:
    """Scale a picture so that its longer side is ``size``, then pad right and below to multiples of 32.

    Args:
        image: The picture.
        size: Longer side in pixels.
        enlarge: Most that a small picture is enlarged by.

    Returns:
        The padded pixels, and the factors across and down from the picture to them.
    """
    scale = min(size / max(image.width, image.height), enlarge)
    wide, high = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    pixels = resize(image, width=wide, height=high).pixels
    board = np.full((_up(high), _up(wide), 3), GREY, np.uint8)
    board[:high, :wide] = pixels
    return board, np.array([wide / image.width, high / image.height], np.float32)


def decode(grids: Sequence[np.ndarray], threshold: float) -> Float32[np.ndarray, "n 15"]:
    """Turn the graph's grids into rows of score, box and points in pixels of what the graph read.

    Args:
        grids: One per stride, ``(15, height / stride, width / stride)``: the score's logit, then shift and log size
            (in units of four strides) of the box, then five points, in strides from the cell's centre.
        threshold: Score below which a cell is left out.
    """
    least = np.log(threshold / (1 - threshold))
    rows = []
    for level, grid in enumerate(grids):
        stride = 8 << level
        down, across = np.nonzero(grid[0] >= least)
        values = grid[:, down, across].T.astype(np.float32)
        centre = (np.stack([across, down], axis=1) + 0.5).astype(np.float32) * stride
        middle = centre + values[:, 1:3] * stride
        half = np.exp(np.minimum(values[:, 3:5], 5)) * (2 * stride)
        points = np.tile(centre, 5) + values[:, 5:] * stride
        score = 1 / (1 + np.exp(-values[:, :1]))
        rows.append(np.concatenate([score, middle - half, middle + half, points], axis=1))
    found = np.concatenate(rows).astype(np.float32)
    return found[np.argsort(-found[:, 0], kind="stable")[:MOST]]


def _face(row: Any) -> Face:
    left, top, right, bottom = (float(value) for value in row[1:5])
    return Face((left, top, right, bottom), float(row[0]), row[5:].reshape(5, 2).copy())


def _up(side: int) -> int:
    return -(-side // MULTIPLE) * MULTIPLE
