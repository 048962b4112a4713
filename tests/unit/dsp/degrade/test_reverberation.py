"""Rooms by their impulse responses."""

from __future__ import annotations

import numpy as np
import pytest

from mien.dsp.degrade import reverberated, reverberation_time
from mien.errors import OptionError

NOISE = np.random.default_rng(0).normal(size=16_000).astype(np.float32)


def decay(seconds: float) -> np.ndarray:
    place = np.arange(int(1.5 * seconds * 16_000))
    return (10.0 ** (-3.0 * place / 16_000 / seconds) * NOISE.take(place, mode="wrap")).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.2, 0.5, 0.9])
def test_the_time_of_a_known_decay_is_found(seconds: float) -> None:
    response = np.concatenate([np.zeros(77, dtype=np.float32), decay(seconds)])
    assert reverberation_time(response) == pytest.approx(seconds, rel=0.05)


def test_a_room_of_nothing_but_direct_sound_changes_nothing() -> None:
    response = np.zeros(300, dtype=np.float32)
    response[120] = -0.2
    assert reverberated(NOISE, response) == pytest.approx(-NOISE, abs=1e-5)


def test_length_and_level_stay() -> None:
    heard = reverberated(NOISE, decay(0.5))
    assert heard.shape == NOISE.shape
    assert np.mean(heard**2) == pytest.approx(np.mean(NOISE**2), rel=1e-3)
    assert not reverberated(0 * NOISE, decay(0.5)).any()


def test_responses_without_a_decay_are_refused() -> None:
    with pytest.raises(OptionError, match="the impulse response is silent"):
        reverberated(NOISE, np.zeros(10, dtype=np.float32))
    with pytest.raises(OptionError, match="does not decay from -5 to -25 dB"):
        reverberation_time(np.ones(1, dtype=np.float32))
