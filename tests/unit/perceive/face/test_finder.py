from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
import pytest

from mien.errors import OptionError
from mien.perceive.face.finder import FaceFinder, decode, letterbox
from mien.types.signals import Image

OPTIONS = {"threshold": 0.5, "size": 128, "looks": [1.0], "enlarge": 4.0, "overlap": 0.45}


class OneFace:
    """A model that sees one face, 64 by 80 pixels around (52, 36), in whatever it reads."""

    def __init__(self, options: Mapping[str, object]) -> None:
        self.info = SimpleNamespace(options=options)
        self.batches: list[int] = []

    def run(self, graph: str, feeds: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        batch, high, wide, _ = feeds["pixels"].shape
        self.batches.append(batch)
        grids = [np.full((batch, 15, high // s, wide // s), -9, np.float32) for s in (8, 16, 32)]
        grids[0][:, :, 4, 6] = [2, 0, 0, np.log(2), np.log(2.5), *[0] * 10]
        return grids


def finder(**changes: object) -> tuple[FaceFinder, OneFace]:
    model = OneFace({**OPTIONS, **changes})
    return FaceFinder(model), model  # type: ignore[arg-type]


def picture(width: int, height: int) -> Image:
    return Image(np.zeros((height, width, 3), np.uint8))


def test_box_and_points_come_back_in_pixels_of_the_picture() -> None:
    (face,) = finder()[0].find(picture(256, 256))
    assert face.box == pytest.approx((40, -8, 168, 152), abs=1e-3)
    assert face.score == pytest.approx(1 / (1 + np.exp(-2)))
    assert face.points == pytest.approx(np.full((5, 2), (104, 72)))


def test_decode_leaves_weak_cells_out() -> None:
    grids = OneFace(OPTIONS).run("finder", {"pixels": np.zeros((1, 128, 128, 3), np.uint8)})
    assert len(decode([grid[0] for grid in grids], 0.5)) == 1
    assert len(decode([grid[0] for grid in grids], 0.95)) == 0


def test_pictures_of_one_shape_are_read_together() -> None:
    find, model = finder()
    shapes = [picture(256, 128), picture(64, 64), picture(512, 256)]
    faces = find.find_batch(shapes)
    assert model.batches == [2, 1]
    assert [len(found) for found in faces] == [1, 1, 1]
    assert faces[2][0].box[0] == pytest.approx(2 * faces[0][0].box[0])


def test_a_second_look_sees_large_pictures_smaller() -> None:
    find, model = finder(size=640, looks=[1.0, 0.35])
    assert len(find.find(picture(800, 400))) == 2
    assert model.batches == [1, 1]


@pytest.mark.parametrize(("size", "side"), [(128, 800), (640, 80)])
def test_a_second_look_that_shows_nothing_new_is_left_out(size: int, side: int) -> None:
    find, model = finder(looks=[1.0, 0.35])
    find.find(picture(side, side), size=size)
    assert model.batches == [1]


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (20_000, 50)])
def test_odd_shapes_are_read(shape: tuple[int, int]) -> None:
    board, scale = letterbox(picture(*shape), 128, enlarge=4.0)
    assert board.shape[0] % 32 == 0
    assert board.shape[1] % 32 == 0
    assert (scale > 0).all()


def test_small_pictures_are_enlarged_within_limits() -> None:
    _, scale = letterbox(picture(20, 10), 640, enlarge=4.0)
    assert scale.tolist() == [4, 4]


@pytest.mark.parametrize("size", [8, 10_000])
def test_a_wrong_size_is_refused(size: int) -> None:
    with pytest.raises(OptionError, match="allowed: 32 to 4096"):
        finder()[0].find(picture(64, 64), size=size)


@pytest.mark.parametrize("threshold", [0.0, 1.0, -2.0])
def test_a_wrong_threshold_is_refused(threshold: float) -> None:
    with pytest.raises(OptionError, match="allowed: between 0 and 1"):
        FaceFinder(OneFace(OPTIONS), threshold=threshold)  # type: ignore[arg-type]


def test_no_pictures_give_no_answers() -> None:
    assert finder()[0].find_batch([]) == []
