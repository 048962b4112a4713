"""Why: words, voice cues and face regions that speak for each affect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from mien.agent.perceiving import Perceived
from mien.agent.team import Team
from mien.explain import cue_evidence, region_evidence, word_evidence
from mien.explain.words import MOST
from mien.types import Affect, Evidence, Span, Track, Utterance

__all__ = ["explain"]

MOST_FACES = 200
"""Affects of a face that are explained: each costs a reading for every part of the face. The surest are explained."""

MOST_WORDS = 20_000
"""Words that may be read again to explain a track: a passage costs its words times the words left out of it. The surest
passages are explained; those for which this does not suffice are not."""

Reasons = Sequence[tuple[Evidence, ...]]


def explain(perceived: Perceived, team: Team) -> list[Track]:
    """Return the tracks with their reasons.

    Args:
        perceived: The tracks, the words and the finished folds.
        team: The perceivers; words and faces are read again with parts left out.
    """
    return [_explained(track, _reasons(track, perceived, team)) for track in perceived.tracks]


def _explained(track: Track, reasons: Reasons) -> Track:
    affects = (affect.because(*own) for affect, own in zip(track.affects, reasons, strict=True))
    return replace(track, affects=tuple(affects))


def _reasons(track: Track, perceived: Perceived, team: Team) -> Reasons:
    if track.modality == "speech":
        return cue_evidence(track)
    if track.modality == "text":
        return list(_words(track, perceived.utterances, team))
    return list(_regions(track, perceived.folds["face"], team))


def _surest(track: Track) -> list[int]:
    """Return the places of the affects, the surest first."""
    sureness = np.array([affect.confidence or 0.0 for affect in track.affects])
    return [int(place) for place in np.argsort(-sureness, kind="stable")]


def _words(track: Track, utterances: Sequence[Utterance], team: Team) -> Iterator[tuple[Evidence, ...]]:
    perceiver: Any = team.perceivers["text"]
    places = _places(track, utterances)
    passages = [
        "" if place is None else _passage(affect.span, utterances[place])
        for affect, place in zip(track.affects, places, strict=True)
    ]
    chosen = _affordable(track, passages)
    for number, (affect, passage, place) in enumerate(zip(track.affects, passages, places, strict=True)):
        reader = perceiver if place is None else _as_said(perceiver, utterances, place)
        found = word_evidence(reader, passage, affect) if number in chosen else ()
        yield tuple(_placed(one, affect.span) for one in found)


@dataclass(frozen=True, slots=True)
class _Following:
    """Reads words as what one speaker says after others have spoken."""

    perceiver: Any
    speaker: str | None
    before: Sequence[Utterance]

    def read(self, pieces: Sequence[Utterance]) -> list[Affect | None]:
        said = [replace(piece, speaker=self.speaker) for piece in pieces]
        affects: list[Affect | None] = self.perceiver.read(said, before=[self.before] * len(said))
        return affects


def _as_said(perceiver: Any, utterances: Sequence[Utterance], place: int) -> Any:
    """Return what reads words as part of one of the utterances: after those before it, if the model sees them."""
    context = getattr(perceiver, "context", 0)
    if not context:
        return perceiver
    spoken = (turn for turn in reversed(utterances[:place]) if turn.text.strip())
    return _Following(perceiver, utterances[place].speaker, list(islice(spoken, context))[::-1])


def _affordable(track: Track, passages: Sequence[str]) -> set[int]:
    """Return the places of the surest affects that `MOST_WORDS` suffices to explain."""
    left, chosen = MOST_WORDS, set()
    for place in _surest(track):
        n_words = len(passages[place][: 10 * MOST_WORDS].split())
        left -= n_words * min(n_words, MOST)
        if left >= 0:
            chosen.add(place)
    return chosen


def _places(track: Track, utterances: Sequence[Utterance]) -> list[int | None]:
    """Return the place of the utterance that each affect speaks of."""
    whole = {(utterance.span, utterance.speaker): place for place, utterance in enumerate(utterances)}
    starts = np.array([utterance.span.start for utterance in utterances])
    order = np.argsort(starts, kind="stable")
    return [_place(affect.span, track.person, whole, order, starts[order]) for affect in track.affects]


def _place(
    span: Span | None,
    person: str,
    whole: Mapping[tuple[Span, str | None], int],
    order: np.ndarray,
    starts: np.ndarray,
) -> int | None:
    if span is None:
        return None
    for speaker in (person, None):
        if (span, speaker) in whole:
            return whole[span, speaker]
    return int(order[max(0, int(np.searchsorted(starts, span.start, side="right")) - 1)])


def _passage(span: Span | None, utterance: Utterance) -> str:
    """Return the words that an affect speaks of."""
    if span is None or span.unit == "seconds" or span == utterance.span:
        return utterance.text
    begin = int(span.start - utterance.span.start)
    return utterance.text[begin : begin + int(span.duration)]


def _placed(evidence: Evidence, span: Span | None) -> Evidence:
    """Lay a word's place in its passage onto the timeline; on one of seconds it keeps its place in the turn."""
    if evidence.span is None or span is None or span.unit == "seconds":
        return evidence
    return replace(evidence, span=evidence.span.shift(span.start))


def _regions(track: Track, fold: Any, team: Team) -> Iterator[tuple[Evidence, ...]]:
    perceiver: Any = team.perceivers["face"]
    crops = fold.crops(track.person)
    places = sorted(set(_surest(track)[:MOST_FACES]) & set(crops))
    found = dict(zip(places, region_evidence(perceiver.reader, [crops[place] for place in places]), strict=True))
    for place, _ in enumerate(track.affects):
        yield found.get(place, ())
