"""Opus there and back."""

from __future__ import annotations

import numpy as np
import pytest

from mien.errors import OptionError
from mien.io.opus import opus_coded, opus_packets

RATE = 16_000
PLACE = np.arange(2 * RATE) / RATE
CHIRP = (0.3 * np.sin(2 * np.pi * (150 * PLACE + 400 * PLACE**2)) * (1 + np.sin(2 * np.pi * 3 * PLACE)) / 2).astype(
    np.float32
)


@pytest.mark.parametrize("bitrate", [8_000, 16_000, 32_000])
def test_the_bitrate_is_the_one_asked_for(bitrate: int) -> None:
    packets, _ = opus_packets(CHIRP, bitrate=bitrate)
    assert {len(packet) for packet in packets} == {bitrate // 8 // 50}  # 50 packets a second
    assert len(packets) * 0.02 == pytest.approx(2.0, abs=0.05)


def test_what_comes_back_is_alike_and_on_time() -> None:
    coded = opus_coded(CHIRP, bitrate=16_000)
    assert coded.shape == CHIRP.shape
    alike = {lag: np.corrcoef(np.roll(coded, -lag)[800:-800], CHIRP[800:-800])[0, 1] for lag in range(-20, 21)}
    best = max(alike, key=lambda lag: alike[lag])
    assert abs(best) <= 1
    assert alike[best] > 0.9


@pytest.mark.parametrize("n", [1, 161, 16_001])
def test_length_stays_and_the_same_comes_twice(n: int) -> None:
    coded = opus_coded(CHIRP[:n], bitrate=16_000)
    assert coded.shape == (n,)
    assert np.array_equal(coded, opus_coded(CHIRP[:n], bitrate=16_000))


def test_bitrates_have_bounds() -> None:
    with pytest.raises(OptionError, match=r"a bitrate of 500 was asked for; allowed: 6000 to 128000 bit/s"):
        opus_coded(CHIRP, bitrate=500)
