"""One pass over a source: every piece goes to the fold of its modality."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mien.agent.material import Material
from mien.agent.team import Team
from mien.io import ahead, pieces
from mien.perceive import Fold
from mien.types import Frame, Recording, Sound, Source, Track, Utterance, Video

__all__ = ["Perceived", "perceive_material"]

Progress = Callable[[float, float | None], None]
Piece = Utterance | Sound | Frame


@dataclass(frozen=True, slots=True)
class Perceived:
    """What one pass over a source gave.

    Args:
        source: The source; where it did not state its length, with what was decoded.
        tracks: One per person and modality.
        folds: The finished folds by modality; they keep what explaining needs.
        held: The modalities that the source holds.
        read: Those of them that the team reads.
        utterances: The words, if there are any.
        rates: What was looked at how often, in Hz.
        warnings: What the reader must know of the decoding.
    """

    source: Source
    tracks: tuple[Track, ...]
    folds: Mapping[str, Fold[Any]]
    held: tuple[str, ...]
    read: tuple[str, ...]
    utterances: tuple[Utterance, ...]
    rates: Mapping[str, float]
    warnings: tuple[str, ...]


def perceive_material(material: Material, team: Team, progress: Progress) -> Perceived:
    """Read a source with every perceiver of the team that it holds something for.

    Raises:
        InputError: The source cannot be decoded.
    """
    read = tuple(modality for modality in material.modalities if modality in team.perceivers)
    folds = {modality: _fold(material, team.perceivers[modality], modality) for modality in read}
    end = 0.0
    for piece in _stream(material, team, read):
        folds[_modality(piece)].push(piece)
        if material.media is None or not isinstance(piece, Utterance):
            # The words of a transcript are read at once; what takes time is the recording.
            end = max(end, _end(piece))
        progress(end, material.source.duration)
    tracks = tuple(track for fold in folds.values() for track in fold.finish())
    return Perceived(
        source=_measured(material, end),
        tracks=tracks,
        folds=folds,
        held=material.modalities,
        read=read,
        utterances=material.utterances,
        rates=_rates(material, team, read),
        warnings=tuple(material.notes),
    )


def _fold(material: Material, perceiver: Any, modality: str) -> Fold[Any]:
    # A transcript beside the recording says who speaks when; answers that are not final would be for nobody.
    options = {"turns": material.utterances, "partial": False} if modality == "speech" else {}
    fold: Fold[Any] = perceiver.fold(**options)
    return fold


def _stream(material: Material, team: Team, read: tuple[str, ...]) -> Iterator[Piece]:
    if "text" in read:
        yield from material.utterances
    if "face" in read and material.image is not None:
        yield Frame(material.image)
    media = _wanted(material.media, read)
    if media is not None:
        rate = _rates(material, team, read).get("read", 10.0)
        yield from ahead(pieces(media, frame_rate=rate, warn=material.notes.append))


def _wanted(media: Recording | Video | None, read: tuple[str, ...]) -> Recording | Video | None:
    """Leave out the stream that nobody reads: decoding is most of the work."""
    if isinstance(media, Video):
        kept = media if "speech" in read else replace(media, recording=None)
        return kept if "face" in read else kept.recording
    return media if "speech" in read else None


def _rates(material: Material, team: Team, read: tuple[str, ...]) -> Mapping[str, float]:
    if "face" not in read or material.image is not None:
        return {}
    return getattr(team.perceivers["face"], "rates", {})


def _measured(material: Material, end: float) -> Source:
    if material.source.duration is not None or material.media is None:
        return material.source
    return replace(material.source, duration=end)


def _modality(piece: Piece) -> str:
    return {Utterance: "text", Sound: "speech", Frame: "face"}[type(piece)]


def _end(piece: Piece) -> float:
    return (piece.time or 0.0) if isinstance(piece, Frame) else piece.span.end
