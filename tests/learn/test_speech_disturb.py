"""Disturbed clips to learn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from mien.bench.tasks import robust
from mien.errors import OptionError
from mien.learn.speech import disturb
from mien.learn.speech.disturb import Odds, Pool, disturbed, open_pool

PLACE = np.arange(8_000) / 16_000
CLIP = (0.3 * np.sin(2 * np.pi * 220 * PLACE) * (1 + np.sin(2 * np.pi * 4 * PLACE)) / 2).astype(np.float32)
ROOM = np.exp(-np.arange(2_000) / 200).astype(np.float32)
POOL = Pool([ROOM, ROOM[:900]], [np.roll(CLIP, 1_000 * number) for number in range(5)])
NEVER = {"room": 0.0, "noise": 0.0, "babble": 0.0, "clipping": 0.0, "line": 0.0}


def many(n: int, **odds: float) -> list[np.ndarray]:
    return [disturbed(CLIP, np.random.default_rng(seed), POOL, odds=Odds(**{**NEVER, **odds})) for seed in range(n)]


def test_clips_stay_as_long_and_fit() -> None:
    kept = CLIP.copy()
    for made in [disturbed(CLIP, np.random.default_rng(seed), POOL) for seed in range(24)]:
        assert made.shape == CLIP.shape
        assert made.dtype == np.float32
        assert np.isfinite(made).all()
        assert np.abs(made).max() <= 1.0
    assert np.array_equal(CLIP, kept)


def test_the_same_state_gives_the_same_clip() -> None:
    one, same, other = (disturbed(CLIP, np.random.default_rng(seed), POOL) for seed in (7, 7, 8))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_without_odds_only_the_level_changes() -> None:
    for made in many(4):
        assert np.corrcoef(made, CLIP)[0, 1] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("odds", [{"room": 1.0}, {"noise": 1.0}, {"noise": 1.0, "babble": 1.0}, {"line": 1.0}])
def test_each_thing_changes_more_than_the_level(odds: dict[str, float]) -> None:
    assert max(np.corrcoef(made, CLIP)[0, 1] for made in many(4, **odds)) < 0.99999


def test_clipping_flattens_peaks() -> None:
    for made in many(4, clipping=1.0):
        assert np.sum(np.abs(made) > 0.999 * np.abs(made).max()) >= 8


def test_odds_have_bounds() -> None:
    with pytest.raises(OptionError, match=r"odds of 1.5 were given for room; allowed: 0 to 1"):
        Odds(room=1.5)


def test_rooms_are_made_once_and_are_not_those_of_the_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, float]] = []

    def response(**options: float) -> np.ndarray:
        asked.append(options)
        return ROOM * options["seed"]

    monkeypatch.setattr(disturb, "room_response", response)
    monkeypatch.setattr(disturb, "load_babble", lambda part: POOL.voices if part == "train" else [])
    path = tmp_path / "new" / "rooms.npz"
    made, read = open_pool(path, n_rooms=5), open_pool(path, n_rooms=4)
    assert len(asked) == 5
    assert [len(made.rooms), len(read.rooms)] == [5, 4]
    assert all(np.array_equal(one, same) for one, same in zip(made.rooms, read.rooms, strict=False))
    assert not {one["seed"] for one in asked} & set(range(robust.SEED, robust.SEED + robust.ROOMS_EACH))
    assert len({(one["time"], one["distance"]) for one in asked}) == 5
    with pytest.raises(OptionError, match="a pool of 0 rooms was asked for; allowed: 1 to 10000"):
        open_pool(path, n_rooms=0)


def test_what_is_measured_lies_inside_what_is_drawn() -> None:
    for time, distance in robust.ROOMS.values():
        assert disturb.TIMES[0] < time < disturb.TIMES[1]
        assert disturb.DISTANCES[0] < distance < disturb.DISTANCES[1]
    assert disturb.NOISE_SNR[0] < 0.0
    assert disturb.NOISE_SNR[1] > 10.0
    assert disturb.BABBLE_SNR[0] < 5.0 < disturb.BABBLE_SNR[1]
    assert disturb.VOICES[0] <= robust.VOICES_AT_ONCE <= disturb.VOICES[1]
    assert disturb.BITRATES[0] < 16_000 < disturb.BITRATES[1]
