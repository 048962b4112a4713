"""OpenFace tables to tracks: those of OpenFace 2, and our own.

OpenFace measures action units, gaze and pose, no affect, and no published map from action units to affect is part of
mien; so they become series on the grid of the frames, which are shown and not weighed. Frames without success are NaN.
The person of face 3 is ``openface-3``: nothing says which face of ours that is. In a table of ours, person and affect
come back as they were.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from mien.errors import InputError
from mien.io.foreign import UNNAMED, Warn, decimal, spread_of, warn_left_out
from mien.io.labels import distribution
from mien.io.openface import BOX
from mien.io.text import decode_text
from mien.types.affect import Affect, Dimension, Distribution
from mien.types.analysis import Series, Track
from mien.types.span import Span
from mien.types.taxonomies import TAXONOMIES

__all__ = ["is_openface_header", "read_openface"]

MEASURED = re.compile(r"AU\d{2}_[rc]|gaze_(\d_[xyz]|angle_[xy])|pose_[TR][xyz]|confidence")
LANDMARKS = re.compile(r"(eye_lmk_)?[xyXYZ]_\d+|p_(scale|r[xyz]|t[xy]|\d+)")
DIMENSIONS = ("valence", "arousal", "dominance")
HIGHEST_RATE = 1000.0
LONGEST = 20_000_000
"""Values that a series has at most."""


@dataclass(frozen=True, slots=True)
class _Row:
    where: str
    face: str
    time: float
    seen: bool
    cells: Mapping[str, str]

    def number(self, column: str, least: float, most: float) -> float | None:
        """Return what stands in a column; ``None`` where nothing does."""
        written = self.cells.get(column, "").strip()
        return decimal(written, self.where, f"the {column}", least=least, most=most) if written else None


def is_openface_header(line: str) -> bool:
    """Whether a line is the header of an OpenFace table.

    Example:
        >>> is_openface_header("frame, face_id, timestamp, confidence, success, gaze_0_x")
        True
    """
    return {"frame", "timestamp"} <= {name.strip() for name in line.split(",")}


def read_openface(raw: bytes, name: str, *, warn: Warn = warn_left_out) -> list[Track]:
    """Return one face track per face.

    Args:
        raw: The table, as CSV.
        name: What errors call it.
        warn: Called with a sentence for what has no place in a track.

    Raises:
        InputError: It has no frames and times, or a number in it is wrong; the sentence names the line.
    """
    rows = list(_rows(decode_text(raw, name), name))
    columns = list(rows[0].cells) if rows else []
    if any(LANDMARKS.fullmatch(column) for column in columns):
        warn(f"{name}: the columns of landmarks are left out")
    faces: dict[str, list[_Row]] = {}
    for row in rows:
        faces.setdefault(row.face, []).append(row)
    return [_track(face, found, columns, name) for face, found in faces.items()]


def _rows(content: str, name: str) -> Iterator[_Row]:
    try:
        reader = csv.reader(content.splitlines(keepends=True))
        header = [column.strip() for column in next(reader, [])]
        if not is_openface_header(",".join(header)):
            raise InputError(f"{name} has no columns frame and timestamp, so it is no OpenFace table")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(header, cells, f"{name}, line {reader.line_num}")
    except csv.Error as error:
        raise InputError(f"{name} is not CSV: {error}") from error


def _row(header: Sequence[str], cells: Sequence[str], where: str) -> _Row:
    if len(cells) != len(header):
        raise InputError(f"{where}: {len(cells)} cells under {len(header)} columns; the file may be cut short")
    found = dict(zip(header, cells, strict=True))
    time = decimal(found["timestamp"], where, "the timestamp")
    seen = decimal(found.get("success", "1"), where, "the success", least=0, most=1) > 0
    return _Row(
        where, found.get("person", "") or f"openface-{found.get('face_id', '0').strip()[:40]}", time, seen, found
    )


def _track(face: str, rows: Sequence[_Row], columns: Sequence[str], name: str) -> Track:
    grid = _Grid(rows, name)
    measured = [column for column in columns if MEASURED.fullmatch(column)]
    ours = "span_start" in columns
    series = [] if ours else [grid.series((column,), column, rows) for column in measured]
    if set(BOX) <= set(columns) and any(row.cells[BOX[0]].strip() for row in rows):
        series.insert(0, grid.series(BOX, "box", rows))
    return Track(face or UNNAMED, "face", tuple(_affects(rows)) if ours else (), tuple(series))


class _Grid:
    """The frames of one face at even times."""

    def __init__(self, rows: Sequence[_Row], name: str) -> None:
        times = np.unique([row.time for row in rows])
        gaps = np.diff(times)
        self.rate = min(HIGHEST_RATE, round(1 / float(np.median(gaps)), 6)) if len(gaps) else 1.0
        self.rate = self.rate or 1.0
        self.start = float(times[0])
        self._length = round((float(times[-1]) - self.start) * self.rate) + 1
        if self._length > LONGEST:
            raise InputError(f"{name} spans {self._length} frames of one face; allowed: {LONGEST}")

    def series(self, columns: Sequence[str], name: str, rows: Sequence[_Row]) -> Series:
        """Return some columns over time; NaN where there is no frame or no success."""
        values = np.full((self._length, len(columns)), np.nan)
        for row in rows:
            found = [row.number(column, -1e9, 1e9) for column in columns] if row.seen else [None]
            if None not in found:
                values[round((row.time - self.start) * self.rate)] = found
        return Series(name, self.start, self.rate, values[:, 0] if len(columns) == 1 else values)


def _affects(rows: Sequence[_Row]) -> Iterator[Affect]:
    """Give the affects of a table of ours: the same in each row of its stretch."""
    told = [row for row in rows if any(row.cells.get(part, "").strip() for part in ("label", *DIMENSIONS))]
    told.sort(key=_key)
    for _, same in groupby(told, key=_key):
        yield _affect(next(same))


def _span_key(row: _Row) -> tuple[float, float]:
    start, end = row.number("span_start", -1e8, 1e8), row.number("span_end", -1e8, 1e8)
    return (-np.inf, -np.inf) if start is None or end is None else (start, end)


def _key(row: _Row) -> tuple[tuple[float, float], tuple[str, ...]]:
    return _span_key(row), _said(row)


def _said(row: _Row) -> tuple[str, ...]:
    return tuple(row.cells.get(part, "") for part in ("label", "label_confidence", "model", *DIMENSIONS))


def _affect(row: _Row) -> Affect:
    start, end = _span_key(row)
    if end < start:
        raise InputError(f"{row.where}: the stretch ends at {end:g} s, before it starts at {start:g} s")
    dimensions = {}
    for name in DIMENSIONS:
        mean, std = row.number(name, -1, 1), row.number(f"{name}_std", 0, 1e3)
        if mean is not None:
            dimensions[name] = Dimension(mean, spread_of() if std is None else std)
    label = row.cells.get("label", "").strip()
    categories = _categories(row)
    return Affect(
        categories=categories,
        valence=dimensions.get("valence"),
        arousal=dimensions.get("arousal"),
        dominance=dimensions.get("dominance"),
        labels=tuple(label.split("; ")) if label and categories is None else (),
        span=Span(start, end) if np.isfinite(start) else None,
        confidence=row.number("label_confidence", 0, 1),
        model=row.cells.get("model") or None,
    )


def _categories(row: _Row) -> Distribution | None:
    """Return the probabilities that a row lists; ``None`` where they are of no taxonomy of mien."""
    for name, taxonomy in TAXONOMIES.items():
        if row.cells.get(f"{name}.{taxonomy.labels[0]}", "").strip():
            shares = {label: row.number(f"{name}.{label}", 0, 1) for label in taxonomy.labels}
            return distribution(taxonomy, {label: share for label, share in shares.items() if share is not None})
    return None
