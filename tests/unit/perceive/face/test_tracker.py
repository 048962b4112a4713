from __future__ import annotations

import numpy as np
import pytest

from mien.perceive.face.appearance import SIZE, describe, difference
from mien.perceive.face.tracker import Limits, Sighting, Tracker, overlap


def look(kind: int) -> np.ndarray:
    vector = np.full(SIZE, 1e-6)
    vector[kind * 7 : kind * 7 + 7] = 1.0
    return vector / np.linalg.norm(vector)


def at(x: float, kind: int = 0, size: float = 40.0) -> Sighting:
    return Sighting((x, 50.0, x + size, 50.0 + size), look(kind))


def test_a_person_who_moves_stays_one() -> None:
    tracker = Tracker()
    numbers = [tracker.update([at(10.0 * step)], step / 5)[0].number for step in range(20)]
    assert set(numbers) == {0}


def test_two_who_cross_stay_apart() -> None:
    tracker = Tracker()
    for step in range(21):
        left, right = at(10.0 * step, kind=0), at(200 - 10.0 * step, kind=1)
        persons = tracker.update([left, right] if step % 2 == 0 else [right, left], step / 5)
        assert [person.number for person in persons] == ([0, 1] if step % 2 == 0 else [1, 0])


def test_the_order_of_faces_does_not_matter() -> None:
    tracker = Tracker()
    tracker.update([at(0, 0), at(100, 1)], 0.0)
    assert [person.number for person in tracker.update([at(100, 1), at(0, 0)], 0.2)] == [1, 0]


def test_someone_who_comes_back_elsewhere_is_known_by_looks() -> None:
    tracker = Tracker()
    tracker.update([at(0, 0)], 0.0)
    assert tracker.update([at(900, 0)], 5.0)[0].number == 0
    assert tracker.update([at(900, 1)], 9.0)[0].number == 1


def test_another_person_in_the_same_place_is_another_person() -> None:
    tracker = Tracker()
    tracker.update([at(0, 0)], 0.0)
    assert tracker.update([at(0, 1)], 0.2)[0].number == 1


def test_the_long_absent_are_forgotten() -> None:
    tracker = Tracker()
    tracker.update([at(0, 0)], 0.0)
    assert tracker.update([at(0, 0)], 100.0)[0].number == 1
    assert len(tracker.persons) == 1


def test_memory_is_bounded() -> None:
    tracker = Tracker(Limits(crowd=5))
    for step in range(50):
        tracker.update([at(1000.0 * step, step % 30)], step / 5)
    assert len(tracker.persons) <= 6


def test_nobody_and_nothing() -> None:
    assert Tracker().update([], 0.0) == []


def test_overlap() -> None:
    assert overlap((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert overlap((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 10, 10), (20, 0, 30, 10)) == 0


def test_appearance_tells_clothes_apart_and_bears_noise_and_shift() -> None:
    rng = np.random.default_rng(0)
    picture = np.full((200, 300, 3), 90, np.uint8)
    picture[50:90, 50:90], picture[90:170, 30:110] = (200, 130, 100), (30, 40, 170)
    other = picture.copy()
    other[90:170, 30:110] = (190, 170, 30)
    noisy = np.clip(np.roll(picture, 3, axis=1) + rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
    box = (50.0, 50.0, 90.0, 90.0)
    one = describe(picture, box)
    assert one.shape == (SIZE,)
    assert np.linalg.norm(one) == pytest.approx(1)
    assert difference(one, one) == pytest.approx(0, abs=1e-6)
    same, unlike = difference(one, describe(noisy, box)), difference(one, describe(other, box))
    assert same < unlike
    assert describe(picture, (-900.0, -900.0, -800.0, -800.0)).shape == (SIZE,)
