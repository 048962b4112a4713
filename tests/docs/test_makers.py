"""The makers of the examples: the head is drawn the same twice, its mouth opens, its voice is followed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from .blocks import ROOT


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT))
    return import_module


def test_head_is_the_same_twice_and_fills_the_picture(makers: Any) -> None:
    light, pose = makers("tools.examples.head.light"), makers("tools.examples.head.pose")
    camera = light.Camera(width=64, height=48, oversample=1.0)
    first, second = (light.render(pose.MOODS["happy"], camera, rows=120) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.shape == (48, 64, 3)
    red, _, blue = np.moveaxis(first[16:30, 26:38].astype(float), -1, 0)
    assert red.mean() > blue.mean() + 20


def test_moods_mix(makers: Any) -> None:
    pose = makers("tools.examples.head.pose")
    assert pose.mix({"happy": 0.5, "sad": 0.5}).smile == pytest.approx(0.5)
    assert pose.add(pose.MOODS["happy"], pose.Pose(jaw=0.2)).jaw == pytest.approx(pose.MOODS["happy"].jaw + 0.2)


def test_open_mouth_is_deeper(makers: Any) -> None:
    maps, pose = makers("tools.examples.head.maps"), makers("tools.examples.head.pose")
    shut, wide = (maps.face_maps(pose.Pose(jaw=jaw), rows=120) for jaw in (0.0, 1.0))
    row, column = (int(place.item()) for place in shut.index(np.zeros(1), np.full(1, maps.MOUTH_Y - 0.15)))
    assert wide.height[row, column] < shut.height[row, column] - 0.05


def test_pitch_of_a_buzz_is_followed(makers: Any) -> None:
    rate, hertz = 8000, 110.0
    times = np.arange(rate // 2) / rate
    buzz = sum(np.sin(2 * np.pi * hertz * part * times) / part for part in range(1, 8))
    pitch = makers("tools.examples.pitch").follow_pitch(buzz, rate, step=0.01, lowest=62.0, highest=240.0)
    inside = pitch[5:-8]
    assert np.median(inside) == pytest.approx(hertz, rel=0.03)
