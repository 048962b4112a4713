"""Voices are found; silence, noise and machines are not."""

from __future__ import annotations

import numpy as np
import pytest

from mien.errors import OptionError
from mien.perceive.speech.activity import ActivityOptions, Background, runs
from mien.perceive.speech.frames import Measurer
from mien.perceive.speech.segments import Segment, Segmenter, SegmentOptions

from .conftest import RATE, Samples, quiet, speak

TIME = np.arange(4 * RATE) / RATE
NOISE = np.random.default_rng(3).normal(size=4 * RATE)
NOTHING = {
    "silence": np.zeros(4 * RATE),
    "white noise": 0.1 * NOISE,
    "brown noise": np.cumsum(NOISE) / np.abs(np.cumsum(NOISE)).max(),
    "low tone": 0.5 * np.sin(2 * np.pi * 110 * TIME),
    "tone": 0.5 * np.sin(2 * np.pi * 440 * TIME),
    "high tone": 0.5 * np.sin(2 * np.pi * 3000 * TIME),
    "beeps": 0.5 * np.sin(2 * np.pi * 600 * TIME) * (TIME * 2 % 1 < 0.5),
    "hum": 0.2 * np.sign(np.sin(2 * np.pi * 100 * TIME)) + 0.02 * NOISE,
    "chord": sum(0.2 * np.sin(2 * np.pi * hertz * TIME) for hertz in (220, 277, 330, 440)),
    "sweep": 0.5 * np.sin(2 * np.pi * (200 * TIME + 150 * TIME**2)),
    "clicks": (np.random.default_rng(4).random(4 * RATE) < 1e-4).astype(float),
}


def segments(samples: Samples, **options: float) -> list[Segment]:
    measurer, segmenter = Measurer(), Segmenter(SegmentOptions(**options), ActivityOptions())  # type: ignore[arg-type]
    blocks = [*measurer.push(samples), *measurer.finish()]
    found = [segment for block in blocks for segment in segmenter.push(block)]
    return [segment for segment in [*found, *segmenter.finish()] if segment.final]


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_no_voice_gives_no_segment(name: str) -> None:
    assert segments(NOTHING[name].astype(np.float32)) == []


@pytest.mark.parametrize("gain", [1.0, 0.03])
@pytest.mark.parametrize("pitch", [95.0, 160.0, 260.0])
def test_a_voice_is_found_where_it_is(pitch: float, gain: float) -> None:
    found = segments(gain * np.concatenate([quiet(1.0), speak(2.0, pitch=pitch), quiet(1.0)]))
    assert len(found) == 1
    assert found[0].start / 100 == pytest.approx(1.0, abs=0.25)
    assert found[0].end / 100 == pytest.approx(3.0, abs=0.3)


def test_a_voice_in_noise_is_found() -> None:
    noisy = np.concatenate([quiet(1.0), speak(2.0), quiet(1.0)])
    noisy = noisy + 0.01 * np.random.default_rng(5).normal(size=len(noisy)).astype(np.float32)
    assert len(segments(noisy)) == 1


def test_a_clip_shorter_than_a_window_gives_nothing() -> None:
    for n_samples in (0, 1, 100, 399, 641):
        assert segments(speak(1.0)[:n_samples]) == []


def test_a_pause_parts_and_a_long_segment_is_cut() -> None:
    parted = np.concatenate([speak(1.5), quiet(1.0), speak(1.5)])
    assert len(segments(parted)) == 2
    assert len(segments(parted, pause=1.5)) == 1
    lengths = [len(segment.frames) for segment in segments(speak(15.0))]
    assert len(lengths) >= 3
    assert max(lengths) <= 600


def test_the_background_is_the_quietest_of_the_last_blocks() -> None:
    background = Background(2)
    levels = [background.push(np.full(50, level, dtype=np.float32)) for level in (-60.0, -30.0, -20.0)]
    assert levels == pytest.approx([-60.0, -60.0, -30.0])


def test_runs_are_starts_and_ends() -> None:
    assert list(runs(np.array([True, False, True, True]))) == [(0, 1), (2, 4)]


def test_unknown_options_are_refused() -> None:
    with pytest.raises(OptionError, match=r"no option 'loud'; known: periodicity"):
        ActivityOptions.read({"loud": 1})
    with pytest.raises(OptionError, match=r"no option 'loud'; known: pause"):
        SegmentOptions.read({"loud": 1})
