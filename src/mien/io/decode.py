"""Plain values, as JSON gives them, back to analyses."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

from mien.types.affect import Affect, Dimension, Distribution, Evidence
from mien.types.analysis import Analysis, Link, ModelUse, Moment, Series, Source, Track
from mien.types.context import Context, Turn
from mien.types.scales import SCALES
from mien.types.span import Span
from mien.types.taxonomies import TAXONOMIES
from mien.types.taxonomy import Taxonomy

__all__ = ["decode_affect", "decode_analysis"]

Part = TypeVar("Part")
Taxonomies = Mapping[str, Taxonomy]
KNOWN: Taxonomies = {**SCALES, **TAXONOMIES}
MODALITIES = ("text", "speech", "face", "fused")


def decode_analysis(plain: Any) -> Analysis:
    """Return the analysis that plain values describe.

    Raises:
        KeyError, TypeError, ValueError: They describe none; the caller knows the file and tells the user.
    """
    taxonomies = {name: _taxonomy(name, given) for name, given in _object(plain.get("taxonomies", {})).items()}
    return Analysis(
        source=_source(plain["source"]),
        tracks=_each(plain, "tracks", lambda track: _track(track, taxonomies)),
        fused=_each(plain, "fused", lambda track: _track(track, taxonomies)),
        context=Context(_each(plain, "turns", lambda turn: _turn(turn, taxonomies))),
        links=_each(plain, "links", _link),
        moments=_each(plain, "moments", _moment),
        models=_each(plain, "models", _model),
        rates={_text(name): _number(rate) for name, rate in _object(plain.get("rates", {})).items()},
        warnings=_each(plain, "warnings", _text),
    )


def decode_affect(plain: Any, taxonomies: Taxonomies = KNOWN) -> Affect:
    """Return the affect that plain values describe.

    Raises:
        KeyError, TypeError, ValueError: They describe none.
    """
    return Affect(
        categories=_maybe(plain, "categories", lambda given: _distribution(given, taxonomies)),
        valence=_maybe(plain, "valence", _dimension),
        arousal=_maybe(plain, "arousal", _dimension),
        dominance=_maybe(plain, "dominance", _dimension),
        labels=_each(plain, "labels", _text),
        degrees=_each(plain, "degrees", lambda given: _distribution(given, taxonomies)),
        evidence=_each(plain, "evidence", _evidence),
        span=_maybe(plain, "span", _span),
        confidence=_maybe(plain, "confidence", _number),
        kind=plain.get("kind", "expressed"),
        model=_maybe(plain, "model", _text),
    )


def _source(plain: Any) -> Source:
    return Source(
        name=_text(plain["name"]),
        kind=_text(plain["kind"]),
        unit=_unit(plain.get("unit", "seconds")),
        duration=_maybe(plain, "duration", _number),
        width=_maybe(plain, "width", _whole),
        height=_maybe(plain, "height", _whole),
    )


def _taxonomy(name: str, plain: Any) -> Taxonomy:
    parents = {_text(child): _text(parent) for child, parent in _object(plain.get("parents", {})).items()}
    return Taxonomy(
        name=name,
        labels=_each(plain, "labels", _text),
        exclusive=_flag(plain["exclusive"]),
        reference=_text(plain.get("reference", "")),
        parents=parents,
    )


def _track(plain: Any, taxonomies: Taxonomies) -> Track:
    if plain["modality"] not in MODALITIES:
        raise ValueError(f"a track has the modality {plain['modality']!r}; allowed: {', '.join(MODALITIES)}")
    return Track(
        person=_text(plain["person"]),
        modality=plain["modality"],
        affects=_each(plain, "affects", lambda affect: decode_affect(affect, taxonomies)),
        series=_each(plain, "series", _series),
    )


def _distribution(plain: Any, taxonomies: Taxonomies) -> Distribution:
    taxonomy, probs = taxonomies[plain["taxonomy"]], _object(plain["probs"])
    if set(probs) != set(taxonomy.labels):
        raise ValueError(f"probabilities over {taxonomy.name} must name each of its labels once")
    return Distribution(taxonomy, np.array([_number(probs[label]) for label in taxonomy.labels], np.float64))


def _dimension(plain: Any) -> Dimension:
    return Dimension(_number(plain["mean"]), _number(plain["std"]))


def _evidence(plain: Any) -> Evidence:
    return Evidence(
        source=_text(plain["source"]),
        weight=_number(plain["weight"]),
        span=_maybe(plain, "span", _span),
        region=_maybe(plain, "region", _region),
        note=_text(plain.get("note", "")),
    )


def _region(plain: Any) -> tuple[float, float, float, float]:
    left, top, right, bottom = (_number(side) for side in plain)
    return left, top, right, bottom


def _span(plain: Any) -> Span:
    return Span(_number(plain["start"]), _number(plain["end"]), _unit(plain["unit"]))


def _series(plain: Any) -> Series:
    values = [math.nan if value is None else _number(value) for value in plain["values"]]
    shape = [_whole(side) for side in plain["shape"]]
    return Series(
        name=_text(plain["name"]),
        start=_number(plain["start"]),
        rate=_number(plain["rate"]),
        values=np.array(values, np.float64).reshape(shape),
    )


def _turn(plain: Any, taxonomies: Taxonomies) -> Turn:
    return Turn(
        speaker=_maybe(plain, "speaker", _text),
        span=_span(plain["span"]),
        text=_maybe(plain, "text", _text),
        affect=_maybe(plain, "affect", lambda affect: decode_affect(affect, taxonomies)),
    )


def _link(plain: Any) -> Link:
    return Link(_text(plain["voice"]), _text(plain["face"]), _number(plain["score"]), _flag(plain["joined"]))


def _moment(plain: Any) -> Moment:
    return Moment(_span(plain["span"]), _text(plain["person"]), _text(plain["note"]))


def _model(plain: Any) -> ModelUse:
    return ModelUse(*(_text(plain[part]) for part in ("name", "version", "line", "licence")))


def _each(plain: Any, name: str, decode: Callable[[Any], Part]) -> tuple[Part, ...]:
    parts = plain.get(name, [])
    if not isinstance(parts, list):
        raise TypeError(f"{name} must be a list")
    return tuple(decode(part) for part in parts)


def _maybe(plain: Any, name: str, decode: Callable[[Any], Part]) -> Part | None:
    part = plain.get(name)
    return None if part is None else decode(part)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number")
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(f"{value!r} is no whole number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _unit(value: Any) -> Any:
    if value not in ("seconds", "characters"):
        raise ValueError(f"{value!r} is no unit; allowed: seconds, characters")
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no object")
    return value
