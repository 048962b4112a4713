"""Analysis: one timeline of affect per person, with everything that led to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from jaxtyping import Float

from mien.errors import OptionError
from mien.types.affect import Affect
from mien.types.context import Context
from mien.types.span import Span, Unit

if TYPE_CHECKING:
    import pandas

__all__ = ["Analysis", "Link", "Modality", "ModelUse", "Moment", "Series", "Source", "Track"]

Modality = Literal["text", "speech", "face", "fused"]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A measured curve.

    Args:
        name: What was measured, such as ``"mouth_motion"``, ``"voice_activity"``, ``"box"``, ``"pitch"``.
        start: Time of the first value, in seconds.
        rate: Values a second, in Hz.
        values: Shape ``(time,)`` or ``(time, parts)``; NaN where nothing could be measured.
    """

    name: str
    start: float
    rate: float
    values: Float[np.ndarray, "time ..."]

    def __post_init__(self) -> None:
        if self.rate <= 0:
            raise OptionError(f"series {self.name!r} has the rate {self.rate} Hz; it must be positive")
        values = np.array(self.values, dtype=np.float64)
        values.setflags(write=False)
        object.__setattr__(self, "values", values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Series):
            return NotImplemented
        mine, theirs = (self.name, self.start, self.rate), (other.name, other.start, other.rate)
        return mine == theirs and np.array_equal(self.values, other.values, equal_nan=True)

    def __hash__(self) -> int:
        return hash((self.name, self.start, self.rate, self.values.shape))


@dataclass(frozen=True, slots=True)
class Track:
    """One stream of affect of one person, ordered in time.

    Args:
        person: A name, or ``face-1``, ``voice-2`` where none is known.
        modality: Where the affects were read: text, speech, face, or fused.
        affects: The affects, each with a span (a photograph's has none).
        series: Curves that were measured on the way.
    """

    person: str
    modality: Modality
    affects: tuple[Affect, ...] = ()
    series: tuple[Series, ...] = ()

    def curve(self, name: str) -> Series | None:
        """Return the series of that name, if the track has it."""
        return next((series for series in self.series if series.name == name), None)


@dataclass(frozen=True, slots=True)
class Link:
    """Whether a voice belongs to a face.

    Args:
        voice: The person of a speech track.
        face: The person of a face track.
        score: How well mouth motion and voice activity agree, in [-1, 1].
        joined: Whether the two were taken for one person.
    """

    voice: str
    face: str
    score: float
    joined: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch worth looking at: a turn of mood, a peak or a conflict."""

    span: Span
    person: str
    note: str


@dataclass(frozen=True, slots=True)
class ModelUse:
    """A model that took part, with its line (open or research) and licence."""

    name: str
    version: str
    line: str
    licence: str


@dataclass(frozen=True, slots=True)
class Source:
    """What was analysed.

    Args:
        name: The path or name as given.
        kind: text, chat, transcript, audio, image or video.
        unit: What the timeline counts: seconds or characters.
        duration: Length in that unit; ``None`` where there is none (a photograph).
        width: Width of the picture in pixels, if there is one.
        height: Height of the picture in pixels, if there is one.
    """

    name: str
    kind: str
    unit: Unit = "seconds"
    duration: float | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What `mien.analyze` returns: the affect of each person over time, and how it was concluded.

    Args:
        source: What was analysed.
        tracks: One per person and modality.
        fused: One per person, over all modalities.
        context: The words, as turns.
        links: Which voice was held against which face.
        moments: Stretches worth looking at.
        models: The models that took part.
        rates: What was looked at how often, in Hz, such as ``{"detect": 5.0, "read": 10.0}``.
        warnings: What the reader must know, in sentences.
    """

    source: Source
    tracks: tuple[Track, ...] = ()
    fused: tuple[Track, ...] = ()
    context: Context = field(default_factory=Context)
    links: tuple[Link, ...] = ()
    moments: tuple[Moment, ...] = ()
    models: tuple[ModelUse, ...] = ()
    rates: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash((self.source, self.tracks, self.fused))

    @property
    def persons(self) -> tuple[str, ...]:
        """The persons of the fused timeline, in order of appearance."""
        return tuple(dict.fromkeys(track.person for track in self.fused))

    def to_json(self, path: str | Path | None = None) -> str:
        """Return the analysis as JSON, and write it to ``path`` if one is given."""
        from mien.io.json import to_json

        return to_json(self, path)

    def to_csv(self, path: str | Path | None = None) -> str:
        """Return one CSV row per affect, and write them to ``path`` if one is given."""
        from mien.io.csv import to_csv

        return to_csv(self, path)

    def to_vtt(self, path: str | Path | None = None) -> str:
        """Return the fused timeline as WebVTT subtitles, and write them to ``path`` if one is given."""
        from mien.io.vtt import to_vtt

        return to_vtt(self, path)

    def to_html(self, path: str | Path | None = None, *, media: str | Path | None = None) -> str:
        """Return the report page, with ``media`` inside it, and write it to ``path`` if one is given."""
        from mien.io.html import to_html

        return to_html(self, path, media=media)

    def to_emotionml(self, path: str | Path | None = None) -> str:
        """Return the analysis as EmotionML 1.0, and write it to ``path`` if one is given."""
        from mien.io.emotionml import to_emotionml

        return to_emotionml(self, path)

    def to_eaf(self, path: str | Path | None = None, *, media: str | Path | None = None) -> str:
        """Return the analysis as an ELAN document about ``media``, and write it to ``path`` if one is given."""
        from mien.io.eaf import to_eaf

        return to_eaf(self, path, media=media)

    def to_textgrid(self, path: str | Path | None = None) -> str:
        """Return the analysis as a Praat TextGrid, and write it to ``path`` if one is given."""
        from mien.io.textgrid import to_textgrid

        return to_textgrid(self, path)

    def to_openface(self, path: str | Path | None = None) -> str:
        """Return one row per frame and face as OpenFace names them, and write them to ``path`` if one is given."""
        from mien.io.openface import to_openface

        return to_openface(self, path)

    def to_audformat(self, path: str | Path) -> None:
        """Write the analysis as the folder of an audformat database (extra ``tables``)."""
        from mien.io.audformat import to_audformat

        to_audformat(self, path)

    def to_frame(self) -> pandas.DataFrame:
        """Return one row per affect as a pandas table (extra ``tables``)."""
        from mien.io.frame import to_frame

        return to_frame(self)

    def to_parquet(self, path: str | Path) -> None:
        """Write one row per affect as Parquet (extra ``tables``)."""
        from mien.io.frame import to_parquet

        to_parquet(self, path)
