"""Rays and light: trace the figure with a camera, colour what is hit, lay it over a room out of focus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates, minimum_filter
from tools.examples.head.body import Body, make_body
from tools.examples.head.maps import HAIR, bump
from tools.examples.head.pose import Pose

Array = NDArray[np.float32]
Picture = NDArray[np.uint8]
Distance = Callable[[Array], Array]
COARSE = 6
KEY = np.array([-0.55, 0.55, 0.80], np.float32) / np.float32(1.116)
FILL = np.array([0.80, 0.10, 0.60], np.float32) / np.float32(1.005)
RIM = np.array([0.75, 0.45, -0.60], np.float32) / np.float32(1.061)


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera in front of the figure.

    Attributes:
        width, height: size of the picture in pixels.
        tall: height of the view at the head, in decimetres.
        away: distance from the head, in decimetres.
        up: height of the view's middle, in decimetres above the eyes.
        oversample: rays per pixel edge.
    """

    width: int = 640
    height: int = 360
    tall: float = 4.0
    away: float = 10.0
    up: float = -0.35
    oversample: float = 1.5

    def size(self) -> tuple[int, int]:
        """Return rows and columns of the rays."""
        return round(self.height * self.oversample), round(self.width * self.oversample)

    def rays(self) -> tuple[Array, Array]:
        """Return the origin (3,) and the directions (rows, columns, 3) of unit length."""
        rows, columns = self.size()
        scale = self.tall / rows
        y = ((rows - 1) / 2 - np.arange(rows, dtype=np.float32)) * scale
        x = (np.arange(columns, dtype=np.float32) - (columns - 1) / 2) * scale
        grid = np.stack([*np.meshgrid(x, y), np.full((rows, columns), -self.away, np.float32)], axis=-1)
        grid /= np.linalg.norm(grid, axis=-1, keepdims=True)
        return np.array([0.0, self.up, self.away], np.float32), grid.astype(np.float32)


def render(pose: Pose, camera: Camera, *, rows: int = 540) -> Picture:
    """Draw a pose: (height, width, 3), 8 bit."""
    body = make_body(pose, rows=rows)
    origin, rays = camera.rays()
    flat = rays.reshape(-1, 3)
    start = _start(body, origin, rays, camera)
    far, hit = trace(body.distance, origin, flat, start, camera.away + 1.6)
    canvas = _room(camera).reshape(-1, 3).copy()
    points = origin + flat[hit] * far[hit, None]
    canvas[hit] = shade(body, points, -flat[hit])
    return _develop(canvas.reshape(*rays.shape), camera)


def _start(body: Body, origin: Array, rays: Array, camera: Camera) -> Array:
    """Where each ray (n,) can start: a coarse trace of every sixth ray, less a margin for what lies between them."""
    coarse = rays[::COARSE, ::COARSE]
    nearest, farthest = camera.away - 1.6, camera.away + 1.6
    begin = np.full(coarse.shape[0] * coarse.shape[1], nearest, np.float32)
    far, hit = trace(body.distance, origin, coarse.reshape(-1, 3), begin, farthest)
    depth = np.where(hit, far - 0.20, farthest).reshape(coarse.shape[:2])
    grown = minimum_filter(depth, size=3)
    rows, columns = rays.shape[:2]
    return np.repeat(np.repeat(grown, COARSE, axis=0), COARSE, axis=1)[:rows, :columns].reshape(-1).astype(np.float32)


def trace(distance: Distance, origin: Array, rays: Array, start: Array, far: float) -> tuple[Array, NDArray[np.bool_]]:
    """Walk along the rays (n, 3) from start (n,); return how far (n,) and whether (n,) each hits before `far`."""
    walked = start.copy()
    hit = np.zeros(len(rays), bool)
    live = np.flatnonzero(walked < far)
    for _ in range(60):
        gap = distance(origin + rays[live] * walked[live, None])
        done = gap < 0.003
        hit[live[done]] = True
        walked[live] += np.where(done, 0.0, gap * 0.68).astype(np.float32)
        live = live[~done & (walked[live] < far)]
        if len(live) == 0:
            break
    hit[live] = True
    return walked, hit


def shade(body: Body, points: Array, view: Array) -> Array:
    """Return the linear colours (n, 3) of points (n, 3) seen from directions (n, 3)."""
    normal = _normals(body.distance, points)
    parts = np.stack(body.parts(points))
    owner = np.argmin(parts, axis=0)
    colour, gloss, power = _material(body, points, normal, owner)
    shadow = _shadow(body.distance, points + normal * 0.02)
    hidden = _hidden(body.distance, points, normal)
    lit = colour * _diffuse(normal, shadow, hidden, owner == 0)
    half = KEY + view
    half /= np.linalg.norm(half, axis=1, keepdims=True)
    shine = np.clip(np.einsum("ij,ij->i", normal, half), 0.0, 1.0) ** power * gloss * shadow
    edge = (1.0 - np.clip(np.einsum("ij,ij->i", normal, view), 0.0, 1.0)) ** 3 * np.clip(normal @ RIM, 0.0, 1.0)
    return np.asarray(lit + (0.22 * shine + 0.45 * edge * hidden)[:, None], np.float32)


