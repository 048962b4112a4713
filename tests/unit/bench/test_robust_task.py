"""The task on disturbed speech, with a perceiver that answers as told."""

from __future__ import annotations

import numpy as np
import pytest

from mien.bench.tasks import ROBUST, robust
from mien.datasets import Sample
from mien.types import Affect, Audio, Distribution, Sound
from mien.types.taxonomies import RAVDESS8

RNG = np.random.default_rng(0)
PLACE = np.arange(8_000) / 16_000
READERS = [(0.1 * np.sin(2 * np.pi * hertz * PLACE)).astype(np.float32) for hertz in (200, 300, 400, 500, 600)]


def affect(place: int) -> Affect:
    return Affect(Distribution(RAVDESS8, np.eye(8)[place]))


SAMPLES = [
    Sample(
        str(number),
        Sound(Audio((0.9 * np.sin(2 * np.pi * (150 + 50 * number) * PLACE))[None].astype(np.float32), 16_000)),
        affect(number % 4),
        {"speaker": str(number // 4)},
    )
    for number in range(8)
]


class Told:
    """Right about every clip as it is; half of them cannot be heard where the sound was changed."""

    def read(self, sounds: list[Sound]) -> list[Affect | None]:
        self.heard = sounds
        clean = all(
            one.audio is not None and self._same(one, own.signal) for one, own in zip(sounds, SAMPLES, strict=True)
        )
        return [affect(number % 4) if clean or number % 2 else None for number in range(len(sounds))]

    def _same(self, one: Sound, other: Sound) -> bool:
        return np.array_equal(one.audio.samples, other.audio.samples)


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    response = np.exp(-np.arange(2_000) / 200).astype(np.float32)
    monkeypatch.setattr(robust, "build", lambda kind, name, *, model: Told())
    monkeypatch.setattr(robust, "load_babble", lambda part: READERS if part == "test" else [])
    monkeypatch.setattr(robust, "room_response", lambda **asked: response)


def test_each_condition_has_a_score_and_the_worst_is_named() -> None:
    answers = ROBUST.answer(SAMPLES, "any")
    found = {name: measure(answers) for name, measure in ROBUST.metrics.items()}
    assert set(found) == {"worst_fall", *(f"uar_{name}" for name in robust.CONDITIONS)}
    assert len(found) == 11
    assert found["uar_clean"].value == 1.0
    assert {found[f"uar_{name}"].value for name in robust.CONDITIONS[1:]} == {0.5}
    assert found["worst_fall"].value == found["worst_fall"].low == 0.5


def test_conditions_are_told_in_one_order() -> None:
    assert tuple(robust.conditions()) == robust.CONDITIONS


@pytest.mark.parametrize("name", robust.CONDITIONS)
def test_a_condition_is_the_same_each_time_and_fits(name: str) -> None:
    disturb = robust.conditions()[name]
    once, again = robust.heard(SAMPLES, name, disturb), robust.heard(SAMPLES, name, disturb)
    for one, same, own in zip(once, again, SAMPLES, strict=True):
        assert np.array_equal(one.audio.samples, same.audio.samples)
        assert one.audio.samples.shape == own.signal.audio.samples.shape
        assert one.audio.samples.dtype == np.float32
        assert np.abs(one.audio.samples).max() <= 1.0


def test_clips_differ_in_their_noise() -> None:
    disturb = robust.conditions()["pink_0db"]
    one, other = robust.heard([SAMPLES[0], SAMPLES[0]], "pink_0db", disturb)
    assert not np.array_equal(one.audio.samples, other.audio.samples)
