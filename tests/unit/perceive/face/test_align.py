from __future__ import annotations

import numpy as np
import pytest

from mien.perceive.face.align import SIDE, TEMPLATE, align, box_to_crop, points_to_crop, usable


def test_a_picture_that_is_a_crop_stays_as_it_is() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    pixels = np.repeat(grey[:, :, None], 3, axis=2)
    assert np.array_equal(align(pixels, box_to_crop((0, 0, SIDE, SIDE), whole=True)), grey)
    assert np.array_equal(align(pixels, points_to_crop(TEMPLATE)), grey)


@pytest.mark.parametrize(("scale", "turn"), [(1.0, 0.0), (3.0, 0.4), (0.5, -0.7), (10.0, 3.0)])
def test_points_to_crop_finds_shift_scale_and_turn(scale: float, turn: float) -> None:
    rotation = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = TEMPLATE @ rotation.T + np.array([50.0, -20.0])
    assert np.allclose(points_to_crop(points), np.column_stack([rotation, [50.0, -20.0]]))


def test_a_turned_face_comes_upright() -> None:
    rows, columns = np.mgrid[0:200, 0:200] + 0.5
    points = TEMPLATE @ (2 * np.array([[0.0, -1.0], [1.0, 0.0]])).T + np.array([150.0, 50.0])
    bright = np.zeros((200, 200), np.uint8)
    for x, y in points[:2]:
        bright[(columns - x) ** 2 + (rows - y) ** 2 < 16] = 255
    crop = align(np.repeat(bright[:, :, None], 3, axis=2), points_to_crop(points))
    assert crop[19, 15] == 255
    assert crop[19, 32] == 255
    assert crop[30:].max() == 0


def test_a_large_face_is_averaged_down() -> None:
    pixels = np.zeros((480, 480, 3), np.uint8)
    pixels[::2] = 255
    crop = align(pixels, box_to_crop((0, 0, 480, 480), whole=True))
    assert np.abs(crop.astype(int) - 127).max() <= 2


@pytest.mark.parametrize("box", [(-500, -500, -400, -400), (90, 90, 3000, 3000), (5, 5, 5, 5), (0, 0, 1e7, 1e7)])
def test_any_box_gives_a_crop(box: tuple[float, float, float, float]) -> None:
    pixels = np.full((100, 120, 3), 77, np.uint8)
    kept = pixels.copy()
    crop = align(pixels, box_to_crop(box))
    assert crop.shape == (SIDE, SIDE)
    assert np.all(crop == 77)
    assert np.array_equal(pixels, kept)


def test_a_picture_of_one_pixel_gives_a_crop() -> None:
    assert np.all(align(np.full((1, 1, 3), 9, np.uint8), box_to_crop((0, 0, 1, 1), whole=True)) == 9)


def test_points_that_are_no_face_are_not_usable() -> None:
    box = (0.0, 0.0, 48.0, 48.0)
    assert usable(TEMPLATE, box)
    assert not usable(np.full((5, 2), np.nan), box)
    assert not usable(np.full((5, 2), 24.0), box)
    assert not usable(TEMPLATE * 10, box)
