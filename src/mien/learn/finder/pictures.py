"""Training pictures of the face finder: crops, mosaics and distortions made anew at every step.

Faces of one corpus size become faces of every network size: a face is chosen, its size on the canvas is drawn, and the
picture is laid down so that it comes out at that size. Quarters of a mosaic come from different pictures.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from mien.datasets.photos import Photo
from mien.dsp import boxes as box

MIRRORED = (1, 0, 2, 4, 3)
"""Order of the five points after a mirror: left and right change places."""

SMALLEST = 14.0
"""Faces whose longer side comes out below this many pixels give no loss."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture and its faces.

    Attributes:
        image: RGB picture.
        boxes: ``(n, 4)`` in pixels.
        ignore: ``(n,)`` true where a face gives no loss.
        points: ``(n, 5, 2)`` in pixels, ``nan`` where unknown.
    """

    image: Image.Image
    boxes: np.ndarray
    ignore: np.ndarray
    points: np.ndarray


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a picture goes on the canvas.

    Attributes:
        window: x0, y0, x1, y1 of the part of the canvas it may cover.
        scale: Factors from picture to canvas, across and down.
        shift: Canvas place of the picture's corner.
        mirror: True to swap left and right of the picture first.
    """

    window: tuple[int, int, int, int]
    scale: tuple[float, float]
    shift: tuple[float, float]
    mirror: bool


def decode(photo: Photo) -> Picture:
    """Decode a photo; a face that only people marked becomes a region without loss."""
    image = Image.open(io.BytesIO(photo.data)).convert("RGB")
    near = box.overlaps(photo.people, photo.boxes).max(axis=1, initial=0.0)
    extra = photo.people[near < 0.3]
    return Picture(
        image,
        np.concatenate([photo.boxes, extra]),
        np.concatenate([photo.ignore, np.ones(len(extra), bool)]),
        np.concatenate([photo.points, np.full((len(extra), 5, 2), np.nan, np.float32)]),
    )


class Studio:
    """Makes training samples from decoded pictures.

    Args:
        pictures: Decoded pictures.
        largest: Longest face side drawn, as a share of the canvas.
        mosaic: Share of samples laid out from four pictures.
        empty: Share of placements that take a picture without faces.
    """

    def __init__(self, pictures: Sequence[Picture], *, largest: float, mosaic: float, empty: float) -> None:
        self.pictures = list(pictures)
        self.largest, self.mosaic, self.empty = largest, mosaic, empty
        counted = np.array([bool((~picture.ignore).any()) for picture in self.pictures])
        self.with_faces = np.flatnonzero(counted)
        self.without = np.flatnonzero(~counted)
        self.weights = np.full(len(self.without), 1 / max(len(self.without), 1))

    def sample(self, rng: np.random.Generator, size: int) -> Picture:
        """Make one square sample with ``size`` pixels a side."""
        canvas = Image.new("RGB", (size, size), tuple(int(v) for v in rng.integers(0, 256, 3)))
        made = [self._lay(canvas, window, rng) for window in self._windows(rng, size)]
        sample = Picture(
            canvas,
            np.concatenate([one.boxes for one in made]),
            np.concatenate([one.ignore for one in made]),
            np.concatenate([one.points for one in made]),
        )
        if rng.random() < 0.3:
            sample = turn(sample, float(rng.normal(0, 15)))
        return replace(sample, image=distort(sample.image, rng))

    def _windows(self, rng: np.random.Generator, size: int) -> list[tuple[int, int, int, int]]:
        if rng.random() >= self.mosaic:
            return [(0, 0, size, size)]
        x, y = (int(v) for v in rng.integers(int(size * 0.3), int(size * 0.7), 2))
        return [(0, 0, x, y), (x, 0, size, y), (0, y, x, size), (x, y, size, size)]

    def _lay(self, canvas: Image.Image, window: tuple[int, int, int, int], rng: np.random.Generator) -> Picture:
        if rng.random() < self.empty:
            picture = self.pictures[rng.choice(self.without, p=self.weights)]
            return paste(canvas, picture, self._anywhere(picture, window, rng))
        picture = self.pictures[rng.choice(self.with_faces)]
        frame = self._around(picture, window, rng)
        if window == (0, 0, *canvas.size) and min(frame.scale) * max(picture.image.size) < 0.8 * canvas.width:
            back = self.pictures[rng.choice(self.without)]
            paste(canvas, back, self._anywhere(back, window, rng))
        return paste(canvas, picture, frame)

    def _around(self, picture: Picture, window: tuple[int, int, int, int], rng: np.random.Generator) -> Frame:
        face = picture.boxes[rng.choice(np.flatnonzero(~picture.ignore))]
        side = max(window[2] - window[0], window[3] - window[1])
        wanted = np.exp(rng.uniform(np.log(SMALLEST + 3), np.log(max(self.largest * side, SMALLEST + 5))))
        scale = min(wanted / max(face[2] - face[0], face[3] - face[1]), 4.0)
        stretch = np.exp(rng.normal(0, 0.08))
        scales = (float(scale * stretch), float(scale / stretch))
        mirror = bool(rng.random() < 0.5)
        centre = (face[:2] + face[2:]) / 2
        if mirror:
            centre = np.array([picture.image.width - centre[0], centre[1]])
        spot = rng.uniform((window[0], window[1]), (window[2], window[3]))
        spot = 0.85 * spot + 0.15 * np.array([window[0] + window[2], window[1] + window[3]]) / 2
        shift = tuple(float(v) for v in spot - centre * np.array(scales))
        return Frame(window, scales, (shift[0], shift[1]), mirror)

    def _anywhere(self, picture: Picture, window: tuple[int, int, int, int], rng: np.random.Generator) -> Frame:
        wide, high = picture.image.size
        room = np.array([window[2] - window[0], window[3] - window[1]])
        least = float(max(room / np.array([wide, high])))
        scale = least * float(np.exp(rng.uniform(0, np.log(3.0))))
        slack = room - scale * np.array([wide, high])
        shift = np.array(window[:2]) + slack * rng.random(2)
        return Frame(window, (scale, scale), (float(shift[0]), float(shift[1])), bool(rng.random() < 0.5))


