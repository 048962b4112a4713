"""The front of the face as maps over (x, y): how far the skin stands out, its colour and its gloss.

One unit is a decimetre, the eyes lie at y = 0, x runs to the picture's right, y upwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tools.examples.head.noise import sample, texture
from tools.examples.head.pose import Pose

Array = NDArray[np.float32]
LEFT, RIGHT, BOTTOM, TOP = -1.0, 1.0, -1.7, 1.0
EYE_X, EYE_HALF = 0.325, 0.155
MOUTH_Y, MOUTH_HALF = -0.71, 0.275

SKIN = (0.60, 0.355, 0.255)
LIP = (0.46, 0.175, 0.155)
HAIR = (0.050, 0.030, 0.020)
# What redness, shade and beard do to the red, green and blue of the skin, and how much it is blotched.
TINTS = ((0.02, -0.16, -0.22, 0.02), (-0.13, -0.20, -0.16, 0.03), (-0.12, -0.18, -0.10, 0.03))


@dataclass(frozen=True, slots=True)
class FaceMaps:
    """Maps of one pose: height (rows, columns), colour (rows, columns, 3) linear, gloss (rows, columns)."""

    height: Array
    colour: Array
    gloss: Array

    def index(self, across: Array, up: Array) -> tuple[Array, Array]:
        """Return row and column of points of the face, in pixels of the maps."""
        rows, columns = self.height.shape
        return (TOP - up) / (TOP - BOTTOM) * (rows - 1), (across - LEFT) / (RIGHT - LEFT) * (columns - 1)


@dataclass(frozen=True, slots=True)
class Mouth:
    """The lips of a pose on the grid: where on the mouth a column lies, the lips' edges, and the opening."""

    along: Array
    upper_in: Array
    lower_in: Array
    upper_out: Array
    lower_out: Array
    inside: Array


def bump(x: Array, y: Array, at: tuple[float, float], size: tuple[float, float]) -> Array:
    """A round hill of height 1 on both sides of the face."""
    side = np.abs(x) if at[0] else x
    return np.asarray(np.exp(-(((side - at[0]) / size[0]) ** 2) - ((y - at[1]) / size[1]) ** 2))


