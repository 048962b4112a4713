"""One pass over a source: every piece goes to the fold of its modality."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mien.agent.team import Team
from mien.io import Material, pieces
from mien.perceive import Fold
from mien.types import Frame, Sound, Source, Track, Utterance

__all__ = ["Perceived", "perceive_material"]

Progress = Callable[[float, float | None], None]


@dataclass(frozen=True, slots=True)
class Perceived:
    """What one pass over a source gave.

    Args:
        source: The source; its duration is what was really decoded.
        tracks: One per person and modality.
        folds: The finished folds by modality; they keep what explaining needs.
        read: The modalities that the source holds and the team reads.
        rates: What was looked at how often, in Hz.
        warnings: What the reader must know of the decoding.
    """

    source: Source
    tracks: tuple[Track, ...]
    folds: Mapping[str, Fold[Any]]
    read: tuple[str, ...]
    rates: Mapping[str, float]
    warnings: tuple[str, ...]


def perceive_material(material: Material, team: Team, progress: Progress) -> Perceived:
    """Read a source with every perceiver of the team that it holds something for.

    Raises:
        InputError: The source cannot be decoded.
    """
    held = [modality for modality in material.modalities if modality in team.perceivers]
    folds = {modality: _fold(material, team, modality) for modality in held}
    end = 0.0
    for piece in _stream(material, folds):
        fold = folds.get(_modality(piece))
        if fold is not None:
            fold.push(piece)
        end = max(end, _end(piece))
        progress(end, material.source.duration)
    tracks = tuple(track for fold in folds.values() for track in fold.finish())
    duration = material.source.duration if material.source.duration is not None else end or None
    rates = {name: rate for fold in folds.values() for name, rate in getattr(fold, "rates", {}).items()}
    return Perceived(replace(material.source, duration=duration), tracks, folds, tuple(held), rates, material.warnings())


def _fold(material: Material, team: Team, modality: str) -> Fold[Any]:
    perceiver: Any = team.perceivers[modality]
    if modality == "speech":
        # A transcript beside the recording says who speaks when.
        return perceiver.fold(turns=material.utterances)  # type: ignore[no-any-return]
    return perceiver.fold()  # type: ignore[no-any-return]


def _stream(material: Material, folds: Mapping[str, Fold[Any]]) -> Iterator[Utterance | Sound | Frame]:
    if "text" in folds:
        yield from material.utterances
    if material.image is not None:
        yield Frame(material.image)
    if material.media is not None and ("speech" in folds or "face" in folds):
        rate = getattr(folds.get("face"), "rates", {}).get("read", 10.0)
        yield from pieces(material.media, sound="speech" in folds, frame_rate=rate if "face" in folds else None)


def _modality(piece: Utterance | Sound | Frame) -> str:
    return {Utterance: "text", Sound: "speech", Frame: "face"}[type(piece)]


def _end(piece: Utterance | Sound | Frame) -> float:
    if isinstance(piece, Frame):
        return piece.time or 0.0
    return piece.span.end
