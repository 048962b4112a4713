from __future__ import annotations

import numpy as np
import pytest

from mien.errors import OptionError
from mien.io.resize import resize
from mien.types.signals import Image


def test_shrinking_averages() -> None:
    stripes = np.zeros((40, 40, 3), np.uint8)
    stripes[:, ::2] = 200
    assert resize(Image(stripes), width=10, height=10).pixels[2:-2, 2:-2].mean() == pytest.approx(100, abs=3)


def test_the_same_size_is_the_same_picture() -> None:
    image = Image(np.zeros((4, 6, 3), np.uint8))
    assert resize(image, width=6, height=4) is image


def test_a_huge_picture_becomes_small() -> None:
    image = Image(np.full((3_000, 9_000, 3), 77, np.uint8))
    small = resize(image, width=60, height=20)
    assert small.pixels.shape == (20, 60, 3)
    assert set(small.pixels.ravel()) == {77}


def test_a_side_below_one_is_refused() -> None:
    with pytest.raises(OptionError, match="allowed: at least 1 x 1"):
        resize(Image(np.zeros((4, 6, 3), np.uint8)), width=0, height=3)