def paste(canvas: Image.Image, picture: Picture, frame: Frame) -> Picture:
    """Lay a picture onto the canvas and return it with its faces in canvas pixels."""
    picture = mirrored(picture) if frame.mirror else picture
    (sx, sy), (dx, dy) = frame.scale, frame.shift
    wide, high = picture.image.size
    x0, y0 = max(frame.window[0], round(dx)), max(frame.window[1], round(dy))
    x1, y1 = min(frame.window[2], round(dx + wide * sx)), min(frame.window[3], round(dy + high * sy))
    if x1 <= x0 or y1 <= y0:
        return replace(picture, boxes=picture.boxes[:0], ignore=picture.ignore[:0], points=picture.points[:0])
    source = np.array([(x0 - dx) / sx, (y0 - dy) / sy, (x1 - dx) / sx, (y1 - dy) / sy])
    source = np.clip(source, 0, [wide, high, wide, high])
    part = picture.image.resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR, box=tuple(source))
    canvas.paste(part, (x0, y0))
    factor, offset = np.array([sx, sy], np.float32), np.array([dx, dy], np.float32)
    boxes = picture.boxes * np.tile(factor, 2) + np.tile(offset, 2)
    return judge(replace(picture, boxes=boxes, points=picture.points * factor + offset), (x0, y0, x1, y1))


def judge(picture: Picture, window: tuple[int, int, int, int]) -> Picture:
    """Drop faces outside the window; set faces half outside, or too small, to ignore."""
    seen = box.coverage(picture.boxes, np.array([window], np.float32))[:, 0]
    sides = (picture.boxes[:, 2:] - picture.boxes[:, :2]).max(axis=1, initial=0.0)
    ignore = picture.ignore | (seen < 0.55) | (sides < SMALLEST)
    keep = seen > 0.05
    return replace(picture, boxes=picture.boxes[keep], ignore=ignore[keep], points=picture.points[keep])


def mirrored(picture: Picture) -> Picture:
    """The picture as in a mirror, its left and right points swapped."""
    wide = picture.image.width
    boxes = picture.boxes.copy()
    boxes[:, [0, 2]] = wide - boxes[:, [2, 0]]
    points = picture.points[:, list(MIRRORED)].copy()
    points[..., 0] = wide - points[..., 0]
    image = picture.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return replace(picture, image=image, boxes=boxes, points=points)


def turn(picture: Picture, degrees: float) -> Picture:
    """Turn the picture about its centre; a face's box becomes the extent of its turned ellipse."""
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array([[cos, -sin], [sin, cos]], np.float32)
    centre = np.array(picture.image.size, np.float32) / 2
    half = (picture.boxes[:, 2:] - picture.boxes[:, :2]) / 2
    middle = (picture.boxes[:, :2] + half - centre) @ matrix + centre
    half = np.sqrt((half * cos) ** 2 + (half[:, ::-1] * sin) ** 2)
    image = picture.image.rotate(degrees, Image.Resampling.BILINEAR)
    boxes = np.concatenate([middle - half, middle + half], axis=1).astype(np.float32)
    points = (picture.points - centre) @ matrix + centre
    return judge(replace(picture, image=image, boxes=boxes, points=points), (0, 0, *picture.image.size))


def distort(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Change light, colour, sharpness and compression as cameras and networks do."""
    image = _light(image, rng)
    draw = rng.random(4)
    if draw[0] < 0.15:
        image = image.convert("L").convert("RGB")
    if draw[1] < 0.15:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 1.6))))
    if draw[2] < 0.1:
        noise = rng.normal(0, rng.uniform(3, 14), (image.height, image.width, 1))
        image = Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))
    if draw[3] < 0.15:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=int(rng.integers(25, 80)))
        image = Image.open(buffer).convert("RGB")
    return image


def _light(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    ramp = np.arange(256) / 255
    gamma, contrast, level = np.exp(rng.normal(0, 0.3)), np.exp(rng.normal(0, 0.2)), rng.normal(0, 0.08)
    tints = 1 + rng.normal(0, 0.07, 3)
    curve = (ramp**gamma - 0.5) * contrast + 0.5 + level
    table = np.clip(np.stack([curve * tint for tint in tints]) * 255, 0, 255).astype(np.uint8)
    return image.point(table.ravel().tolist())