def step(low: float, high: float, value: Array) -> Array:
    """A smooth step from 0 at low to 1 at high."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def face_maps(pose: Pose, *, rows: int = 540) -> FaceMaps:
    """Draw the maps of a pose."""
    columns = round(rows * (RIGHT - LEFT) / (TOP - BOTTOM))
    y, x = np.meshgrid(
        np.linspace(TOP, BOTTOM, rows, dtype=np.float32),
        np.linspace(LEFT, RIGHT, columns, dtype=np.float32),
        indexing="ij",
    )
    mouth = _mouth(x, y, pose)
    height = _bones(x, y, pose) + _nose(x, y) + _folds(x, y, pose)
    colour, gloss = _skin(x, y, pose)
    height = _lips(x, y, mouth, height, colour, gloss)
    _brows(x, y, pose, colour)
    height = _eyes(x, y, pose, height, colour, gloss)
    return FaceMaps(height.astype(np.float32), colour, gloss)


def jaw_drop(pose: Pose) -> float:
    """How far the chin moves down."""
    return 0.26 * pose.jaw


def _bones(x: Array, y: Array, pose: Pose) -> Array:
    low = y + jaw_drop(pose) * step(-0.65, -0.95, y)
    height = 0.030 * bump(x, y, (0.30, 0.20), (0.24, 0.08))
    height -= 0.105 * bump(x, y, (EYE_X, 0.02), (0.17, 0.12)) + 0.05 * bump(x, y, (0.17, 0.03), (0.07, 0.10))
    height += 0.060 * bump(x, y, (EYE_X, 0.0), (0.13, 0.085))
    height += 0.050 * bump(x, y, (0.46, -0.24), (0.17, 0.13))
    height -= 0.025 * bump(x, low, (0.46, -0.68), (0.14, 0.20))
    height += 0.060 * bump(x, y, (0.0, -0.70), (0.26, 0.20))
    height += 0.055 * bump(x, low, (0.0, -1.03), (0.17, 0.10))
    height -= 0.040 * bump(x, low, (0.0, -0.885), (0.17, 0.045))
    height -= 0.014 * bump(x, y, (0.0, -0.56), (0.022, 0.06)) - 0.008 * bump(x, y, (0.05, -0.56), (0.02, 0.06))
    return np.asarray(height)


def _nose(x: Array, y: Array) -> Array:
    stations = np.array([0.30, 0.14, 0.04, -0.12, -0.26, -0.34, -0.40, -0.445, -0.49, -0.54])
    ridge = np.array([0.0, 0.035, 0.055, 0.14, 0.225, 0.26, 0.235, 0.14, 0.03, 0.0])
    width = np.array([0.10, 0.075, 0.07, 0.080, 0.095, 0.108, 0.105, 0.090, 0.08, 0.08])
    tall = np.interp(y, stations[::-1], ridge[::-1])
    wide = np.interp(y, stations[::-1], width[::-1])
    height = tall * np.exp(-(np.abs(x / wide) ** 2.2))
    height += 0.095 * bump(x, y, (0.130, -0.395), (0.048, 0.055))
    height -= 0.055 * bump(x, y, (0.068, -0.462), (0.034, 0.020))
    height -= 0.020 * bump(x, y, (0.20, -0.40), (0.025, 0.06))
    return np.asarray(height)


def _folds(x: Array, y: Array, pose: Pose) -> Array:
    side = np.abs(x)
    fold = 0.19 + 0.13 * step(-0.42, -0.70, y) + 0.05 * pose.smile * step(-0.45, -0.7, y)
    reach = step(-0.36, -0.46, y) * step(-0.84, -0.66, y)
    depth = 0.010 + 0.030 * pose.smile + 0.008 * pose.frown
    height = -depth * np.exp(-(((side - fold) / 0.030) ** 2)) * reach
    height += 0.055 * pose.smile * bump(x, y, (0.40, -0.36), (0.15, 0.13))
    height += 0.025 * pose.frown * bump(x, y, (0.0, -0.98), (0.12, 0.07))
    furrows = np.sin(y * 75.0) * bump(x, y, (0.0, 0.46), (0.34, 0.12))
    height += 0.0045 * (pose.brow_up + 0.6 * pose.brow_inner) * furrows
    height -= 0.012 * (pose.brow_down + 0.5 * pose.brow_inner) * bump(x, y, (0.05, 0.20), (0.016, 0.07))
    height -= (0.006 + 0.008 * pose.smile) * bump(x, y, (EYE_X, -0.115), (0.13, 0.016))
    return np.asarray(height)


def _skin(x: Array, y: Array, pose: Pose) -> tuple[Array, Array]:
    colour = np.ones((*x.shape, 3), np.float32) * np.array(SKIN, np.float32)
    blotch = sample(texture(1, 18, 18), y * 0.5, x * 0.5)
    pores = sample(texture(2, 1.2, 1.2), y * 1.1, x * 1.1)
    red = 0.6 * bump(x, y, (0.44, -0.34), (0.19, 0.17)) + 0.7 * bump(x, y, (0.0, -0.38), (0.13, 0.09))
    red += 0.35 * bump(x, y, (0.0, -1.05), (0.16, 0.10)) + 0.25 * pose.smile * bump(x, y, (0.42, -0.32), (0.16, 0.12))
    shade = 0.55 * bump(x, y, (0.24, -0.10), (0.13, 0.05)) + 0.5 * bump(x, y, (EYE_X, 0.09), (0.17, 0.06))
    beard = step(-0.50, -0.62, y) * step(0.75, 0.45, np.abs(x)) * (1.0 + 0.35 * pores) * 0.30
    for channel, (to_red, to_shade, to_beard, spot) in enumerate(TINTS):
        grain = spot * blotch + 0.025 * pores
        colour[..., channel] *= 1.0 + to_red * red + to_shade * shade + to_beard * beard + grain
    gloss = 0.30 + 0.25 * bump(x, y, (0.0, -0.30), (0.10, 0.2)) + 0.15 * bump(x, y, (0.0, 0.5), (0.4, 0.2))
    return colour, np.asarray(gloss + 0.05 * pores, np.float32)


def _mouth(x: Array, y: Array, pose: Pose) -> Mouth:
    half = MOUTH_HALF * (1.0 + 0.30 * pose.smile - 0.28 * pose.round_lips + 0.10 * pose.frown)
    along = np.clip(x / half, -1.0, 1.0)
    arch = 1.0 - along**2
    centre = MOUTH_Y + (0.075 * pose.smile - 0.095 * pose.frown) * (along**2 - 0.35)
    centre = centre - 0.010 * np.exp(-((along / 0.22) ** 2)) + 0.004
    gap_up = (0.018 * pose.jaw + 0.050 * pose.teeth * pose.smile + 0.030 * pose.round_lips * pose.jaw) * arch**0.6
    gap_low = (0.24 * pose.jaw + 0.040 * pose.teeth) * arch ** (0.75 - 0.25 * pose.round_lips)
    thin = 1.0 - 0.30 * pose.smile
    bow = 0.080 * thin * arch**0.55 * (1.0 - 0.22 * np.exp(-((along / 0.10) ** 2)) + 0.10 * np.cos(along * 5.0))
    upper_in, lower_in = centre + gap_up, centre - gap_low
    lower_out = lower_in - 0.088 * (1.0 - 0.15 * pose.smile) * arch**0.55
    inside = step(0.0, 0.010, upper_in - y) * step(0.0, 0.010, y - lower_in) * (np.abs(x) < half)
    return Mouth(along, upper_in, lower_in, upper_in + bow, lower_out, np.asarray(inside))


def _lips(x: Array, y: Array, mouth: Mouth, height: Array, colour: Array, gloss: Array) -> Array:
    rim = 1.0 - mouth.along**2
    upper = step(-0.006, 0.012, mouth.upper_out - y) * (y >= mouth.upper_in)
    lower = step(-0.006, 0.016, y - mouth.lower_out) * (y <= mouth.lower_in)
    lips = np.asarray((upper + lower) * (rim > 0))
    up = np.clip((y - mouth.upper_in) / np.maximum(mouth.upper_out - mouth.upper_in, 1e-3), 0.0, 1.0)
    down = np.clip((mouth.lower_in - y) / np.maximum(mouth.lower_in - mouth.lower_out, 1e-3), 0.0, 1.0)
    plump = upper * np.sin(np.pi * np.sqrt(up)) * 0.030 + lower * np.sin(np.pi * np.sqrt(down)) * 0.045
    height = height + plump * rim**0.4
    creases = 1.0 + 0.06 * sample(texture(3, 12, 1.0), y * 0.6, x * 1.2)
    _paint(colour, lips * 0.85, np.array(LIP, np.float32) * creases[..., None])
    gloss += lips * 0.35
    seam = np.exp(-(((y - mouth.upper_in) / 0.010) ** 2)) * (rim > 0) * rim**0.3
    seam += np.exp(-(((y - mouth.lower_in) / 0.010) ** 2)) * (rim > 0) * rim**0.3
    colour *= (1.0 - 0.45 * np.clip(seam, 0.0, 1.0))[..., None]
    return _cavity(x, y, mouth, height - 0.012 * seam, colour, gloss)


def _cavity(x: Array, y: Array, mouth: Mouth, height: Array, colour: Array, gloss: Array) -> Array:
    _paint(colour, mouth.inside, np.array([0.055, 0.012, 0.012], np.float32))
    tongue = mouth.inside * bump(x, y - mouth.lower_in, (0.0, 0.0), (0.15, 0.06))
    _paint(colour, tongue * 0.8, np.array([0.26, 0.075, 0.07], np.float32))
    edge = mouth.upper_in - 0.062 + 0.010 * np.abs(x) / 0.2
    gaps = 0.80 + 0.20 * np.abs(np.cos(x * 34.0)) ** 0.3
    row = mouth.inside * step(0.0, 0.008, y - edge) * step(0.92, 0.70, np.abs(mouth.along))
    _paint(colour, row, np.array([0.66, 0.60, 0.52], np.float32) * gaps[..., None])
    gloss *= 1.0 - 0.8 * mouth.inside
    return np.asarray(height - mouth.inside * (0.16 - 0.12 * row - 0.04 * tongue))


def _brows(x: Array, y: Array, pose: Pose, colour: Array) -> None:
    side = np.abs(x)
    along = np.clip((side - 0.10) / 0.45, -0.1, 1.1)
    inner = np.clip(1.0 - along, 0.0, 1.0)
    lift = 0.115 * pose.brow_up + 0.095 * pose.brow_inner * inner**1.5 - 0.075 * pose.brow_down * inner
    lift = lift - 0.045 * pose.brow_inner * along
    line = 0.175 + 0.075 * np.sin(np.pi * np.clip(along, 0.0, 1.0) ** 1.25) - 0.03 * along + lift
    thick = 0.042 * (1.0 - 0.65 * np.clip(along, 0.0, 1.0) ** 1.5)
    hairs = sample(texture(4, 2.0, 1.0), (y + 0.8 * side) * 0.5, (side - 0.5 * y) * 2.2)
    cover = np.exp(-(np.abs((y - line) / thick) ** 2.6)) * step(-0.06, 0.06, along) * step(1.06, 0.88, along)
    _paint(colour, np.clip(cover * (0.80 + 0.22 * hairs), 0.0, 0.95), np.array(HAIR, np.float32) * 1.2)


def _eyes(x: Array, y: Array, pose: Pose, height: Array, colour: Array, gloss: Array) -> Array:
    along = np.clip((np.abs(x) - EYE_X) / EYE_HALF, -1.0, 1.0)
    arch = 1.0 - along**2
    shut = np.clip(1.0 - pose.blink, 0.0, 1.0)
    tilt = 0.012 * along - 0.012 * pose.brow_inner * along
    upper = tilt + (0.062 + 0.030 * pose.wide - 0.020 * pose.squint) * shut * arch**0.62 - 0.02 * (1 - shut)
    lower = tilt - (0.050 + 0.010 * pose.wide - 0.022 * pose.squint) * arch**0.75 + 0.004 * (1 - shut)
    inside = step(-0.003, 0.006, upper - y) * step(-0.003, 0.006, y - lower) * (arch > 0)
    _eyeball(x, y, pose, upper, inside, colour)
    lash = np.exp(-(((y - upper - 0.006) / 0.012) ** 2)) * arch**0.25 * (arch > 0)
    under = np.exp(-(((y - lower) / 0.006) ** 2)) * arch**0.5 * (arch > 0)
    colour *= (1.0 - 0.88 * lash - 0.35 * under * (1.0 - lash))[..., None]
    crease = np.exp(-(((y - upper - 0.050 - 0.012 * along) / 0.009) ** 2)) * arch**0.3 * (arch > 0)
    colour *= (1.0 - 0.30 * crease)[..., None]
    gloss *= 1.0 - inside
    gloss += 2.2 * inside
    return np.asarray(height - 0.026 * inside - 0.010 * crease + 0.006 * lash)


def _eyeball(x: Array, y: Array, pose: Pose, upper: Array, inside: Array, colour: Array) -> None:
    ball = np.where(x > 0, x - EYE_X, x + EYE_X) - 0.045 * pose.gaze_x
    radius = np.sqrt(ball**2 + (y - 0.006 - 0.045 * pose.gaze_y) ** 2)
    white = np.array([0.62, 0.57, 0.54], np.float32) * (1.0 - 0.35 * np.abs(ball / EYE_HALF) ** 2)[..., None]
    spokes = 1.0 + 0.25 * sample(texture(5, 6, 1), radius, np.arctan2(y, ball) * 0.5)
    iris = np.array([0.115, 0.075, 0.040], np.float32) * (spokes * (0.5 + 9.0 * radius))[..., None]
    _paint(white, step(0.074, 0.066, radius), iris)
    _paint(white, step(0.032, 0.026, radius), np.array([0.006, 0.005, 0.005], np.float32))
    white *= (1.0 - 0.55 * np.exp(-(((upper - y) / 0.030) ** 2)))[..., None]
    glint = np.exp(-(((ball + 0.022) / 0.013) ** 2) - ((y - 0.032) / 0.013) ** 2)
    _paint(white, glint, np.array([2.2, 2.2, 2.2], np.float32))
    _paint(colour, inside, white)


def _paint(colour: Array, cover: Array, paint: Array) -> None:
    """Lay paint over the colours in place; cover 0 leaves them, 1 hides them."""
    share = np.asarray(cover, np.float32)[..., None]
    colour *= 1.0 - share
    colour += share * paint
