"""Cutting the readings of one person into stretches that are fused together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mien.fuse.pool import Belief, believe, pool
from mien.types.affect import Affect
from mien.types.analysis import Track
from mien.types.span import Span, Unit
from mien.types.taxonomy import Taxonomy

__all__ = ["Cell", "cells"]

Cell = tuple[Span | None, Mapping[str, Belief]]
Reading = tuple[str, Affect, Belief]
EDGE = 1e-6
LONGEST_GRID = 200_000
"""Most steps that one reading is cut into; a longer one stays whole."""


def cells(tracks: Sequence[Track], taxonomy: Taxonomy, step: float) -> Iterator[Cell]:
    """Yield each stretch of one person with one belief a modality, in order of time.

    Readings in seconds meet in steps of a fixed grid. A person of one text track, and readings in characters, keep one
    stretch an utterance. Readings without a span (of a photograph) meet in one stretch without a span.

    Args:
        tracks: All tracks of one person.
        taxonomy: The common taxonomy.
        step: Length of a step of the grid in seconds.

    Raises:
        UnknownNameError: No map leads to the common taxonomy.
    """
    readings = list(_readings(tracks, taxonomy))
    timeless = [reading for reading in readings if reading[1].span is None]
    if timeless:
        yield None, _by_modality((modality, belief, 1.0) for modality, _, belief in timeless)
    on_grid = any(track.modality != "text" for track in tracks)
    units: tuple[Unit, ...] = ("seconds", "characters")
    for unit in units:
        inside = [reading for reading in readings if reading[1].span is not None and reading[1].span.unit == unit]
        yield from _grid(inside, step) if unit == "seconds" and on_grid else _spans(inside)


def _readings(tracks: Sequence[Track], taxonomy: Taxonomy) -> Iterator[Reading]:
    for track in tracks:
        for affect in track.affects:
            belief = believe(affect, taxonomy)
            if belief is not None:
                yield track.modality, affect, belief


def _spans(readings: Iterable[Reading]) -> Iterator[Cell]:
    met: dict[tuple[float, float, Unit], list[Reading]] = {}
    for reading in readings:
        span = reading[1].span
        if span is not None:
            met.setdefault((span.start, span.end, span.unit), []).append(reading)
    for place in sorted(met):
        yield Span(*place), _by_modality((modality, belief, 1.0) for modality, _, belief in met[place])


def _grid(readings: Iterable[Reading], step: float) -> Iterator[Cell]:
    met: dict[int, list[tuple[str, Belief, float]]] = {}
    for modality, affect, belief in readings:
        if affect.span is not None:
            for place, share in _steps(affect.span, step):
                met.setdefault(place, []).append((modality, belief, share))
    for place in sorted(met):
        yield Span(round(place * step, 9), round((place + 1) * step, 9)), _by_modality(met[place])


def _steps(span: Span, step: float) -> Iterator[tuple[int, float]]:
    """Yield each step that a span touches, and which share of the step it covers."""
    first = math.floor(span.start / step + EDGE)
    last = max(first, math.ceil(span.end / step - EDGE) - 1)
    for place in range(first, min(last, first + LONGEST_GRID) + 1):
        covered = min(span.end, (place + 1) * step) - max(span.start, place * step)
        yield place, max(covered / step, EDGE)


def _by_modality(readings: Iterable[tuple[str, Belief, float]]) -> dict[str, Belief]:
    """Pool the readings of each modality, each counting by how much of the stretch it covers."""
    met: dict[str, list[Belief]] = {}
    for modality, belief, share in readings:
        met.setdefault(modality, []).append(replace(belief, trust=share))
    return {modality: pool(met[modality]) for modality in sorted(met)}
