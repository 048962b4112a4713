"""The level of speech without its pauses."""

from __future__ import annotations

import numpy as np
import pytest

from mien.dsp.degrade import active_level, fitted, gained
from mien.errors import OptionError

TONE = np.sin(2 * np.pi * 440 * np.arange(32_000) / 16_000).astype(np.float32)


def test_a_lasting_tone_has_its_own_level() -> None:
    assert active_level(TONE) == pytest.approx(-3.0, abs=0.1)


def test_pauses_do_not_count() -> None:
    one = np.append(TONE, np.zeros(16_000, dtype=np.float32))
    other = np.append(TONE, np.zeros(160_000, dtype=np.float32))
    assert active_level(other) == pytest.approx(active_level(one), abs=0.05)
    assert active_level(other) == pytest.approx(active_level(TONE), abs=1.0)  # speech is said to go on for 0.2 s


@pytest.mark.parametrize("decibels", [-40.0, -6.0, 12.0])
def test_louder_sound_has_a_level_as_much_higher(decibels: float) -> None:
    bursts = TONE * (np.arange(32_000) % 8_000 < 4_000)
    assert active_level(gained(bursts, decibels)) - active_level(bursts) == pytest.approx(decibels, abs=0.01)


def test_a_single_click_has_a_level() -> None:
    click = np.zeros(16_000, dtype=np.float32)
    click[100] = 1.0
    assert np.isfinite(active_level(click))


@pytest.mark.parametrize("n", [0, 1_000])
def test_silence_has_no_level(n: int) -> None:
    with pytest.raises(OptionError, match=f"{n} samples of silence have no speech level"):
        active_level(np.zeros(n, dtype=np.float32))


def test_only_what_exceeds_full_scale_is_made_softer() -> None:
    assert fitted(TONE) is TONE
    assert np.abs(fitted(3.0 * TONE)).max() == pytest.approx(1.0)
    assert len(fitted(TONE[:0])) == 0
