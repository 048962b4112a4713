"""The recordings of a table, heard one by one and kept as they are heard, so that an interruption loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from jaxtyping import Float

from mien.errors import InputError
from mien.io.clip import read_parts
from mien.io.save import make_folder, saving
from mien.learn.own.table import Labels, Stretch
from mien.learn.own.train import Say
from mien.types import Sound

__all__ = ["Vector", "hear"]

EVERY = 5.0
"""Seconds between two lines of progress, and between two times that what was heard is kept."""
WHOLE: Stretch = (0.0, None)
Vector = Float[np.ndarray, " width"]


def hear(
    labels: Labels, measure: Callable[[Sound], Vector | None], kept: Path, mark: str, say: Say
) -> list[Vector | None]:
    """Return what is measured of each recording of a table, None where there is no voice in it.

    A file of which several rows name a part is decoded once.

    Args:
        labels: The table; its paths are relative to it.
        measure: Sound to features.
        kept: File of what was heard so far; a run that finds it goes on from there.
        mark: What else the features depend on: those of another are measured anew.
        say: Called with a sentence now and then.

    Raises:
        InputError: A recording is missing or cannot be read; the text names the row.
        OutputError: What was heard cannot be kept.
    """
    paths = [labels.path.parent / item for item in labels.items]
    _check(labels, paths)
    keys = [f"{mark} {path} {_state(path)} {part}" for path, part in zip(paths, _parts(labels), strict=True)]
    memory = _Memory(kept)
    told = time.monotonic()
    try:
        for row, sound in _unknown(labels, paths, [key in memory.heard for key in keys]):
            memory.heard[keys[row]] = measure(sound)
            if time.monotonic() - told >= EVERY:
                told = time.monotonic()
                memory.save()
                say(f"{sum(key in memory.heard for key in keys):,} of {len(keys):,} recordings heard")
    finally:
        memory.save()
    say(f"{len(keys):,} of {len(keys):,} recordings heard")
    return [memory.heard[key] for key in keys]


def _check(labels: Labels, paths: Sequence[Path]) -> None:
    """Check that all recordings are there, before the first is read."""
    for place, (path, item) in enumerate(zip(paths, labels.items, strict=True), start=1):
        if not path.is_file():
            told = f"row {place} of {labels.path} names the recording {item!r}, but there is no file {path}"
            raise InputError(f"{told}; a path is relative to the table, or absolute")


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _parts(labels: Labels) -> Sequence[Stretch]:
    return labels.stretches or [WHOLE] * len(labels)


def _unknown(labels: Labels, paths: Sequence[Path], known: Sequence[bool]) -> Iterator[tuple[int, Sound]]:
    """Yield the rows that are not known yet with their sounds, file by file in the order in which those are named."""
    by_file: dict[Path, list[int]] = {}
    for row, path in enumerate(paths):
        if not known[row]:
            by_file.setdefault(path, []).append(row)
    for rows in by_file.values():
        yield from zip(rows, _sounds(labels, paths, rows), strict=True)


def _sounds(labels: Labels, paths: Sequence[Path], rows: Sequence[int]) -> list[Sound]:
    """Return what the rows of one file mean of it."""
    path, parts = paths[rows[0]], [_parts(labels)[row] for row in rows]
    try:
        return read_parts(path, parts)
    except InputError:
        for row, part in zip(rows, parts, strict=True):
            _try(labels, row, path, part)
        raise


def _try(labels: Labels, row: int, path: Path, part: Stretch) -> None:
    try:
        read_parts(path, [part])
    except InputError as error:
        raise InputError(f"row {row + 1} of {labels.path} cannot be heard: {error}") from error


class _Memory:
    """What was heard, by what it depends on, in a file that is there as a whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.heard: dict[str, Vector | None] = dict(_read(path)) if path.is_file() else {}
        self._saved = len(self.heard)

    def save(self) -> None:
        """Write what is new."""
        if len(self.heard) == self._saved:
            return
        make_folder(self._path.parent)
        width = max((len(row) for row in self.heard.values() if row is not None), default=0)
        nothing = np.full(width, np.nan, dtype=np.float32)
        rows = np.stack([nothing if row is None else row for row in self.heard.values()])
        with saving(self._path) as temporary, temporary.open("wb") as stream:
            np.savez(stream, keys=np.array(list(self.heard)), rows=rows)
        self._saved = len(self.heard)


def _read(path: Path) -> Mapping[str, Vector | None]:
    """Read what an earlier run heard; a file of no use is as good as none."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            pairs = zip(stored["keys"].tolist(), stored["rows"], strict=True)
            return {key: None if np.isnan(row).any() or not len(row) else row for key, row in pairs}
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return {}
