"""Loudness and beats."""

from __future__ import annotations

import numpy as np
import pytest

from mien.dsp.level import SILENCE, decibels, pulses
from mien.dsp.mel import log_mel


def test_ten_times_the_amplitude_is_twenty_decibels() -> None:
    noise = np.random.default_rng(0).normal(size=16_000).astype(np.float32)
    assert decibels(log_mel(noise)) - decibels(log_mel(0.1 * noise)) == pytest.approx(20.0, abs=0.01)


def test_silence_has_the_least_level() -> None:
    assert decibels(np.full((3, 80), -20.0, dtype=np.float32)) == pytest.approx(SILENCE)


@pytest.mark.parametrize("beats", [2, 4, 6])
def test_each_rise_is_a_beat(beats: int) -> None:
    level = 10.0 * np.sin(2 * np.pi * beats * np.arange(200) / 200 - np.pi / 2)
    found = pulses(level.astype(np.float32))
    assert len(found) == beats
    assert np.diff(found) == pytest.approx(200 / beats, abs=3)


def test_a_flat_or_short_level_has_no_beat() -> None:
    assert len(pulses(np.zeros(300, dtype=np.float32))) == 0
    assert len(pulses(np.array([0.0, 30.0, 0.0], dtype=np.float32))) == 0
