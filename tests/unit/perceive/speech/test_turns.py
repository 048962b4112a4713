"""Turns: pauses belong to them, gaps and others' speech do not."""

from __future__ import annotations

import pytest

from mien.errors import OptionError
from mien.perceive.speech import find_turns
from mien.types import Affect, Dimension, Span, Track, Turn

CALM = Dimension(0.0, 0.5)


def voice(person: str, *times: tuple[float, float]) -> Track:
    return Track(person, "speech", tuple(Affect(valence=CALM, span=Span(*both)) for both in times))


def test_short_pauses_are_inside_a_turn_and_long_ones_end_it() -> None:
    found = find_turns([voice("voice-1", (0.5, 2.0), (2.8, 4.0), (5.5, 6.0))])
    assert found == (Turn("voice-1", Span(0.5, 4.0)), Turn("voice-1", Span(5.5, 6.0)))


def test_what_another_says_in_between_ends_a_turn() -> None:
    found = find_turns([voice("voice-1", (0.0, 2.0), (2.6, 4.0)), voice("voice-2", (2.1, 2.5))])
    assert [(turn.speaker, turn.span.start) for turn in found] == [("voice-1", 0.0), ("voice-2", 2.1), ("voice-1", 2.6)]


def test_the_longest_pause_can_be_given() -> None:
    track = voice("voice-1", (0.0, 1.0), (1.4, 2.0))
    assert len(find_turns([track], pause=0.3)) == 2
    assert len(find_turns([track], pause=0.4)) == 1


def test_only_speech_with_times_counts() -> None:
    seen = Track("face-1", "face", (Affect(valence=CALM, span=Span(0.0, 9.0)),))
    whole = Track("voice-1", "speech", (Affect(valence=CALM),))
    assert find_turns([seen, whole]) == ()


def test_a_negative_pause_is_refused() -> None:
    with pytest.raises(OptionError, match=r"given as -1 s; it must not be negative"):
        find_turns([], pause=-1)
