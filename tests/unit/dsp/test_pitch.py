"""Pitch and periodicity."""

from __future__ import annotations

import numpy as np
import pytest

from mien.dsp.pitch import WINDOW, pitch_track, semitones

RATE = 16_000
TIME = np.arange(RATE) / RATE


@pytest.mark.parametrize("hertz", [70.0, 110.0, 200.0, 320.0, 450.0])
def test_the_pitch_of_a_rich_tone(hertz: float) -> None:
    rich = sum(np.sin(2 * np.pi * hertz * order * TIME) / order for order in range(1, 12))
    pitch, periodicity = pitch_track(0.1 * rich.astype(np.float32))
    assert np.median(pitch) == pytest.approx(hertz, rel=0.01)
    assert np.median(periodicity) > 0.9


def test_a_missing_fundamental_is_heard() -> None:
    rich = sum(np.sin(2 * np.pi * 150 * order * TIME) for order in range(3, 12))
    assert np.median(pitch_track(rich.astype(np.float32))[0]) == pytest.approx(150.0, rel=0.02)


def test_noise_and_silence_have_no_period() -> None:
    noise = np.random.default_rng(0).normal(size=RATE).astype(np.float32)
    assert np.percentile(pitch_track(noise)[1], 95) < 0.5
    assert pitch_track(np.zeros(RATE, dtype=np.float32))[1].max() == 0.0


def test_short_sound_has_no_frames() -> None:
    assert [len(track) for track in pitch_track(np.zeros(WINDOW - 1, dtype=np.float32))] == [0, 0]


def test_an_octave_is_twelve_semitones() -> None:
    assert semitones(np.array([100.0, 200.0, 50.0]), 100.0) == pytest.approx([0.0, 12.0, -12.0])
