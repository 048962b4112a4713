"""Voices form groups as they come."""

from __future__ import annotations

import numpy as np
import pytest

from mien.errors import OptionError
from mien.perceive.speech.frames import measure
from mien.perceive.speech.segments import Segment
from mien.perceive.speech.voices import NamedTurns, VoiceOptions, Voices, describe
from mien.types import Span, Utterance

from .conftest import speak

ONE, OTHER = np.eye(4, dtype=np.float32)[:2]


def test_like_vectors_are_one_voice() -> None:
    voices = Voices(VoiceOptions())
    assert [voices.place(vector, 2.0) for vector in (ONE, OTHER, ONE + 0.2 * OTHER, OTHER)] == [0, 1, 2, 3]
    assert voices.owners == [0, 1, 0, 1]
    assert voices.count == 2


def test_a_short_segment_founds_no_voice() -> None:
    voices = Voices(VoiceOptions(least=0.5))
    voices.place(ONE, 2.0)
    voices.place(OTHER, 0.3)
    assert voices.owners == [0, 0]


def test_looking_does_not_place() -> None:
    voices = Voices(VoiceOptions())
    assert voices.nearest(ONE, 2.0) is None
    assert voices.count == 0


def test_voices_that_grew_alike_are_joined() -> None:
    voices = Voices(VoiceOptions(alike=0.99, doubt=0.0, merge=0.8))
    for vector in (ONE, OTHER, ONE + 0.3 * OTHER):
        voices.place(vector, 2.0)
    assert voices.owners == [0, 1, 2]
    assert voices.resolved() == [0, 1, 0]


def test_a_segment_goes_to_the_voice_that_came_later_in_the_end() -> None:
    voices = Voices(VoiceOptions(alike=0.5, doubt=0.3, least=0.5, merge=0.95))
    between = (0.6 * ONE + 0.8 * OTHER).astype(np.float32)
    for vector, seconds in ((ONE, 2.0), (between, 0.4), (ONE, 2.0), (OTHER, 2.0), (OTHER, 2.0)):
        voices.place(vector, seconds)
    assert voices.owners == [0, 0, 0, 1, 1]
    assert voices.resolved() == [0, 1, 0, 1, 1]


def test_voices_are_numbered_as_they_appear_in_the_end() -> None:
    voices = Voices(VoiceOptions(alike=0.5, doubt=0.0, least=0.1, merge=0.99))
    mostly = (0.75 * ONE + 0.66 * OTHER).astype(np.float32)
    for vector in (mostly, OTHER, OTHER, OTHER, ONE):
        voices.place(vector, 2.0)
    assert voices.resolved()[0] == 0
    assert sorted(set(voices.resolved())) == list(range(len(set(voices.resolved()))))


def test_a_voice_that_is_hardly_heard_goes_to_another() -> None:
    voices = Voices(VoiceOptions(scarce=1.2, share=0.05))
    for vector, seconds in ((ONE, 12.0), (OTHER, 12.0), (-ONE - 0.5 * OTHER, 1.0)):
        voices.place(vector, seconds)
    assert voices.count == 3
    assert voices.resolved() == [0, 1, 1]


def test_in_a_short_recording_each_voice_counts() -> None:
    voices = Voices(VoiceOptions(scarce=1.2, share=0.05))
    for vector in (ONE, OTHER):
        voices.place(vector, 0.8)
    assert voices.resolved() == [0, 1]


def test_nothing_placed_is_nothing_resolved() -> None:
    assert Voices(VoiceOptions()).resolved() == []


def test_describing_follows_the_pitch() -> None:
    facts = []
    for pitch in (100.0, 200.0):
        frames = measure(speak(1.0, pitch=pitch))
        facts.append(describe(Segment(0, frames, frames.periodicity > 0.5, final=True)))
    assert facts[1][0] - facts[0][0] == pytest.approx(12.0, abs=1.5)


def test_turns_name_the_speaker_of_most() -> None:
    turns = NamedTurns(
        [
            Utterance("yes", Span(0.0, 2.0), "Ada"),
            Utterance("no", Span(2.0, 4.0), "Ben"),
            Utterance("so", Span(4.0, 5.0), "Ben"),
            Utterance("hm", Span(5.0, 6.0)),
        ]
    )
    assert turns.name(0.5, 2.5) == "Ada"
    assert turns.name(1.9, 3.0) == "Ben"
    assert turns.name(5.2, 5.8) is None
    assert turns.changes() == [2.0]


def test_unknown_options_are_refused() -> None:
    with pytest.raises(OptionError, match=r"no option 'loud'; known: alike"):
        VoiceOptions.read({"loud": 1})
