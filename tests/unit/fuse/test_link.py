"""A voice joins the face whose mouth moves with it, and no other."""

import numpy as np
import pytest

from mien.fuse import link
from mien.types import Series, Track

SECONDS = 40


def turns(seed: int, seconds: int = SECONDS) -> np.ndarray:
    """Speech in stretches of 1 to 4 s with pauses between, 100 values a second."""
    rng = np.random.default_rng(seed)
    active, speaking = [], False
    while len(active) < seconds * 100:
        active += [speaking] * int(rng.uniform(1, 4) * 100)
        speaking = not speaking
    return np.array(active[: seconds * 100])


def mouth(active: np.ndarray, seed: int, noise: float = 0.03) -> np.ndarray:
    """Motion of a mouth that opens and shuts while its owner speaks, 10 values a second."""
    rng = np.random.default_rng(seed)
    spoken = active.reshape(-1, 10).mean(axis=1)
    return spoken * rng.gamma(1.5, 0.15, len(spoken)) + np.abs(rng.normal(0, noise, len(spoken)))


def voice(name: str, active: np.ndarray) -> Track:
    return Track(name, "speech", series=(Series("voice_activity", 0, 100, active.astype(float)),))


def face(name: str, motion: np.ndarray, start: float = 0) -> Track:
    return Track(name, "face", series=(Series("mouth_motion", start, 10, motion),))


def joined(links) -> set[tuple[str, str]]:
    return {(each.voice, each.face) for each in links if each.joined}


@pytest.mark.parametrize("seed", range(8))
def test_joins_where_mouth_and_voice_agree(seed: int) -> None:
    active = turns(seed)
    links = link([voice("voice-1", active)], [face("face-1", mouth(active, seed + 50))])
    assert joined(links) == {("voice-1", "face-1")}
    assert links[0].score > 0.6


def test_does_not_join_what_is_independent() -> None:
    wrong = 0
    for seed in range(40):
        links = link([voice("voice-1", turns(seed))], [face("face-1", mouth(turns(seed + 1000), seed))])
        wrong += bool(joined(links))
    assert wrong <= 1


@pytest.mark.parametrize("seed", range(5))
def test_does_not_join_a_face_that_does_not_move(seed: int) -> None:
    still = np.abs(np.random.default_rng(seed).normal(0, 0.02, SECONDS * 10))
    assert joined(link([voice("voice-1", turns(seed))], [face("face-1", still)])) == set()
    assert link([voice("voice-1", turns(seed))], [face("face-1", np.zeros(SECONDS * 10))]) == []


@pytest.mark.parametrize("seed", range(5))
def test_two_who_take_turns_each_get_their_own_voice(seed: int) -> None:
    first = turns(seed)
    second = ~first
    links = link(
        [voice("voice-1", first), voice("voice-2", second)],
        [face("face-1", mouth(second, seed + 7)), face("face-2", mouth(first, seed + 8))],
    )
    assert joined(links) == {("voice-1", "face-2"), ("voice-2", "face-1")}
    assert len(links) == 4


def test_a_speaker_off_screen_joins_nobody() -> None:
    seen, heard = turns(3), turns(77)
    links = link([voice("voice-1", heard & ~seen)], [face("face-1", mouth(seen, 5))])
    assert joined(links) == set()


def test_two_faces_that_move_alike_leave_it_open() -> None:
    active = turns(4)
    links = link([voice("voice-1", active)], [face("face-1", mouth(active, 1)), face("face-2", mouth(active, 2))])
    assert joined(links) == set()
    assert min(each.score for each in links) > 0.5


def test_a_face_that_comes_late_and_hides_is_compared_where_it_is_seen() -> None:
    active = turns(6)
    motion = mouth(active, 9)[150:]
    motion[30:80] = np.nan
    links = link([voice("voice-1", active)], [face("face-1", motion, start=15)])
    assert joined(links) == {("voice-1", "face-1")}


def test_too_little_to_compare_gives_no_link() -> None:
    active = np.ones(1000, dtype=bool)
    assert link([voice("voice-1", active)], [face("face-1", mouth(active, 1))]) == []
    assert link([Track("voice-1", "speech")], [face("face-1", np.ones(100))]) == []
    assert link([voice("voice-1", active)], [face("face-1", np.full(100, np.nan))]) == []
