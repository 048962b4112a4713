"""Analyses as WebVTT subtitles: what each person seems to feel, shown over the video by any player."""

from __future__ import annotations

import html
from pathlib import Path

from mien.io.save import save_text
from mien.io.sniff import ANALYSIS_NOTE
from mien.types.affect import Affect
from mien.types.analysis import Analysis

__all__ = ["format_time", "to_vtt"]


def to_vtt(analysis: Analysis, path: str | Path | None = None) -> str:
    """Return a subtitle per fused span, such as ``<v face-1>joy 0.71``, and write them to ``path`` if one is given.

    A timeline over characters has no times, so its subtitles are a note that says so.

    Raises:
        OutputError: The file cannot be written.

    Example:
        >>> from mien.types import Dimension, Source, Span, Track
        >>> glad = Affect(valence=Dimension(0.5, 0.2), span=Span(0.0, 1.0))
        >>> to_vtt(Analysis(Source("a.mp4", "video"), fused=(Track("face-1", "fused", (glad,)),))).splitlines()[-1]
        '<v face-1>valence +0.50'
    """
    found = [(track.person, affect) for track in analysis.fused for affect in track.affects]
    timed = [(person, affect) for person, affect in found if affect.span is not None and affect.span.unit == "seconds"]
    timed.sort(key=lambda pair: pair[1].span.start if pair[1].span is not None else 0.0)
    head = ["WEBVTT", ANALYSIS_NOTE if timed else f"{ANALYSIS_NOTE}: nothing here has a time"]
    written = "\n\n".join([*head, *(_cue(person, affect) for person, affect in timed)]) + "\n"
    if path is not None:
        save_text(path, written)
    return written


def format_time(seconds: float) -> str:
    """Return a time as WebVTT writes it.

    Example:
        >>> format_time(3725.5)
        '01:02:05.500'
    """
    whole, thousandths = divmod(round(max(0.0, seconds) * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{thousandths:03d}"


def _cue(person: str, affect: Affect) -> str:
    span = affect.span
    times = f"{format_time(span.start)} --> {format_time(span.end)}" if span is not None else ""
    name = " ".join(html.escape(person, quote=False).split())
    return f"{times}\n<v {name}>{_said(affect)}"


def _said(affect: Affect) -> str:
    if affect.categories is not None:
        label, prob = affect.categories.top
        return f"{html.escape(label, quote=False)} {prob:.2f}"
    if affect.labels:
        return html.escape(", ".join(affect.labels), quote=False)
    known = ((name, getattr(affect, name)) for name in ("valence", "arousal", "dominance"))
    return ", ".join(f"{name} {dimension.mean:+.2f}" for name, dimension in known if dimension is not None)
