"""An analysis in few words, as structured results for a program that reads them: not whole curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from typing_extensions import TypedDict

from mien.types import Affect, Analysis, Dimension, Span, Track

__all__ = ["HONESTY", "Digest", "Exchange", "Level", "Passage", "Person", "Place", "Share", "digest", "passages"]

MOST_LABELS = 5
MOST_MOMENTS = 10
MOST_PASSAGES = 12
LONGEST_QUOTE = 160
UNSURE = 0.5
HONESTY = (
    "These are readings of what words, voices and faces express, as raters would judge them; they are not what a "
    "person feels, and no ground for a decision about anyone."
)


class Share(TypedDict):
    """A label and its probability."""

    label: str
    probability: float


class Level(TypedDict):
    """A dimension on [-1, 1] with its standard deviation."""

    mean: float
    std: float


class Place(TypedDict):
    """Where something lies."""

    start: float
    end: float
    unit: str


class Person(TypedDict):
    """One person over the whole source. Unsure: the first label is more likely wrong than right."""

    person: str
    modalities: list[str]
    labels: list[Share]
    valence: Level | None
    arousal: Level | None
    dominance: Level | None
    confidence: float | None
    unsure: bool


class Passage(TypedDict):
    """What one passage or turn expresses."""

    person: str
    place: Place | None
    text: str
    label: str | None
    probability: float | None
    valence: float | None
    confidence: float | None


class Moment(TypedDict):
    """A stretch worth looking at."""

    person: str
    place: Place
    note: str


class Digest(TypedDict):
    """An analysis, in few words."""

    source: str
    kind: str
    length: float | None
    unit: str
    taxonomies: list[str]
    persons: list[Person]
    passages: list[Passage]
    moments: list[Moment]
    models: list[str]
    notes: list[str]


class Exchange(TypedDict):
    """How one person's valence goes with that of another in the turn before."""

    source: str
    target: str
    n: int
    shift: float | None
    lower: float | None
    upper: float | None
    note: str


def digest(analysis: Analysis, *, name: str, every_passage: bool = False) -> Digest:
    """Return an analysis in few words.

    Args:
        analysis: The analysis.
        name: What its source is called.
        every_passage: All passages in their order, instead of the dozen that say most.
    """
    said = passages(analysis)
    return Digest(
        source=name,
        kind=analysis.source.kind,
        length=analysis.source.duration,
        unit=analysis.source.unit,
        taxonomies=_taxonomies(analysis),
        persons=[_person(track, analysis) for track in analysis.fused],
        passages=said if every_passage else _telling(said),
        moments=[Moment(person=m.person, place=_place(m.span), note=m.note) for m in analysis.moments[:MOST_MOMENTS]],
        models=[f"{model.name} {model.version} ({model.line}, {model.licence})" for model in analysis.models],
        notes=[HONESTY, *analysis.warnings, *_left_out(analysis, said, every_passage)],
    )


def passages(analysis: Analysis) -> list[Passage]:
    """Return what each passage of words expresses, in order."""
    found = [
        (affect.span.start if affect.span else 0.0, _passage(_fused_name(track.person, analysis), affect, analysis))
        for track in analysis.tracks
        if track.modality == "text"
        for affect in track.affects
    ]
    return [passage for _, passage in sorted(found, key=lambda pair: pair[0])]


def _fused_name(person: str, analysis: Analysis) -> str:
    """The name that the fused timeline has for a person: a voice that was joined to a face goes by the face's."""
    joined = {link.voice: link.face for link in analysis.links if link.joined}
    return person if person in analysis.persons else joined.get(person, person)


def _passage(person: str, affect: Affect, analysis: Analysis) -> Passage:
    label, probability = affect.categories.top if affect.categories else (None, None)
    return Passage(
        person=person,
        place=None if affect.span is None else _place(affect.span),
        text=_quote(affect.span, analysis) if affect.span else "",
        label=label,
        probability=_rounded(probability),
        valence=_rounded(affect.valence.mean if affect.valence else None),
        confidence=_rounded(affect.confidence),
    )


