"""The fused affects of a stream as it runs: the last seconds of each person, through the fuser of analyses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from mien.agent.stream.news import News
from mien.fuse import Fuser, spoken
from mien.perceive.text.fold import NOBODY
from mien.types import Affect, Link, Span, Track
from mien.types.analysis import Modality

__all__ = ["Recent"]

STEP = 1.0
"""Length in seconds of a step of the fused timeline."""


class Recent:
    """What each modality said lately, and what of it is fused for good.

    Args:
        fuser: Makes one affect a step out of them.
        patience: Seconds for which settled affects are kept, so that late words still find who spoke.
    """

    def __init__(self, fuser: Fuser, *, patience: float) -> None:
        self._fuser, self._patience = fuser, patience
        self._final: dict[tuple[str, Modality], list[Affect]] = {}
        self._open: dict[tuple[str, Modality], Affect] = {}
        self.links: dict[str, Link] = {}
        """The face that each voice was joined to so far."""
        self.told = 0.0
        """Time in seconds before which every fused affect was given as final."""

    def take(self, news: Sequence[News], settled: Mapping[str, float], until: float) -> list[News]:
        """Take news of the modalities and return what follows for the persons.

        Args:
            news: Of text, speech and face.
            settled: Time up to which each modality is final.
            until: Time up to which all are.
        """
        for one in news:
            self._absorb(one)
        for key, affect in list(self._open.items()):
            if affect.span is not None and affect.span.end <= settled.get(key[1], 0.0):
                del self._open[key]
        return [*self._settle(until), *self._preview(news)]

    def _absorb(self, news: News) -> None:
        key = (news.person, news.modality)
        if news.modality == "speech":
            # One segment is open at a time, but whose it is may be guessed anew.
            self._open = {other: affect for other, affect in self._open.items() if other[1] != "speech"}
        if news.final:
            self._open.pop(key, None)
            if news.affect.span is not None and news.affect.span.unit == "seconds":
                self._final.setdefault(key, []).append(news.affect)
        else:
            self._open[key] = news.affect
            self._final.setdefault(key, [])

    def _settle(self, until: float) -> Iterator[News]:
        end = math.floor(until / STEP) * STEP
        if end <= self.told:
            return
        for track in self._fused(self.told, end, partial=False):
            for affect in track.affects:
                if affect.span is not None and self.told < affect.span.end <= end:
                    yield News("fused", track.person, affect, final=True)
        self.told = end
        for affects in self._final.values():
            affects[:] = [affect for affect in affects if _end(affect) > end - self._patience]

    def _preview(self, news: Sequence[News]) -> Iterator[News]:
        timed = [one for one in news if one.affect.span is not None and one.affect.span.unit == "seconds"]
        for one in news:
            if one not in timed:
                for track in self._fuser.fuse([Track(one.person, one.modality, (one.affect,))]):
                    yield from (News("fused", track.person, affect, final=False) for affect in track.affects)
        if not timed:
            return
        start = max(self.told, math.ceil(max(_end(one.affect) for one in timed) / STEP - 1) * STEP)
        changed = {self._joined(one.person) for one in timed}
        for track in self._fused(start, start + STEP, partial=True):
            if track.person in changed or NOBODY in changed:
                yield from (News("fused", track.person, affect, final=False) for affect in track.affects[-1:])

    def _joined(self, person: str) -> str:
        """Return whom a voice or a face goes by: a given name, else that of the face."""
        pair = next((one for one in self.links.values() if person in (one.voice, one.face)), None)
        if pair is None:
            return person
        return pair.face if pair.voice.startswith("voice-") else pair.voice

    def _fused(self, start: float, end: float, *, partial: bool) -> list[Track]:
        """Fuse what was said between two times."""
        tracks = []
        for (person, modality), affects in self._final.items():
            open_now = self._open.get((person, modality)) if partial else None
            tracks.append(Track(person, modality, (*affects, open_now) if open_now is not None else tuple(affects)))
        tracks = spoken(tracks)
        voiced = {track.person for track in tracks if track.modality != "text"}
        cut = [_cut(track, start, end, whole=track.person not in voiced) for track in tracks]
        return self._fuser.fuse(cut, tuple(self.links.values()))


def _cut(track: Track, start: float, end: float, *, whole: bool) -> Track:
    """Keep what lies between two times; a person of words alone has no steps, so whole turns are kept."""
    inside = [affect for affect in track.affects if affect.span is not None and _start(affect) < end]
    inside = [affect for affect in inside if _end(affect) > start or _start(affect) >= start]
    if not whole:
        inside = [affect.at(Span(max(_start(affect), start), min(_end(affect), end))) for affect in inside]
    return Track(track.person, track.modality, tuple(inside))


def _start(affect: Affect) -> float:
    return affect.span.start if affect.span is not None else 0.0


def _end(affect: Affect) -> float:
    return affect.span.end if affect.span is not None else 0.0
