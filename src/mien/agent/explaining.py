"""Why: words, voice cues and face regions that speak for each affect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mien.agent.perceiving import Perceived
from mien.agent.team import Team
from mien.explain import cue_evidence, region_evidence, word_evidence
from mien.explain.words import MOST
from mien.types import Evidence, Span, Track, Utterance

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
    passages = _passages(track, utterances)
    chosen = _affordable(track, passages)
    for place, (affect, passage) in enumerate(zip(track.affects, passages, strict=True)):
        found = word_evidence(team.perceivers["text"], passage, affect) if place in chosen else ()
        yield tuple(_placed(one, affect.span) for one in found)


def _affordable(track: Track, passages: Sequence[str]) -> set[int]:
    """Return the places of the surest affects that `MOST_WORDS` suffices to explain."""
    left, chosen = MOST_WORDS, set()
    for place in _surest(track):
        n_words = len(passages[place][: 10 * MOST_WORDS].split())
        left -= n_words * min(n_words, MOST)
        if left >= 0:
            chosen.add(place)
    return chosen


def _passages(track: Track, utterances: Sequence[Utterance]) -> list[str]:
    """Return the words that each affect speaks of."""
    said = {(utterance.span, utterance.speaker): utterance.text for utterance in utterances}
    ordered = sorted(utterances, key=lambda utterance: utterance.span.start)
    starts = np.array([utterance.span.start for utterance in ordered])
    return [_passage(affect.span, track.person, said, ordered, starts) for affect in track.affects]


def _passage(
    span: Span | None,
    person: str,
    said: Mapping[tuple[Span, str | None], str],
    ordered: Sequence[Utterance],
    starts: np.ndarray,
) -> str:
    if span is None:
        return ""
    whole = said.get((span, person)) or said.get((span, None))
    if whole is not None:
        return whole
    utterance = ordered[max(0, int(np.searchsorted(starts, span.start, side="right")) - 1)]
    if span.unit == "seconds":
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
