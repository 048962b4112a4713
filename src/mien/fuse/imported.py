"""Tracks that others made: which of them are fused with our own."""

from __future__ import annotations

from collections.abc import Sequence

from mien.types.analysis import Track

__all__ = ["imported"]


def imported(tracks: Sequence[Track]) -> list[Track]:
    """Return the tracks that say something of their own.

    A fused track concludes from the others of the same person, so it would count them twice; it stays only where none
    of them is there, as with people who judged a whole recording.

    Example:
        >>> tracks = [Track("ann", "face"), Track("ann", "fused"), Track("bob", "fused")]
        >>> [(track.person, track.modality) for track in imported(tracks)]
        [('ann', 'face'), ('bob', 'fused')]
    """
    read = {track.person for track in tracks if track.modality != "fused"}
    return [track for track in tracks if track.modality != "fused" or track.person not in read]
