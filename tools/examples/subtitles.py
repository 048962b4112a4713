"""Transcripts in SubRip form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

Line = tuple[float, float, str]
"""Start and end in seconds, and the words."""


def stamp(seconds: float) -> str:
    """Return a SubRip time.

    >>> stamp(62.5)
    '00:01:02,500'
    """
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds // 1000:02d},{milliseconds % 1000:03d}"


def write_subtitles(path: Path, lines: Sequence[Line]) -> None:
    """Write a transcript."""
    blocks = [
        f"{number}\n{stamp(start)} --> {stamp(end)}\n{text}\n" for number, (start, end, text) in enumerate(lines, 1)
    ]
    path.write_text("\n".join(blocks), encoding="utf-8")
