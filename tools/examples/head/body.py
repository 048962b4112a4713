"""Distance functions of head, ears, hair, neck and shirt, and which of them is nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates
from tools.examples.head.maps import FaceMaps, face_maps, jaw_drop, step
from tools.examples.head.noise import sample, texture
from tools.examples.head.pose import Pose

Array = NDArray[np.float32]
NEAR = 0.10  # textures are only asked for this close to a surface


@dataclass(frozen=True, slots=True)
class Body:
    """One pose of the figure, ready to be asked for distances.

    Attributes:
        pose: the pose.
        maps: maps of the face.
        turn: rotation of the head (3, 3), from head to world.
        place: the head's place in the world (3,), in decimetres.
    """

    pose: Pose
    maps: FaceMaps
    turn: Array
    place: Array

    def to_head(self, points: Array) -> Array:
        """Return world points (n, 3) in the space of the head; it turns about a point in the neck."""
        pivot = np.array([0.0, -0.9, -0.25], np.float32)
        return np.asarray((points - self.place - pivot) @ self.turn + pivot, np.float32)

    def parts(self, points: Array) -> tuple[Array, Array, Array]:
        """Return the distances (n,) of skin, hair and shirt from world points (n, 3)."""
        inside = self.to_head(points)
        skin = _join(self._head(inside), _neck(points - self.place * 0.6), 0.16)
        return skin, _hair(inside), _shirt(points - self.place * 0.3)

    def distance(self, points: Array) -> Array:
        """Return the distance (n,) of the figure from world points (n, 3)."""
        return np.asarray(np.minimum.reduce(self.parts(points)))

    def _head(self, p: Array) -> Array:
        drop = jaw_drop(self.pose)
        skull = _ellipsoid(p, (0.0, 0.25, -0.12), (0.745, 0.87, 0.97))
        jaw = _ellipsoid(p, (0.0, -0.45 - drop * 0.5, 0.12), (0.595, 0.70 + drop * 0.5, 0.69))
        row, column = self.maps.index(p[:, 0], p[:, 1])
        height = map_coordinates(self.maps.height, np.stack([row, column]), order=1, mode="nearest")
        head = _join(skull, jaw, 0.22) - height * step(-0.05, 0.35, p[:, 2])
        return np.asarray(_join(head, _ears(p), 0.04))


def make_body(pose: Pose, *, rows: int = 540) -> Body:
    """Set up the figure in a pose; rows is the height of the face's maps in pixels."""
    yaw, pitch, roll = np.radians([pose.yaw, -pose.pitch, -pose.roll])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    turn = np.asarray(about_y @ about_x @ about_z, np.float32)
    place = np.array([pose.move_x, pose.move_y, 0.0], np.float32)
    return Body(pose, face_maps(pose, rows=rows), turn, place)


def _ellipsoid(p: Array, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Array:
    """First-order distance to an ellipsoid: its implicit function over its slope."""
    scaled = np.square((p - np.asarray(centre, np.float32)) * (1.0 / np.asarray(radii, np.float32)))
    inverse = 1.0 / np.square(np.asarray(radii, np.float32))
    level, slope = np.sqrt(scaled @ np.stack([np.ones_like(inverse), inverse], axis=1)).T
    return np.asarray(level * (level - 1.0) / np.maximum(slope, 1e-6))


def _join(first: Array, second: Array, width: float) -> Array:
    """The nearer of two shapes, rounded where they meet."""
    blend = np.clip(0.5 + 0.5 * (second - first) / width, 0.0, 1.0)
    return np.asarray(second + (first - second) * blend - width * blend * (1.0 - blend))


def _ears(p: Array) -> Array:
    side = np.stack([np.abs(p[:, 0]), p[:, 1] + 0.12, p[:, 2] + 0.14], axis=1)
    tilted = np.stack([side[:, 0], side[:, 1], side[:, 2] + side[:, 1] * 0.25], axis=1).astype(np.float32)
    shell = _ellipsoid(tilted, (0.775, 0.0, 0.0), (0.085, 0.30, 0.165))
    bowl = _ellipsoid(tilted, (0.86, 0.03, 0.05), (0.06, 0.17, 0.10))
    return np.asarray(np.maximum(shell, -bowl))


def _neck(p: Array) -> Array:
    radial = np.sqrt(p[:, 0] ** 2 + ((p[:, 2] + 0.30 + 0.03 * p[:, 1]) / 0.95) ** 2)
    flare = 0.45 + 0.35 * np.clip(-1.30 - p[:, 1], 0.0, 2.0) ** 1.3
    tube = (radial - flare) * 0.85
    return np.asarray(np.maximum(np.maximum(tube, p[:, 1] + 0.55), -1.62 - p[:, 1]))


def _shirt(p: Array) -> Array:
    trunk = _ellipsoid(p, (0.0, -3.05, -0.40), (2.15, 1.55, 0.95))
    arms = _ellipsoid(p, (0.0, -2.40, -0.45), (1.95, 0.62, 0.62))
    radial = np.sqrt(p[:, 0] ** 2 + (p[:, 2] + 0.22) ** 2)
    collar = np.sqrt((radial - 0.60) ** 2 + (p[:, 1] + 1.50 + 0.30 * p[:, 2]) ** 2) - 0.10
    plain = _join(_join(trunk, arms, 0.35), collar, 0.10)
    near = plain < NEAR
    plain[near] -= 0.005 * sample(texture(6, 2.0, 2.0), p[near, 1] * 0.7, p[near, 0] * 0.7)
    return np.asarray(plain)


def _hair(p: Array) -> Array:
    cap = _ellipsoid(p, (0.0, 0.33, -0.17), (0.79, 0.89, 0.98))
    top = _ellipsoid(p, (-0.05, 0.72, 0.08), (0.62, 0.50, 0.74))
    face = _ellipsoid(p, (0.0, -0.22, 0.85), (0.70, 0.90, 0.95))
    below = _ellipsoid(p, (0.0, -1.0, 0.1), (1.5, 0.85, 0.95))
    shell = _join(cap, top, 0.20)
    plain = np.maximum(np.maximum(shell, -face), -below)
    near = plain < NEAR
    q = p[near]
    turn = np.arctan2(q[:, 0] + 0.25, q[:, 2] + 0.2)
    locks = sample(texture(7, 26, 5.0), q[:, 1] * 0.30 + q[:, 2] * 0.3, turn * 0.40)
    strands = sample(texture(8, 24, 1.5), q[:, 1] * 0.30 + q[:, 2] * 0.3, turn * 0.7)
    shell = shell[near] - 0.020 * locks - 0.005 * strands
    plain[near] = np.maximum(np.maximum(shell, -face[near] + 0.015 * locks), -below[near])
    return np.asarray(plain)
