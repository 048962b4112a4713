"""What all readers of other tools' files share: how much is read, which numbers count, and how losses are told."""

from __future__ import annotations

import math
import os
import re
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from mien.errors import InputError
from mien.io.paths import read_bytes, readable_file
from mien.types.analysis import Analysis
from mien.types.norms import UNKNOWN_STD, WITHIN_STD

__all__ = [
    "LARGEST",
    "LATEST",
    "UNNAMED",
    "LeftOutWarning",
    "Warn",
    "decimal",
    "lines_of",
    "medium",
    "read_all",
    "spread_of",
    "warn_left_out",
    "whole",
]

LARGEST = 256 * 2**20
"""Bytes that are read of one file of annotations at most."""

LATEST = 1e8
"""Seconds (three years) that a time may state at most; a later one is damage, and would make a timeline without end."""

UNNAMED = "unnamed"
"""The person of an annotation that names none."""

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
Warn = Callable[[str], None]


class LeftOutWarning(UserWarning):
    """Something in a file of annotations has no place in a track and was left out."""


def warn_left_out(message: str) -> None:
    """Tell what was left out through Python's warnings."""
    warnings.warn(message, LeftOutWarning, stacklevel=3)


def read_all(path: str | Path) -> bytes:
    """Return the bytes of a file of annotations.

    Raises:
        InputError: It cannot be read, or is larger than `LARGEST`.
    """
    size = readable_file(path).stat().st_size
    if size > LARGEST:
        raise InputError(f"{path} has {size / 2**20:.0f} MB; allowed for annotations: {LARGEST // 2**20} MB")
    return read_bytes(path)


def decimal(written: str, where: str, what: str, *, least: float = -LATEST, most: float = LATEST) -> float:
    """Return a written number that is finite and within bounds.

    Args:
        written: The number, such as ``"0.5"``; white space around it does not count.
        where: File and line, for the error.
        what: What the number is, for the error.
        least: The least that is allowed.
        most: The most that is allowed.

    Raises:
        InputError: It is no number, or lies outside.

    Example:
        >>> decimal(" 0.5 ", "a.csv, line 2", "the confidence", least=0, most=1)
        0.5
    """
    plain = written.strip()
    value = float(plain) if len(plain) <= 64 and NUMBER.fullmatch(plain) else math.nan
    if not least <= value <= most:
        raise InputError(f"{where}: {what} is {plain[:40]!r}; allowed: a number from {least:g} to {most:g}")
    return value


def whole(written: str, where: str, what: str, *, least: int = 0, most: int = int(LATEST * 1000)) -> int:
    """Return a written whole number within bounds.

    Raises:
        InputError: It is none, or lies outside.

    Example:
        >>> whole("1200", "a.eaf, line 4", "the time in milliseconds")
        1200
    """
    plain = written.strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", plain) or not least <= int(plain) <= most:
        raise InputError(f"{where}: {what} is {plain[:40]!r}; allowed: a whole number from {least} to {most}")
    return int(plain)


def medium(analysis: Analysis, path: str | Path | None, media: str | Path | None) -> str:
    """Return how a file of annotations names what was analysed: relative to its own folder, never by a whole path.

    A medium that lies elsewhere under another name, as in a store, goes by the name that the analysis knows.
    """
    name = Path(analysis.source.name).name or "source"
    if media is None or path is None or Path(media).name != name or not Path(media).exists():
        return name
    try:
        return Path(os.path.relpath(Path(media).resolve(), Path(path).resolve().parent)).as_posix()
    except ValueError:
        return name


def spread_of(confidence: float | None = None) -> float:
    """Return the standard deviation of a dimension that states none.

    It is how far people who rate one word differ; the less the confidence, the nearer to not knowing.

    Example:
        >>> spread_of()
        0.3
    """
    sure = 1.0 if confidence is None else confidence
    if sure == 1:
        return WITHIN_STD
    return float((sure * WITHIN_STD**2 + (1 - sure) * UNKNOWN_STD**2) ** 0.5)


def lines_of(problems: Mapping[str, int]) -> list[str]:
    """Return one sentence for each kind of loss, with how often it came."""
    return [sentence if count == 1 else f"{sentence} ({count} times)" for sentence, count in problems.items()]
