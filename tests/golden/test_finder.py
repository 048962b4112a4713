"""The shipped face finder answers as it did when it was made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mien
from mien.perceive.face.finder import FaceFinder, decode
from mien.runtime import Model, open_asset
from mien.types.signals import Image

FOLDER = Path(mien.__file__).parent / "assets" / "face-finder"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(open_asset(FOLDER))


@pytest.fixture(scope="module")
def golden() -> dict[str, np.ndarray]:
    with np.load(FOLDER / "golden.npz") as arrays:
        return dict(arrays)


def scores(grids: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([1 / (1 + np.exp(-grid[:, 0].ravel())) for grid in grids])


def test_grids_are_as_they_were(model: Model, golden: dict[str, np.ndarray]) -> None:
    before = [golden[f"output_grid{stride}"] for stride in (8, 16, 32)]
    now = model.run("finder", {"pixels": golden["input_pixels"]})
    assert np.abs(scores(now) - scores(before)).max() <= 0.02
    ours, theirs = decode([grid[0] for grid in now], 0.3), decode([grid[0] for grid in before], 0.3)
    assert len(ours) == len(theirs)
    assert np.abs(ours - theirs).max(initial=0) <= 1


def test_the_answer_does_not_depend_on_its_batch(model: Model, golden: dict[str, np.ndarray]) -> None:
    pixels = golden["input_pixels"]
    alone = model.run("finder", {"pixels": pixels})
    many = model.run("finder", {"pixels": pixels.repeat(8, axis=0)})
    for single, batch in zip(alone, many, strict=True):
        assert np.abs(batch[7] - single[0]).max() <= 1e-3


def test_the_drawn_head_is_found(model: Model, golden: dict[str, np.ndarray]) -> None:
    faces = FaceFinder(model).find(Image(golden["input_pixels"][0]))
    assert len(faces) == 1
    left, top, right, bottom = faces[0].box
    assert 40 < (left + right) / 2 - 0 < 150
    assert (faces[0].points[:, 0] > left).all()
    assert (faces[0].points[:, 0] < right).all()
    assert faces[0].points[0, 0] < faces[0].points[1, 0]
    assert top < faces[0].points[2, 1] < bottom


@pytest.mark.parametrize("shape", [(1, 1), (5_000, 20_000), (3, 700)])
def test_odd_pictures_are_read(model: Model, shape: tuple[int, int]) -> None:
    assert FaceFinder(model).find(Image(np.zeros((*shape, 3), np.uint8))) == []


def test_a_blank_wall_holds_no_face(model: Model) -> None:
    for level in (0, 128, 255):
        assert FaceFinder(model).find(Image(np.full((360, 640, 3), level, np.uint8))) == []
