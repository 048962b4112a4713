"""Turns of a conversation, from what was read of its voices: stretches of speech joined over short pauses.

A silence between two stretches of one voice is a pause and belongs to the turn; a silence between two voices is a gap
and belongs to nobody.

References:
    M. Heldner and J. Edlund (2010). Pauses, gaps and overlaps in conversations. Journal of Phonetics 38(4), 555-568.
"""

from collections.abc import Sequence

from mien.errors import OptionError
from mien.types import Span, Track, Turn

__all__ = ["PAUSE", "find_turns"]

PAUSE = 1.0
"""Longest pause inside a turn, in seconds."""


def find_turns(tracks: Sequence[Track], *, pause: float = PAUSE) -> tuple[Turn, ...]:
    """Return who has the floor when, in order of time.

    Args:
        tracks: Tracks of an analysis or of one recording; those of speech count.
        pause: Longest silence inside a turn, in seconds; only where nobody else speaks in it.

    Returns:
        Turns without words or affect, from the first sound of each to its last.

    Raises:
        OptionError: The pause is negative.

    Example:
        >>> from mien.types import Affect, Dimension
        >>> said = [Affect(valence=Dimension(0.0, 1.0), span=Span(*times)) for times in ((0.0, 2.0), (2.5, 4.0))]
        >>> [turn.span for turn in find_turns([Track("voice-1", "speech", tuple(said))])]
        [Span(start=0.0, end=4.0, unit='seconds')]
    """
    if pause < 0:
        raise OptionError(f"the longest pause was given as {pause} s; it must not be negative")
    joined: list[Turn] = []
    for span, person in _stretches(tracks):
        before = joined[-1] if joined else None
        if before is not None and before.speaker == person and span.start - before.span.end <= pause:
            joined[-1] = Turn(person, Span(before.span.start, max(before.span.end, span.end)))
        else:
            joined.append(Turn(person, span))
    return tuple(joined)


def _stretches(tracks: Sequence[Track]) -> list[tuple[Span, str]]:
    """Return every stretch of speech and whose it is, by its start."""
    found = [
        (affect.span, track.person)
        for track in tracks
        if track.modality == "speech"
        for affect in track.affects
        if affect.span is not None and affect.span.unit == "seconds"
    ]
    return sorted(found, key=lambda one: (one[0].start, one[0].end))
