"""An analysis in a few lines, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mien.types.affect import Affect, Dimension
from mien.types.analysis import Analysis, Source, Track
from mien.types.span import Span

__all__ = ["summary"]

MOST_MOMENTS = 5
UNSURE = 0.5
"""Below this mean confidence the usual label is more likely wrong than right."""


def summary(analysis: Analysis) -> list[str]:
    """Return lines of text: the source, each person, the moments that matter, who was joined, and warnings.

    Example:
        >>> from mien.types import Source
        >>> summary(Analysis(Source("hum.wav", "audio", duration=3.0)))
        ['hum.wav: audio, 0:03', 'nobody was perceived']
    """
    lines = [_source(analysis.source)]
    lines += [_person(track, analysis) for track in analysis.fused] or ["nobody was perceived"]
    lines += [f"{_place(each.span)}  {each.person}: {each.note}" for each in analysis.moments[:MOST_MOMENTS]]
    if len(analysis.moments) > MOST_MOMENTS:
        lines.append(f"and {len(analysis.moments) - MOST_MOMENTS} more moments")
    lines += [
        f"{link.voice} is the voice of {link.face} (mouth and voice agree {link.score:.2f})"
        for link in analysis.links
        if link.joined
    ]
    return lines + [f"note: {warning}" for warning in analysis.warnings]


def _source(source: Source) -> str:
    size = f", {source.width} x {source.height}" if source.width and source.height else ""
    if source.duration is None:
        return f"{source.name}: {source.kind}{size}"
    length = _clock(source.duration) if source.unit == "seconds" else f"{source.duration:.0f} characters"
    return f"{source.name}: {source.kind}, {length}{size}"


def _person(track: Track, analysis: Analysis) -> str:
    weights = [affect.span.duration if affect.span else 1.0 for affect in track.affects]
    label, share, sure = _usual(track.affects, weights)
    names = {track.person}
    for link in analysis.links:
        if link.joined and names & {link.voice, link.face}:
            names |= {link.voice, link.face}
    read = sorted({own.modality for own in analysis.tracks if own.person in names and own.affects})
    parts = [f"mostly {label} ({share:.0%})" if sure >= UNSURE else f"mostly unsure, {label} at best ({share:.0%})"]
    for name in ("valence", "arousal"):
        value = _mean([getattr(affect, name) for affect in track.affects], weights)
        parts += [f"{name} {value:+.2f}"] if value is not None else []
    heard = f" [{', '.join(read)}]" if read else ""
    return f"{track.person}{heard}: {', '.join(parts)}"


def _usual(affects: Sequence[Affect], weights: Sequence[float]) -> tuple[str, float, float]:
    """Return the label with the largest share over all affects, that share, and the mean confidence."""
    total: dict[str, float] = {}
    sure, whole = 0.0, sum(weights) or 1.0
    for affect, weight in zip(affects, weights, strict=True):
        if affect.categories is None:
            continue
        sure += weight / whole * (affect.categories.top[1] if affect.confidence is None else affect.confidence)
        for label, share in affect.categories.as_dict().items():
            total[label] = total.get(label, 0.0) + weight / whole * share
    label = max(total, key=lambda name: total[name], default="unknown")
    return label, total.get(label, 0.0), sure


def _mean(parts: Sequence[Dimension | None], weights: Sequence[float]) -> float | None:
    known = [(part.mean, weight) for part, weight in zip(parts, weights, strict=True) if part is not None]
    if not known:
        return None
    means, shares = zip(*known, strict=True)
    return float(np.average(means, weights=shares if sum(shares) else None))


def _place(span: Span) -> str:
    if span.unit == "characters":
        return f"characters {span.start:.0f}-{span.end:.0f}"
    return f"{_clock(span.start)}-{_clock(span.end)}"


def _clock(seconds: float) -> str:
    """Return a time as minutes and seconds, with hours where there are any.

    Example:
        >>> _clock(75.2), _clock(3725)
        ('1:15', '1:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
