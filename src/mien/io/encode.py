"""Analyses as plain values: dictionaries, lists, strings and numbers, ready for JSON. Unknown parts are left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from mien.errors import OptionError
from mien.types.affect import Affect, Dimension, Distribution, Evidence
from mien.types.analysis import Analysis, Link, ModelUse, Moment, Series, Source, Track
from mien.types.context import Turn
from mien.types.span import Span
from mien.types.taxonomy import Taxonomy

__all__ = ["encode_affect", "encode_analysis"]

Plain = dict[str, Any]


def encode_analysis(analysis: Analysis) -> Plain:
    """Return an analysis as plain values.

    Raises:
        OptionError: Two taxonomies of the same name differ.
    """
    return {
        "source": encode_source(analysis.source),
        "taxonomies": encode_taxonomies(analysis),
        "tracks": [encode_track(track) for track in analysis.tracks],
        "fused": [encode_track(track) for track in analysis.fused],
        "turns": [encode_turn(turn) for turn in analysis.context.turns],
        "links": [encode_link(link) for link in analysis.links],
        "moments": [encode_moment(moment) for moment in analysis.moments],
        "models": [encode_model(model) for model in analysis.models],
        "rates": {name: _number(rate) for name, rate in analysis.rates.items()},
        "warnings": list(analysis.warnings),
    }


def encode_source(source: Source) -> Plain:
    """Return a source as plain values."""
    return _known(
        name=source.name,
        kind=source.kind,
        unit=source.unit,
        duration=_number(source.duration),
        width=_number(source.width),
        height=_number(source.height),
    )


def encode_taxonomies(analysis: Analysis) -> Plain:
    """Return the taxonomies that the affects speak, so that the file explains itself."""
    found: dict[str, Taxonomy] = {}
    for affect in affects_of(analysis):
        known = affect.degrees if affect.categories is None else (affect.categories, *affect.degrees)
        for taxonomy in (distribution.taxonomy for distribution in known):
            if found.setdefault(taxonomy.name, taxonomy) != taxonomy:
                raise OptionError(f"the analysis holds two different taxonomies named {taxonomy.name!r}; rename one")
    return {name: _taxonomy(found[name]) for name in sorted(found)}


def affects_of(analysis: Analysis) -> Iterator[Affect]:
    """Give every affect of an analysis."""
    for track in (*analysis.tracks, *analysis.fused):
        yield from track.affects
    yield from (turn.affect for turn in analysis.context.turns if turn.affect is not None)


def _taxonomy(taxonomy: Taxonomy) -> Plain:
    return {
        "labels": list(taxonomy.labels),
        "exclusive": taxonomy.exclusive,
        "reference": taxonomy.reference,
        "parents": dict(taxonomy.parents),
    }


def encode_track(track: Track) -> Plain:
    """Return a track as plain values."""
    return {
        "person": track.person,
        "modality": track.modality,
        "affects": [encode_affect(affect) for affect in track.affects],
        "series": [encode_series(series) for series in track.series],
    }


def encode_affect(affect: Affect) -> Plain:
    """Return an affect as plain values."""
    return _known(
        span=encode_span(affect.span),
        categories=encode_distribution(affect.categories),
        valence=encode_dimension(affect.valence),
        arousal=encode_dimension(affect.arousal),
        dominance=encode_dimension(affect.dominance),
        labels=list(affect.labels) or None,
        degrees=[encode_distribution(degrees) for degrees in affect.degrees] or None,
        evidence=[encode_evidence(evidence) for evidence in affect.evidence] or None,
        confidence=_number(affect.confidence),
        kind=affect.kind,
        model=affect.model,
    )


def encode_distribution(distribution: Distribution | None) -> Plain | None:
    """Return a distribution as plain values."""
    return None if distribution is None else {"taxonomy": distribution.taxonomy.name, "probs": distribution.as_dict()}


def encode_span(span: Span | None) -> Plain | None:
    """Return a span as plain values."""
    return None if span is None else {"start": _number(span.start), "end": _number(span.end), "unit": span.unit}


def encode_dimension(dimension: Dimension | None) -> Plain | None:
    """Return a dimension as plain values."""
    return None if dimension is None else {"mean": _number(dimension.mean), "std": _number(dimension.std)}


def encode_evidence(evidence: Evidence) -> Plain:
    """Return a piece of evidence as plain values."""
    return _known(
        source=evidence.source,
        weight=_number(evidence.weight),
        span=encode_span(evidence.span),
        region=None if evidence.region is None else [_number(side) for side in evidence.region],
        note=evidence.note or None,
    )


def encode_series(series: Series) -> Plain:
    """Return a measured curve as plain values; what could not be measured is null."""
    return {
        "name": series.name,
        "start": _number(series.start),
        "rate": _number(series.rate),
        "shape": list(series.values.shape),
        "values": _values(series.values.reshape(-1).tolist()),
    }


def encode_turn(turn: Turn) -> Plain:
    """Return a turn of a conversation as plain values."""
    return _known(
        speaker=turn.speaker,
        span=encode_span(turn.span),
        text=turn.text,
        affect=None if turn.affect is None else encode_affect(turn.affect),
    )


def encode_link(link: Link) -> Plain:
    """Return a link as plain values."""
    return {"voice": link.voice, "face": link.face, "score": _number(link.score), "joined": bool(link.joined)}


def encode_moment(moment: Moment) -> Plain:
    """Return a moment as plain values."""
    return {"span": encode_span(moment.span), "person": moment.person, "note": moment.note}


def encode_model(model: ModelUse) -> Plain:
    """Return the use of a model as plain values."""
    return {"name": model.name, "version": model.version, "line": model.line, "licence": model.licence}


def _values(values: Iterable[float]) -> list[float | None]:
    return [None if value != value else value for value in values]  # noqa: PLR0124 (NaN is what differs from itself)


def _number(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _known(**parts: Any) -> Plain:
    return {name: part for name, part in parts.items() if part is not None}
