"""What is heard of the voices of a segment: vectors of its stretches, and where one voice hands over to another."""

from __future__ import annotations

import numpy as np
import pytest

from mien.errors import OptionError
from mien.perceive.speech.frames import measure
from mien.perceive.speech.listening import ChangeOptions, Listener
from mien.perceive.speech.segments import Segment
from mien.perceive.speech.voices import describe
from mien.runtime import Model, find_asset

from .conftest import Samples, speak

MODEL = Model(find_asset("speech-voices"), threads=1)
OPTIONS = ChangeOptions(unlike=0.6, doubt=0.0)
"""Laxer than the model's own: made voices are alike in many ways."""
LOW, HIGH = {"pitch": 105.0, "tube": 1.15}, {"pitch": 230.0, "tube": 0.85}


def segment_of(samples: Samples, *, start: int = 0) -> Segment:
    frames = measure(np.pad(samples, (0, 640)))
    return Segment(start, frames, frames.periodicity > 0.5, final=True)


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener(MODEL, OPTIONS)


@pytest.fixture(scope="module")
def handed_over() -> Samples:
    return np.concatenate([speak(2.0, **LOW), speak(2.5, **HIGH)])


def test_the_vector_is_that_of_states_and_facts(listener: Listener) -> None:
    segment = segment_of(speak(2.0))
    mel = segment.frames.mel[None]
    states = MODEL.run("frames", {"mel": mel, "mask": np.ones(mel.shape[:2], dtype=bool)})[0]
    pooled = {"mean": states.mean(axis=1), "variance": states.var(axis=1), "facts": describe(segment)[None]}
    vector = listener.listen(segment).vector()
    assert vector == pytest.approx(MODEL.run("voices", pooled)[0][0], abs=1e-5)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-4)


def test_running_sums_give_what_the_parts_give(listener: Listener, handed_over: Samples) -> None:
    heard = listener.listen(segment_of(handed_over))
    place, end = np.array([180]), len(heard.segment.frames)
    before, after = (heard.part(*edges).vector() for edges in ((0, 180), (180, end)))
    assert heard._likeness(place, heard._sums()) == pytest.approx([float(before @ after)], abs=1e-3)


def test_a_segment_of_one_voice_stays_whole(listener: Listener) -> None:
    (whole,) = listener.divide(segment_of(speak(4.0, **LOW)))
    assert whole.segment.final


def test_a_change_of_voice_without_a_pause_divides(listener: Listener, handed_over: Samples) -> None:
    parts = listener.divide(segment_of(handed_over, start=700))
    assert [part.segment.start for part in parts] == pytest.approx([700, 900], abs=20)
    assert parts[0].segment.end == parts[1].segment.start
    assert parts[1].segment.end == 700 + len(measure(np.pad(handed_over, (0, 640))))
    assert all(len(part.overlap()) == len(part.segment.frames) for part in parts)
    assert float(parts[0].vector() @ parts[1].vector()) < 0.5


def test_each_change_divides() -> None:
    samples = np.concatenate([speak(1.8, **voice) for voice in (LOW, HIGH, LOW)])
    lax = Listener(MODEL, ChangeOptions(unlike=0.75, doubt=0.0))
    starts = [part.segment.start for part in lax.divide(segment_of(samples))]
    assert starts == pytest.approx([0, 180, 360], abs=25)


def test_too_little_voice_on_a_side_divides_nothing(handed_over: Samples) -> None:
    listener = Listener(MODEL, ChangeOptions(unlike=0.9, least=3.0, sure=4.0))
    assert len(listener.divide(segment_of(handed_over))) == 1


def test_a_short_side_needs_a_greater_difference(handed_over: Samples) -> None:
    segment = segment_of(handed_over)
    sure = ChangeOptions(unlike=0.6, doubt=0.0)
    assert len(Listener(MODEL, sure).divide(segment)) > 1
    doubting = ChangeOptions(unlike=0.6, doubt=2.0, sure=9.0)
    assert len(Listener(MODEL, doubting).divide(segment)) == 1


def test_overlap_is_a_probability_for_each_frame(listener: Listener) -> None:
    heard = listener.listen(segment_of(speak(2.0)))
    overlap = heard.overlap()
    assert len(overlap) == len(heard.segment.frames)
    assert overlap.min() >= 0.0
    assert overlap.max() <= 1.0


def test_unknown_options_are_refused() -> None:
    with pytest.raises(OptionError, match=r"changes of voice have no option 'loud'; known: unlike"):
        ChangeOptions.read({"loud": 1})
