"""Who is one person: tracks of the same name, and a voice and a face that were joined."""

from __future__ import annotations

from collections.abc import Sequence

from mien.types.analysis import Link, Track

__all__ = ["persons"]

NUMBERED = ("voice-", "face-", "speaker-")


def persons(tracks: Sequence[Track], links: Sequence[Link] = ()) -> dict[str, str]:
    """Return the fused person of each person of the tracks.

    Tracks of one name are one person, so the words of a named speaker join the voice of that name. A voice joins a face
    only through a link that says so. A joined person takes the given name, if there is one, else that of the face.

    Example:
        >>> pair = [Track("voice-1", "speech"), Track("face-2", "face")]
        >>> persons(pair, [Link("voice-1", "face-2", 0.9, joined=True)])
        {'voice-1': 'face-2', 'face-2': 'face-2'}
    """
    group = {track.person: track.person for track in tracks}
    for link in links:
        if link.joined and link.voice in group and link.face in group:
            old, new = group[link.voice], group[link.face]
            group = {name: new if leader == old else leader for name, leader in group.items()}
    members: dict[str, list[str]] = {}
    for name, leader in group.items():
        members.setdefault(leader, []).append(name)
    return {name: _name(members[leader]) for name, leader in group.items()}


def _name(members: Sequence[str]) -> str:
    return min(members, key=lambda name: (name.startswith(NUMBERED), not name.startswith("face-"), name))
