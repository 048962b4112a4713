"""A user's table of labels: which items there are, what each is labelled with, and who they are of."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from mien.errors import InputError

__all__ = ["DIMENSIONS", "LEAST_OF_A_LABEL", "LEAST_ROWS", "Labels", "Stretch", "read_labels"]

DIMENSIONS = ("valence", "arousal", "dominance")
LEAST_ROWS = 20
LEAST_OF_A_LABEL = 5
"""Rows of one label: each of five parts that are left out in turn should hold one."""
ROWS = "rows"
START, END = "start", "end"
DELIMITERS = {".csv": ",", ".tsv": "\t"}
Row = Mapping[str, str]
Stretch = tuple[float, float | None]
"""Start and end in seconds; an end of ``None`` is the end of the recording."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Items with their labels.

    Args:
        path: The file.
        items: Texts, or paths of recordings or pictures as they are written in the table.
        classes: The labels, sorted; empty where there are none.
        codes: Place of each item's label in `classes`, shape ``(n,)``; empty where there are none.
        dimensions: What the ratings are of, among valence, arousal and dominance.
        ratings: Shape ``(n, dimensions)`` on [-1, 1].
        speakers: Who each item is of; empty where the table does not say.
        stretches: What of each recording is meant; empty where all of it is.
        left_out: How many rows of the file are not here, because nothing was perceived in them.
    """

    path: Path
    items: tuple[str, ...]
    classes: tuple[str, ...]
    codes: Int[np.ndarray, "n"]
    dimensions: tuple[str, ...]
    ratings: Float[np.ndarray, "n dimensions"]
    speakers: tuple[str, ...]
    stretches: tuple[Stretch, ...] = ()
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.items)

    @property
    def source(self) -> str:
        """Name of the file."""
        return self.path.name

    @property
    def groups(self) -> tuple[str, ...]:
        """What must not be parted: the speakers, else recordings of which several stretches are here; may be empty."""
        parted = self.stretches and 1 < len(set(self.items)) < len(self.items)
        return self.speakers or (self.items if parted else ())

    def only(self, rows: Sequence[int], what: str) -> Labels:
        """Return the table with some of its rows.

        Args:
            rows: Places of those that are kept.
            what: What they are called where they are too few, such as "rows in which a voice is heard".

        Raises:
            InputError: They are too few, or too much alike, to learn from.
        """
        said = [self.classes[self.codes[row]] for row in rows] if self.classes else []
        classes = tuple(sorted(set(said)))
        kept = replace(
            self,
            items=tuple(self.items[row] for row in rows),
            classes=classes,
            codes=np.array([classes.index(label) for label in said], dtype=np.int64),
            ratings=self.ratings[list(rows)],
            speakers=tuple(self.speakers[row] for row in rows) if self.speakers else (),
            stretches=tuple(self.stretches[row] for row in rows) if self.stretches else (),
            left_out=self.left_out + len(self) - len(rows),
        )
        return _checked(kept, what)


def read_labels(path: Path, *, item: str, timed: bool = False) -> Labels:
    """Read a table with a header: `item`, then ``label`` or dimensions, and perhaps ``speaker``.

    Args:
        path: A .csv or .tsv file in UTF-8.
        item: The column of the items: ``text`` for texts, ``file`` for recordings.
        timed: Whether columns ``start`` and ``end`` say which part of an item is meant, in seconds.

    Raises:
        InputError: The file cannot be read, a column is missing, a value is wrong, or there are too few rows or labels;
            the text says which line.
    """
    rows = list(_rows(path))
    names = tuple(rows[0]) if rows else ()
    dimensions = tuple(name for name in DIMENSIONS if name in names)
    labelled = "label" in names
    _check_columns(path, names, (item, START, END) if timed else (item,), labelled=labelled or bool(dimensions))
    _check_count(path, len(rows), ROWS)
    said = _words(path, rows, "label") if labelled else ()
    classes = tuple(sorted(set(said)))
    labels = Labels(
        path=path,
        items=_words(path, rows, item),
        classes=classes,
        codes=np.array([classes.index(label) for label in said], dtype=np.int64),
        dimensions=dimensions,
        ratings=_ratings(path, rows, dimensions),
        speakers=_words(path, rows, "speaker") if "speaker" in names else (),
        stretches=_stretches(path, rows) if timed and {START, END} & set(names) else (),
    )
    return _checked(labels, ROWS)


def _rows(path: Path) -> Iterator[Row]:
    delimiter = DELIMITERS.get(path.suffix.lower())
    if delimiter is None:
        raise InputError(f"the labels {path} are no table that can be read; allowed: {', '.join(DELIMITERS)}")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, delimiter=delimiter, strict=True)
            reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
            for row in reader:
                if None in row or None in row.values():
                    told = f"line {reader.line_num} of {path} does not have the columns of the first"
                    raise InputError(f"{told}, which are {len(reader.fieldnames)}; quote texts that hold {delimiter!r}")
                yield row
    except OSError as error:
        raise InputError(f"the labels {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"the labels {path} are not UTF-8; save them as UTF-8") from error
    except csv.Error as error:
        raise InputError(f"the labels {path} are no table that can be read: {error}") from error


def _check_columns(path: Path, names: Sequence[str], items: Sequence[str], *, labelled: bool) -> None:
    item, *times = items
    beside = ", ".join(["speaker", *times])
    allowed = f"allowed: {item} with label, or with {', '.join(DIMENSIONS)} from -1 to 1; and {beside}"
    given = ", ".join(names) or "none"
    if item not in names:
        raise InputError(f"{path} has no column {item!r}; its columns: {given}; {allowed}")
    if not labelled:
        raise InputError(f"{path} has no column with labels; its columns: {given}; {allowed}")


def _check_count(path: Path, count: int, what: str) -> None:
    if count < LEAST_ROWS:
        raise InputError(f"{path} has {count} {what}; a model needs {LEAST_ROWS} or more")


def _checked(labels: Labels, what: str) -> Labels:
    """Return a table that can be learnt from.

    Raises:
        InputError: It cannot.
    """
    path, speakers = labels.path, labels.speakers
    _check_count(path, len(labels), what)
    _check_classes(path, [labels.classes[code] for code in labels.codes])
    for name, column in zip(labels.dimensions, labels.ratings.T, strict=True):
        if np.ptp(column) == 0:
            raise InputError(f"{path} has the {name} {column[0]:g} in every row; a model needs different ones")
    if speakers and len(set(speakers)) == 1:
        raise InputError(
            f"{path} names one speaker, {speakers[0]!r}, in every row; give two or more, or no such column"
        )
    return labels


def _check_classes(path: Path, said: Sequence[str]) -> None:
    counts = Counter(said)
    if len(counts) == 1:
        raise InputError(f"{path} has one label, {said[0]!r}, in every row; a model needs two or more")
    for label, count in sorted(counts.items(), key=lambda pair: pair[1]):
        if count < LEAST_OF_A_LABEL:
            told = f"the label {label!r} of {path} stands in {count} rows; each needs {LEAST_OF_A_LABEL} or more"
            raise InputError(f"{told}: add some, join it to another, or take it out")


def _words(path: Path, rows: Sequence[Row], name: str) -> tuple[str, ...]:
    words = tuple(row[name].strip() for row in rows)
    if "" in words:
        raise InputError(f"row {words.index('') + 1} of {path} has an empty {name}; every row needs one")
    return words


def _ratings(path: Path, rows: Sequence[Row], dimensions: Sequence[str]) -> Float[np.ndarray, "n dimensions"]:
    table = [[_number(path, place, name, row[name]) for name in dimensions] for place, row in enumerate(rows, start=1)]
    return np.array(table, dtype=np.float64).reshape(len(rows), len(dimensions))


def _number(path: Path, place: int, name: str, given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    if not -1 <= value <= 1:
        raise InputError(f"row {place} of {path} has the {name} {given.strip()!r}; allowed: a number from -1 to 1")
    return value


def _stretches(path: Path, rows: Sequence[Row]) -> tuple[Stretch, ...]:
    return tuple(_stretch(path, place, row) for place, row in enumerate(rows, start=1))


def _stretch(path: Path, place: int, row: Row) -> Stretch:
    start, end = (_seconds(path, place, name, row.get(name, "")) for name in (START, END))
    if end is not None and end <= (start or 0.0):
        told = f"row {place} of {path} has the start {start or 0:g} and the end {end:g}"
        raise InputError(f"{told}; the end must lie after the start")
    return start or 0.0, end


def _seconds(path: Path, place: int, name: str, given: str) -> float | None:
    if not given.strip():
        return None
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise InputError(f"row {place} of {path} has the {name} {given.strip()!r}; allowed: seconds from 0 on")
    return value
