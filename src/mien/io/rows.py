"""Analyses as rows, one per affect, for every tabular form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mien.types.affect import Affect
from mien.types.analysis import Analysis, Track

__all__ = ["columns_of", "rows_of"]

FIXED = ("person", "modality", "start", "end", "unit", "label", "confidence")
DIMENSIONS = ("valence", "arousal", "dominance")
LAST = ("kind", "model")


def columns_of(analysis: Analysis) -> list[str]:
    """Return the columns: who and when, top label, dimensions, and ``taxonomy.label`` for each label that occurs."""
    spread = [f"{dimension}_{part}" for dimension in DIMENSIONS for part in ("mean", "std")]
    labels = dict.fromkeys(
        f"{affect.categories.taxonomy.name}.{label}"
        for _, affect in _affects(analysis)
        if affect.categories is not None
        for label in affect.categories.taxonomy.labels
    )
    return [*FIXED, *spread, *LAST, *labels]


def rows_of(analysis: Analysis) -> list[dict[str, Any]]:
    """Return one row per affect, those of the single modalities before the fused ones; unknown parts are ``None``."""
    columns = columns_of(analysis)
    rows = (_row(track, affect) for track, affect in _affects(analysis))
    return [{column: row.get(column) for column in columns} for row in rows]


def _affects(analysis: Analysis) -> Iterator[tuple[Track, Affect]]:
    for track in (*analysis.tracks, *analysis.fused):
        for affect in track.affects:
            yield track, affect


def _row(track: Track, affect: Affect) -> dict[str, Any]:
    span, categories = affect.span, affect.categories
    row: dict[str, Any] = {"person": track.person, "modality": track.modality}
    row.update(confidence=affect.confidence, kind=affect.kind, model=affect.model)
    if span is not None:
        row.update(start=span.start, end=span.end, unit=span.unit)
    for name in DIMENSIONS:
        dimension = getattr(affect, name)
        if dimension is not None:
            row.update({f"{name}_mean": dimension.mean, f"{name}_std": dimension.std})
    if categories is not None:
        row["label"] = categories.top[0]
        row.update({f"{categories.taxonomy.name}.{label}": prob for label, prob in categories.as_dict().items()})
    return row
