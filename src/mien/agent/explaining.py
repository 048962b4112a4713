"""Why: words, voice cues and face regions that speak for each affect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mien.agent.material import Material
from mien.agent.perceiving import Perceived
from mien.agent.team import Team
from mien.explain import cue_evidence, region_evidence, word_evidence
from mien.types import Evidence, Span, Track, Utterance

__all__ = ["explain"]

MOST = 200
"""Affects of a track that are explained by leaving words or parts of a face out: each costs many readings. The surest
are explained."""

Reasons = Sequence[tuple[Evidence, ...]]


def explain(material: Material, perceived: Perceived, team: Team) -> list[Track]:
    """Return the tracks with their reasons.

    Args:
        material: The source, for its words.
        perceived: The tracks and the finished folds.
        team: The perceivers; words and faces are read again with parts left out.
    """
    return [_explained(track, _reasons(track, material, perceived, team)) for track in perceived.tracks]


def _explained(track: Track, reasons: Reasons) -> Track:
    affects = (affect.because(*own) for affect, own in zip(track.affects, reasons, strict=True))
    return replace(track, affects=tuple(affects))


def _reasons(track: Track, material: Material, perceived: Perceived, team: Team) -> Reasons:
    if track.modality == "speech":
        return cue_evidence(track)
    chosen = _surest(track)
    if track.modality == "text":
        return list(_words(track, chosen, material, team))
    return list(_regions(track, chosen, perceived.folds["face"], team))


def _surest(track: Track) -> set[int]:
    sureness = np.array([affect.confidence or 0.0 for affect in track.affects])
    return {int(place) for place in np.argsort(-sureness, kind="stable")[:MOST]}


def _words(track: Track, chosen: set[int], material: Material, team: Team) -> Iterator[tuple[Evidence, ...]]:
    said = {(utterance.span, utterance.speaker): utterance for utterance in material.utterances}
    by_start = sorted(material.utterances, key=lambda utterance: utterance.span.start)
    starts = [utterance.span.start for utterance in by_start]
    for place, affect in enumerate(track.affects):
        if place not in chosen or affect.span is None:
            yield ()
            continue
        utterance = said.get((affect.span, track.person)) or said.get((affect.span, None))
        words, offset = _passage(affect.span, utterance, by_start, starts)
        found = word_evidence(team.perceivers["text"], words, affect)
        yield tuple(_placed(one, affect.span, offset) for one in found)


def _passage(
    span: Span, utterance: Utterance | None, by_start: Sequence[Utterance], starts: Sequence[float]
) -> tuple[str, int]:
    """Return the words of an affect, and how many characters into the source they begin (0 where it has times)."""
    if utterance is None:
        utterance = by_start[max(0, int(np.searchsorted(starts, span.start, side="right")) - 1)]
    if span.unit == "seconds":
        return utterance.text, 0
    begin = int(span.start - utterance.span.start)
    return utterance.text[begin : begin + int(span.duration)], int(span.start)


def _placed(evidence: Evidence, span: Span, offset: int) -> Evidence:
    """Lay a word's place in its passage onto the timeline; on one of seconds it keeps its place in the turn."""
    if evidence.span is None or span.unit == "seconds":
        return evidence
    return replace(evidence, span=evidence.span.shift(offset))


def _regions(track: Track, chosen: set[int], fold: Any, team: Team) -> Iterator[tuple[Evidence, ...]]:
    perceiver: Any = team.perceivers["face"]
    crops = fold.crops(track.person)
    places = sorted(chosen & set(crops))
    found = dict(zip(places, region_evidence(perceiver.reader, [crops[place] for place in places]), strict=True))
    for place, _ in enumerate(track.affects):
        yield found.get(place, ())
