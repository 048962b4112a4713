"""Words without a name go to the voice that is clearly heard meanwhile."""

import numpy as np

from mien.fuse import fuse, spoken
from mien.types import Affect, Distribution, Span, Track
from mien.types.taxonomies import EKMAN7


def joy(start: float, end: float, unit: str = "seconds") -> Affect:
    return Affect(Distribution(EKMAN7, np.eye(7)[3]), span=Span(start, end, unit), confidence=0.9)


def voices() -> list[Track]:
    return [
        Track("voice-1", "speech", (joy(0, 4), joy(8, 12))),
        Track("voice-2", "speech", (joy(4, 8),)),
    ]


def test_each_voice_gets_the_words_that_it_spoke() -> None:
    words = Track("writer", "text", (joy(0.5, 3.5), joy(4.2, 7.8), joy(8.5, 11)))
    tracks = spoken([words, *voices()])
    texts = {track.person: len(track.affects) for track in tracks if track.modality == "text"}
    assert texts == {"voice-1": 2, "voice-2": 1}
    assert [track.person for track in fuse(tracks)] == ["voice-1", "voice-2"]


def test_shared_silent_and_untimed_words_stay_with_nobody() -> None:
    words = Track("writer", "text", (joy(2, 6), joy(20, 22), joy(0, 3, "characters")))
    tracks = spoken([words, *voices()])
    assert tracks[0] == words


def test_named_words_and_words_alone_are_left_as_they_are() -> None:
    named = [Track("Ann", "text", (joy(0, 3),)), *voices()]
    assert spoken(named) == named
    alone = [Track("writer", "text", (joy(0, 3),))]
    assert spoken(alone) == alone