def _normals(distance: Distance, points: Array) -> Array:
    """Slopes of the distance on the corners of a small tetrahedron."""
    corners = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], np.float32)
    normal = np.zeros_like(points)
    for corner in corners:
        normal += corner * distance(points + corner * 0.004)[:, None]
    return np.asarray(normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9))


def _material(body: Body, points: Array, normal: Array, owner: NDArray[np.intp]) -> tuple[Array, Array, Array]:
    p = body.to_head(points)
    row, column = body.maps.index(p[:, 0], p[:, 1])
    places = np.stack([row, column])
    skin = np.stack(
        [map_coordinates(body.maps.colour[..., c], places, order=1, mode="nearest") for c in range(3)], axis=1
    )
    gloss = map_coordinates(body.maps.gloss, places, order=1, mode="nearest")
    ears = bump(p[:, 0], p[:, 1], (0.80, -0.12), (0.10, 0.3))
    skin = skin * (1.0 + ears[:, None] * np.array([0.05, -0.18, -0.18], np.float32))
    hair = np.array(HAIR, np.float32) * (1.0 + 0.3 * normal[:, 1:2])
    shirt = np.full_like(skin, 1.0) * np.array([0.035, 0.065, 0.105], np.float32)
    which = owner[:, None]
    colour = np.where(which == 0, skin, np.where(which == 1, hair, shirt))
    shine = np.where(owner == 0, gloss, np.where(owner == 1, 0.35, 0.02))
    power = np.where(owner == 0, np.where(gloss > 1.5, 90.0, 18.0), np.where(owner == 1, 22.0, 6.0))
    return colour.astype(np.float32), shine.astype(np.float32), power.astype(np.float32)


def _diffuse(normal: Array, shadow: Array, hidden: Array, skin: NDArray[np.bool_]) -> Array:
    """Light that goes into skin comes out a little further on, red furthest: each channel wraps around its own way."""
    wrap = np.where(skin[:, None], np.array([0.34, 0.17, 0.12], np.float32), np.float32(0.1))
    facing = (normal @ KEY)[:, None]
    key = np.clip((facing + wrap) / (1.0 + wrap), 0.0, 1.0) ** 1.2
    soft = shadow[:, None] ** np.array([0.75, 1.0, 1.1], np.float32)
    fill = np.clip(0.5 + 0.5 * (normal @ FILL), 0.0, 1.0)[:, None] * np.array([0.30, 0.34, 0.40], np.float32)
    sky = (0.5 + 0.5 * normal[:, 1:2]) * np.array([0.30, 0.31, 0.34], np.float32) + np.float32(0.10)
    return np.asarray(key * soft * np.array([1.75, 1.62, 1.45], np.float32) + (fill + sky) * hidden[:, None])


def _shadow(distance: Distance, points: Array) -> Array:
    light = np.ones(len(points), np.float32)
    walked = np.full(len(points), 0.03, np.float32)
    for _ in range(11):
        gap = distance(points + KEY * walked[:, None])
        light = np.minimum(light, np.clip(0.5 + 0.5 * gap / (0.14 * walked + 0.01), 0.0, 1.0))
        walked = walked + np.clip(gap, 0.04, 0.30)
    return np.asarray(light * light * (3.0 - 2.0 * light), np.float32)


def _hidden(distance: Distance, points: Array, normal: Array) -> Array:
    """How open the surroundings of each point are, 0 to 1."""
    closed = np.zeros(len(points), np.float32)
    for reach, weight in ((0.03, 5.0), (0.09, 2.2), (0.22, 0.9)):
        closed += weight * np.clip(reach - distance(points + normal * reach), 0.0, reach)
    return np.asarray(np.clip(1.0 - 1.1 * closed, 0.12, 1.0), np.float32)


def _room(camera: Camera) -> Array:
    """A room out of focus: a wall, a window and a lamp; the same for every picture of one size."""
    rows, columns = camera.size()
    y, x = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, columns / rows, columns), indexing="ij")
    wall = np.stack([0.20 - 0.08 * y, 0.19 - 0.08 * y, 0.17 - 0.06 * y], axis=-1)
    window = (np.abs(x - 0.28) < 0.17) & (np.abs(y - 0.30) < 0.24)
    wall[window] = (0.75, 0.85, 0.95)
    wall[(np.abs(x - 1.50) < 0.13) & (np.abs(y - 0.72) < 0.33)] = (0.10, 0.06, 0.035)
    wall[((x - 1.45) ** 2 + (y - 0.25) ** 2) < 0.006] = (1.5, 1.0, 0.5)
    soft = [gaussian_filter(wall[..., c], rows * 0.035) for c in range(3)]
    return np.stack(soft, axis=-1).astype(np.float32)


def _develop(canvas: Array, camera: Camera) -> Picture:
    """From linear light to 8 bit: shrink, roll off the highlights, bend for the screen, add a little grain."""
    exposed = 1.0 - np.exp(-1.35 * np.maximum(canvas, 0.0))
    encoded = np.clip(exposed * 1.12, 0.0, 1.0) ** (1 / 2.2)
    picture = Image.fromarray(np.round(encoded * 255).astype(np.uint8))
    small = np.asarray(picture.resize((camera.width, camera.height), Image.Resampling.LANCZOS), np.float32)
    grain = gaussian_filter(np.random.default_rng(9).normal(0, 2.2, small.shape[:2]), 0.6)
    return np.clip(np.round(small + grain[..., None]), 0, 255).astype(np.uint8)
