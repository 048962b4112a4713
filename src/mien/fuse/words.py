"""Whose words they are: a transcript without names is spoken by the voice that is heard meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from mien.perceive.text.fold import NOBODY
from mien.types.affect import Affect
from mien.types.analysis import Track

__all__ = ["spoken"]

CLEAR = 0.8
"""Share of the speech during some words that must be of one voice, so that giving them to it is no guess."""

LEAST_HEARD = 0.3
"""Least speech in seconds during some words."""


def spoken(tracks: Sequence[Track]) -> list[Track]:
    """Return the tracks with the words of nobody in particular given to the voices that spoke them.

    Words that several voices share, or that no voice is heard with, stay with nobody; so do words without times.

    Example:
        >>> from mien.types import Affect, Span
        >>> words, voice = Affect(labels=("a",), span=Span(1, 3)), Affect(labels=("b",), span=Span(0, 4))
        >>> given = spoken([Track("writer", "text", (words,)), Track("voice-1", "speech", (voice,))])
        >>> [(track.person, track.modality) for track in given]
        [('voice-1', 'text'), ('voice-1', 'speech')]
    """
    voices = [track for track in tracks if track.modality == "speech"]
    given: list[Track] = []
    for track in tracks:
        if track.modality == "text" and track.person == NOBODY and voices:
            given += _by_voice(track, voices)
        else:
            given.append(track)
    return given


def _by_voice(words: Track, voices: Sequence[Track]) -> list[Track]:
    owned: dict[str, list[Affect]] = {}
    for affect in words.affects:
        owned.setdefault(_speaker(affect, voices), []).append(affect)
    return [Track(person, "text", tuple(affects), words.series) for person, affects in owned.items()]


def _speaker(words: Affect, voices: Sequence[Track]) -> str:
    """Return the voice that clearly speaks while the words are said, else nobody."""
    heard = {voice.person: _heard(words, voice) for voice in voices}
    best = max(heard, key=lambda person: heard[person])
    clear = heard[best] >= LEAST_HEARD and heard[best] >= CLEAR * sum(heard.values())
    return best if clear else NOBODY


def _heard(words: Affect, voice: Track) -> float:
    """Return for how many seconds a voice speaks while the words are said."""
    if words.span is None or words.span.unit != "seconds":
        return 0.0
    spans = [affect.span for affect in voice.affects if affect.span is not None and affect.span.unit == "seconds"]
    return sum(words.span.overlap(span) for span in spans)