def _quote(span: Span, analysis: Analysis) -> str:
    """The words of a span: of a text those characters, of a recording the turn that has these times."""
    for turn in analysis.context.turns:
        if turn.text and turn.span.start <= span.start and span.end <= turn.span.end:
            inside = span.unit == "characters" and turn.span.unit == "characters"
            first, last = (int(each - turn.span.start) if inside else None for each in (span.start, span.end))
            words = " ".join(turn.text[first:last].split())
            return words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 3]}..."
    return ""


def _telling(said: Sequence[Passage]) -> list[Passage]:
    """Return the passages that say most, in their order: far from neutral, and sure."""
    order = sorted(
        range(len(said)), key=lambda place: -abs(said[place]["valence"] or 0) - (said[place]["confidence"] or 0)
    )
    return [said[place] for place in sorted(order[:MOST_PASSAGES])]


def _left_out(analysis: Analysis, said: Sequence[Passage], every_passage: bool) -> Iterator[str]:
    if len(said) > MOST_PASSAGES and not every_passage:
        yield f"of {len(said)} passages the {MOST_PASSAGES} that say most are listed"
    if len(analysis.moments) > MOST_MOMENTS:
        yield f"of {len(analysis.moments)} moments the first {MOST_MOMENTS} are listed"


def _taxonomies(analysis: Analysis) -> list[str]:
    affects = (affect for track in analysis.fused for affect in track.affects)
    return list(dict.fromkeys(affect.categories.taxonomy.name for affect in affects if affect.categories))


def _person(track: Track, analysis: Analysis) -> Person:
    weights = [affect.span.duration if affect.span and affect.span.duration else 1.0 for affect in track.affects]
    confidence = _mean([affect.confidence for affect in track.affects], weights)
    return Person(
        person=track.person,
        modalities=_modalities(track.person, analysis),
        labels=_shares(track.affects, weights),
        valence=_level([affect.valence for affect in track.affects], weights),
        arousal=_level([affect.arousal for affect in track.affects], weights),
        dominance=_level([affect.dominance for affect in track.affects], weights),
        confidence=_rounded(confidence),
        unsure=confidence is None or confidence < UNSURE,
    )


def _modalities(person: str, analysis: Analysis) -> list[str]:
    names = {person}
    for link in analysis.links:
        if link.joined and names & {link.voice, link.face}:
            names |= {link.voice, link.face}
    return sorted({track.modality for track in analysis.tracks if track.person in names and track.affects})


def _shares(affects: Sequence[Affect], weights: Sequence[float]) -> list[Share]:
    total: dict[str, float] = {}
    for affect, weight in zip(affects, weights, strict=True):
        for label, share in (affect.categories.as_dict() if affect.categories else {}).items():
            total[label] = total.get(label, 0.0) + share * weight / sum(weights)
    best = sorted(total.items(), key=lambda pair: -pair[1])[:MOST_LABELS]
    return [Share(label=label, probability=round(share, 3)) for label, share in best]


def _level(parts: Sequence[Dimension | None], weights: Sequence[float]) -> Level | None:
    """The mean over time, with the spread of the mixture: readings differ, and each has a spread of its own."""
    known = [(part.mean, part.std, weight) for part, weight in zip(parts, weights, strict=True) if part is not None]
    if not known:
        return None
    means, stds, shares = (np.array(column) for column in zip(*known, strict=True))
    mean = float(np.average(means, weights=shares))
    variance = float(np.average(stds**2 + (means - mean) ** 2, weights=shares))
    return Level(mean=round(mean, 3), std=round(variance**0.5, 3))


def _mean(values: Sequence[float | None], weights: Sequence[float]) -> float | None:
    known = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    return sum(value * weight for value, weight in known) / sum(weight for _, weight in known) if known else None


def _place(span: Span) -> Place:
    return Place(start=round(span.start, 2), end=round(span.end, 2), unit=span.unit)


def _rounded(value: Any) -> float | None:
    return None if value is None else round(float(value), 3)
