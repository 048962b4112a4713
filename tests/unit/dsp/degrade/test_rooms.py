"""Simulated rooms."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from mien.dsp.degrade import reverberation_time, room_response
from mien.errors import MissingExtraError, OptionError


@pytest.mark.parametrize(("time", "distance", "seed"), [(0.3, 1.0, 0), (0.3, 3.0, 1), (0.6, 3.0, 2)])
def test_a_room_reverberates_as_long_as_asked(time: float, distance: float, seed: int) -> None:
    pytest.importorskip("pyroomacoustics", reason="the extra bench is not installed")
    response = room_response(time=time, distance=distance, seed=seed)
    assert reverberation_time(response) == pytest.approx(time, rel=0.1)
    # Sound takes its time to the microphone, and the library's filters another 40 samples.
    first = int(np.argmax(np.abs(response) > 0.3 * np.abs(response).max()))
    assert first == pytest.approx(40 + 16_000 * distance / 343, abs=4)


def test_a_seed_is_a_room() -> None:
    pytest.importorskip("pyroomacoustics", reason="the extra bench is not installed")
    one, same, other = (room_response(time=0.2, distance=0.8, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(one, same)
    assert len(one) != len(other) or not np.array_equal(one, other)


def test_times_and_distances_have_bounds() -> None:
    with pytest.raises(OptionError, match=r"a reverberation of 3.0 s was asked for; allowed: 0.1 to 1.5 s"):
        room_response(time=3.0, distance=1.0, seed=0)
    with pytest.raises(OptionError, match=r"a distance of 9.0 m was asked for; allowed: 0.2 to 4.5 m"):
        room_response(time=0.3, distance=9.0, seed=0)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyroomacoustics", None)
    with pytest.raises(MissingExtraError, match="simulating rooms needs the extra 'bench'"):
        room_response(time=0.3, distance=1.0, seed=0)
