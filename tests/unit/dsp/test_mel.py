"""Log-mel frames."""

from __future__ import annotations

import numpy as np
import pytest

from mien.dsp.mel import frame_count, log_mel, mel_bank

RATE = 16_000


def tone(hertz: float, seconds: float = 0.5) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE).astype(np.float32)


def test_the_filters_cover_the_range_and_have_one_area() -> None:
    bank = mel_bank(RATE, 1600, 40)
    assert bank.shape == (40, 801)
    assert (bank >= 0).all()
    assert bank.sum(axis=1) * RATE / 1600 == pytest.approx(np.ones(40), rel=0.05)
    assert np.all(np.diff(bank.argmax(axis=1)) > 0)


def test_a_tone_is_loudest_in_its_band() -> None:
    bands = [int(log_mel(tone(hertz)).mean(axis=0).argmax()) for hertz in (300.0, 1000.0, 4000.0)]
    centres = mel_bank().argmax(axis=1)[bands] * RATE / 400
    assert centres == pytest.approx([300.0, 1000.0, 4000.0], abs=120)


def test_ten_times_the_amplitude_is_two_decades() -> None:
    loud, soft = (log_mel(gain * tone(500.0)).max(axis=1) for gain in (1.0, 0.1))
    assert loud - soft == pytest.approx(2.0, abs=1e-3)


def test_silence_is_the_floor() -> None:
    assert log_mel(np.zeros(1000, dtype=np.float32)) == pytest.approx(-10.0, abs=1e-5)


@pytest.mark.parametrize("n_samples", [0, 1, 399, 400, 559, 560, 16000])
def test_whole_windows_are_counted(n_samples: int) -> None:
    assert len(log_mel(np.zeros(n_samples, dtype=np.float32))) == frame_count(n_samples)


def test_frames_depend_on_their_own_samples_only() -> None:
    noise = np.random.default_rng(0).normal(size=200_000).astype(np.float32)
    assert np.allclose(log_mel(noise)[100:], log_mel(noise[16_000:]), atol=1e-5)
