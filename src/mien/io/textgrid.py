"""Analyses as Praat TextGrids, in the long text form that every tool reads.

Interval tiers as `mien.io.tiers` lays them out, with empty intervals between the marks, and a point tier for moments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mien.io.save import save_text
from mien.io.tiers import MOMENTS, Mark, Tier, layout, moments_of
from mien.types.analysis import Analysis

__all__ = ["to_textgrid"]

HEAD = ('File type = "ooTextFile"', 'Object class = "TextGrid"', "")


def to_textgrid(analysis: Analysis, path: str | Path | None = None) -> str:
    """Return an analysis as a TextGrid, and write it to ``path`` if one is given.

    Raises:
        OptionError: Its affects have no times in seconds.
        OutputError: The file cannot be written.

    Example:
        >>> from mien.types import Affect, Dimension, Source, Span, Track
        >>> glad = Affect(valence=Dimension(0.5, 0.2), span=Span(0.0, 1.0))
        >>> grid = to_textgrid(Analysis(Source("a.wav", "audio", duration=2.0), (Track("ann", "speech", (glad,)),)))
        >>> 'name = "speech.valence@ann"' in grid
        True
    """
    tiers = layout(analysis, "a TextGrid")
    moments = moments_of(analysis)
    ends = [mark.end for tier in tiers for mark in tier.marks] + [mark.end for mark in moments]
    stated = analysis.source.duration if analysis.source.unit == "seconds" else None
    end = max([*ends, round((stated or 0.0) * 1000), 1])
    parts = [_intervals(tier, end) for tier in tiers] + ([_points(moments, end)] if moments else [])
    written = "\n".join([*HEAD, *_grid(parts, end)]) + "\n"
    if path is not None:
        save_text(path, written)
    return written


def _grid(parts: Sequence[list[str]], end: int) -> Iterator[str]:
    yield from ("xmin = 0", f"xmax = {_seconds(end)}", "tiers? <exists>", f"size = {len(parts)}", "item []:")
    for number, part in enumerate(parts, start=1):
        yield f"    item [{number}]:"
        yield from (f"        {line}" for line in part)


def _intervals(tier: Tier, end: int) -> list[str]:
    filled = list(_filled(tier.marks, end))
    lines = ['class = "IntervalTier"', f"name = {_quoted(tier.name)}", "xmin = 0", f"xmax = {_seconds(end)}"]
    lines.append(f"intervals: size = {len(filled)}")
    for number, mark in enumerate(filled, start=1):
        lines += [f"intervals [{number}]:", f"    xmin = {_seconds(mark.start)}", f"    xmax = {_seconds(mark.end)}"]
        lines.append(f"    text = {_quoted(mark.text)}")
    return lines


def _filled(marks: Sequence[Mark], end: int) -> Iterator[Mark]:
    """Give the marks, and an empty one wherever there is none."""
    at = 0
    for mark in marks:
        if mark.start > at:
            yield Mark(at, mark.start, "")
        yield mark
        at = mark.end
    if at < end:
        yield Mark(at, end, "")


def _points(moments: Sequence[Mark], end: int) -> list[str]:
    # Praat allows one point at one time.
    told: dict[int, str] = {}
    for mark in moments:
        told[mark.start] = f"{told[mark.start]} / {mark.text}" if mark.start in told else mark.text
    lines = ['class = "TextTier"', f"name = {_quoted(MOMENTS)}", "xmin = 0", f"xmax = {_seconds(end)}"]
    lines.append(f"points: size = {len(told)}")
    for number, (time, text) in enumerate(told.items(), start=1):
        lines += [f"points [{number}]:", f"    number = {_seconds(time)}", f"    mark = {_quoted(text)}"]
    return lines


def _seconds(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000:03d}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
