"""Tiers: how ELAN and Praat lay out what mien found, as layers of marks over one timeline.

A tier is named ``MODALITY.PART@PERSON``, after ELAN's habit of ``type@participant``. The part is a taxonomy (marks are
its labels), ``labels`` (open-vocabulary words), or ``probability`` (of the label), ``confidence``, ``valence``,
``arousal`` or ``dominance`` (marks are numbers). Marks of one tier cannot overlap in these formats, so a reading that
overlaps an earlier one goes to a second layer, ``MODALITY.PART#2@PERSON``. Times are whole milliseconds; a shorter
stretch is one millisecond long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mien.errors import OptionError
from mien.types.affect import Affect
from mien.types.analysis import Analysis, Track

__all__ = ["MOMENTS", "NAMED", "NUMBERS", "WORDS", "Mark", "Tier", "layout", "moments_of"]

NUMBERS = ("probability", "confidence", "valence", "arousal", "dominance")
WORDS = "labels"
MOMENTS = "moments"
NAMED = re.compile(r"(text|speech|face|fused)\.([^#@]*)(?:#(\d{1,6}))?@(.*)", re.DOTALL)
"""How our own tiers are named: modality, part, layer, person."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a tier, in whole milliseconds, and what is written there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Tier:
    """One layer of marks.

    Args:
        name: Unique within the file.
        person: Whose.
        part: What its marks tell: a taxonomy, ``labels``, or one of `NUMBERS`.
        layer: Which readings it belongs to; tiers of one layer and person share their stretches.
        marks: In order of time, without overlap.
        labels: The labels that its marks may have, where it is of a taxonomy.
    """

    name: str
    person: str
    part: str
    layer: str
    marks: tuple[Mark, ...] = ()
    labels: tuple[str, ...] = ()


def layout(analysis: Analysis, form: str) -> list[Tier]:
    """Return the tiers of an analysis: those of the single modalities, then the fused ones.

    Affects without a time in seconds are left out where others have one.

    Args:
        analysis: What to lay out.
        form: What errors call the format.

    Raises:
        OptionError: The analysis has affects, but none with times in seconds; or one begins before 0.
    """
    tracks = [*analysis.tracks, *analysis.fused]
    affects = [affect for track in tracks for affect in track.affects]
    if affects and not any(map(_timed, affects)):
        has = "counts characters" if any(affect.span is not None for affect in affects) else "has no times"
        raise OptionError(f"{form} needs times in seconds, and the analysis of {analysis.source.name} {has}")
    if any(affect.span is not None and affect.span.start < 0 for affect in affects if _timed(affect)):
        raise OptionError(f"{form} needs times from 0 s on, and the analysis of {analysis.source.name} begins before")
    names = _names(track.person for track in tracks)
    pairs = dict.fromkeys((track.person, track.modality) for track in tracks)
    return [tier for pair in pairs for tier in _of_person(pair, tracks, names[pair[0]])]


def moments_of(analysis: Analysis) -> list[Mark]:
    """Return the moments worth looking at, in order of time, with their person."""
    return [
        Mark(*_bounds(moment.span.start, moment.span.end), one_line(f"{moment.person}: {moment.note}"))
        for moment in sorted(analysis.moments, key=lambda moment: moment.span.start)
        if moment.span.unit == "seconds" and moment.span.start >= 0
    ]


def one_line(text: str) -> str:
    """Return a text without line breaks and other control characters, which these formats mangle."""
    return "".join(character if character.isprintable() else " " for character in text)


def _names(persons: Iterator[str]) -> dict[str, str]:
    """Give each person a name of one line; two that would become the same are told apart by a number."""
    names: dict[str, str] = {}
    for person in persons:
        if person not in names:
            plain = name = one_line(person)
            number = 1
            while name in names.values():
                number += 1
                name = f"{plain}-{number}"
            names[person] = name
    return names


def _timed(affect: Affect) -> bool:
    return affect.span is not None and affect.span.unit == "seconds"


def _bounds(start: float, end: float) -> tuple[int, int]:
    first = round(start * 1000)
    return first, max(first + 1, round(end * 1000))


def _of_person(pair: tuple[str, str], tracks: Sequence[Track], name: str) -> Iterator[Tier]:
    own = [track for track in tracks if (track.person, track.modality) == pair]
    layers = _layers([affect for track in own for affect in track.affects if _timed(affect)])
    if not layers:
        yield Tier(f"{pair[1]}.{WORDS}@{name}", name, WORDS, f"{pair[1]}@{name}")
    for number, layer in enumerate(layers, start=1):
        yield from _tiers(layer, pair[1], "" if number == 1 else f"#{number}", name)


def _layers(affects: Sequence[Affect]) -> list[list[tuple[int, int, Affect]]]:
    """Share affects out so that no two of one layer overlap."""
    layers: list[list[tuple[int, int, Affect]]] = []
    spans = [(*_bounds(affect.span.start, affect.span.end), affect) for affect in affects if affect.span is not None]
    for found in sorted(spans, key=lambda each: each[:2]):
        free = next((layer for layer in layers if layer[-1][1] <= found[0]), None)
        if free is None:
            layers.append([found])
        else:
            free.append(found)
    return layers


def _tiers(layer: Sequence[tuple[int, int, Affect]], modality: str, number: str, name: str) -> Iterator[Tier]:
    marks: dict[str, list[Mark]] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for start, end, affect in layer:
        for part, text in _parts(affect):
            marks.setdefault(part, []).append(Mark(start, end, text))
        if affect.categories is not None:
            labels[_part(affect.categories.taxonomy.name)] = affect.categories.taxonomy.labels
    for part in sorted(marks, key=lambda part: (part in NUMBERS, part == WORDS)):
        written = f"{modality}.{part}{number}@{name}"
        yield Tier(written, name, part, f"{modality}{number}@{name}", tuple(marks[part]), labels.get(part, ()))


def _parts(affect: Affect) -> Iterator[tuple[str, str]]:
    if affect.categories is not None:
        label, prob = affect.categories.top
        yield _part(affect.categories.taxonomy.name), one_line(label)
        yield "probability", f"{prob:.6f}"
    if affect.labels:
        yield WORDS, one_line("; ".join(affect.labels))
    if affect.confidence is not None:
        yield "confidence", f"{affect.confidence:.6f}"
    for name in ("valence", "arousal", "dominance"):
        dimension = getattr(affect, name)
        if dimension is not None:
            yield name, f"{dimension.mean:.6f}"


def _part(taxonomy: str) -> str:
    """Return the name of a taxonomy without what the names of tiers use themselves."""
    plain = re.sub(r"[#@]", "-", one_line(taxonomy))
    return f"{plain}-taxonomy" if plain in (*NUMBERS, WORDS) else plain
