"""Noise and voices beside speech."""

from __future__ import annotations

import numpy as np
import pytest

from mien.dsp.degrade import active_level, babble, coloured_noise, noisy
from mien.errors import OptionError

TONE = (0.1 * np.sin(2 * np.pi * 440 * np.arange(32_000) / 16_000)).astype(np.float32)
VOICES = [np.roll(gain * np.repeat([1.0, 0.0], 8_000) * TONE[:16_000], 100) for gain in (0.1, 1.0, 5.0)]


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0])
def test_power_falls_with_frequency_as_stated(exponent: float) -> None:
    noise = coloured_noise(1 << 17, exponent, seed=0)
    power = np.abs(np.fft.rfft(noise)) ** 2
    hertz = np.fft.rfftfreq(len(noise), 1 / 16_000)
    low, high = (power[(hertz >= edge) & (hertz < 2 * edge)].mean() for edge in (200, 3_200))
    assert 10 * np.log10(low / high) == pytest.approx(exponent * 10 * np.log10(16), abs=0.7)
    assert power[hertz < 19].sum() < 1e-6 * power.sum()
    assert np.mean(np.square(noise, dtype=np.float64)) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("n", [1, 7, 16_001])
def test_noise_is_as_long_as_asked_and_the_same_for_a_seed(n: int) -> None:
    assert np.array_equal(coloured_noise(n, 1.0, seed=3), coloured_noise(n, 1.0, seed=3))
    assert coloured_noise(n, 1.0, seed=3).shape == (n,)


def test_another_seed_gives_other_noise() -> None:
    one, other = coloured_noise(16_000, 0.0, seed=0), coloured_noise(16_000, 0.0, seed=1)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.05


def test_voices_of_a_babble_are_equally_loud() -> None:
    alone = [babble([voice], 16_000, seed=0) for voice in VOICES]
    assert [active_level(voice) for voice in alone] == pytest.approx([-20.0] * 3, abs=0.05)
    assert babble(VOICES, 50_000, seed=0).shape == (50_000,)
    assert np.array_equal(babble(VOICES, 15_000, seed=5), babble(VOICES, 15_000, seed=5))


@pytest.mark.parametrize("snr", [-5.0, 0.0, 10.0])
def test_noise_lies_as_far_below_speech_as_stated(snr: float) -> None:
    speech = TONE * (np.arange(32_000) % 16_000 < 8_000)
    added = noisy(speech, coloured_noise(32_000, 1.0, seed=1), snr=snr).astype(np.float64) - speech
    assert active_level(speech) - 10 * np.log10(np.mean(added**2)) == pytest.approx(snr, abs=0.1)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(OptionError, match="noise of 0 samples was asked for; allowed: 1 or more"):
        coloured_noise(0, 1.0, seed=0)
    with pytest.raises(OptionError, match="noise of 5 samples was given for 32000 samples of speech"):
        noisy(TONE, TONE[:5], snr=0.0)
    with pytest.raises(OptionError, match="the noise is silent"):
        noisy(TONE, 0 * TONE, snr=0.0)
    with pytest.raises(OptionError, match="32000 samples of silence"):
        noisy(0 * TONE, TONE, snr=0.0)
    with pytest.raises(OptionError, match="babble of no voices"):
        babble([], 100, seed=0)
