"""Analyses as Praat TextGrids, in the long text form that every tool reads.

Interval tiers as `mien.io.tiers` lays them out, with empty intervals between the marks, and a point tier for moments.
Both text forms are read, long and short, by Praat's own rule: what counts are quoted texts, ``<flags>`` and numbers
that stand alone; everything else is there for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from mien.errors import InputError
from mien.io.foreign import LATEST, Warn, decimal, warn_left_out, whole
from mien.io.layers import Layer, tracks_of
from mien.io.save import save_text
from mien.io.text import decode_text
from mien.io.tiers import MOMENTS, Mark, Tier, layout, moments_of
from mien.types.analysis import Analysis, Track

__all__ = ["read_textgrid", "to_textgrid"]

TOKEN = re.compile(r'"((?:[^"]|"")*)"|<(\w+)>|(?<!\S)([-+]?\d[^\s!"]*)(?=\s|$)|(![^\n]*)|(")')
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


def read_textgrid(raw: bytes, name: str, *, warn: Warn = warn_left_out) -> list[Track]:
    """Return the tracks of a TextGrid in one of its text forms.

    Args:
        raw: The file, UTF-8 or UTF-16.
        name: What errors call it.
        warn: Called with a sentence for what has no place in a track.

    Raises:
        InputError: It is no TextGrid, is cut short, or holds a wrong number; the sentence names the line.

    Example:
        >>> grid = '"ooTextFile" "TextGrid" 0 1 <exists> 1 "IntervalTier" "ann" 0 1 1 0 1 "joy"'
        >>> read_textgrid(grid.encode(), "a.TextGrid")[0].affects[0].categories.top
        ('joy', 1.0)
    """
    if raw.startswith(b"ooBinaryFile"):
        raise InputError(f"{name} is a binary TextGrid; save it from Praat as a text file")
    tokens = _Tokens(decode_text(raw, name), name)
    if tokens.text() != "ooTextFile" or tokens.text() != "TextGrid":
        raise InputError(f"{name} is no TextGrid; its first lines must say ooTextFile and TextGrid")
    tokens.number("xmin"), tokens.number("xmax")
    tiers = tokens.count("tiers") if tokens.flag() == "exists" else 0
    return tracks_of([tokens.tier() for _ in range(tiers)], name, warn)


class _Tokens:
    """What counts in a TextGrid, one after the other."""

    def __init__(self, content: str, name: str) -> None:
        self._content, self._name = content, name
        self._found = TOKEN.finditer(content)
        self._at = 0

    def text(self) -> str:
        """Take a quoted text."""
        token = self._next("a quoted text")
        if token[1] is None:
            raise InputError(f"{self._where()}: {token[0][:40]!r} stands where a quoted text must")
        return token[1].replace('""', '"')

    def flag(self) -> str:
        """Take a flag."""
        return self._next("<exists>")[2] or ""

    def number(self, what: str) -> float:
        """Take a time in seconds."""
        written = self._next(what)[3] or ""
        try:
            return decimal(written, "", what, least=-LATEST)
        except InputError:
            # The line is counted only where it is told.
            return decimal(written, self._where(), what, least=-LATEST)

    def count(self, what: str) -> int:
        """Take a number of parts; there are no more than characters in the file."""
        return whole(self._next(what)[3] or "", self._where(), f"the number of {what}", most=len(self._content))

    def tier(self) -> Layer:
        """Take a tier of either class."""
        kind = self.text()
        if kind not in ("IntervalTier", "TextTier"):
            raise InputError(f"{self._where()}: the tier has the class {kind[:40]!r}; allowed: IntervalTier, TextTier")
        name = self.text()
        self.number("xmin"), self.number("xmax")
        marks = [self._mark(points=kind == "TextTier") for _ in range(self.count("intervals"))]
        return Layer(name, marks)

    def _mark(self, *, points: bool) -> tuple[float, float, str]:
        start = self.number("the time")
        end = start if points else self.number("xmax")
        return start, end, self.text()

    def _next(self, what: str) -> re.Match[str]:
        for token in self._found:
            self._at = token.start()
            if token[5] is not None:
                raise InputError(f"{self._where()}: a quoted text has no end; the file may be cut short")
            if token[4] is None:
                return token
        raise InputError(f"{self._name} ends where {what} should come; it may be cut short")

    def _where(self) -> str:
        line = self._content.count("\n", 0, self._at) + 1
        return f"{self._name}, line {line}"
