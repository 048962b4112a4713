"""A user's table of labels: which items there are, what each is labelled with, and who they are of."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from mien.errors import InputError

__all__ = ["DIMENSIONS", "LEAST_OF_A_LABEL", "LEAST_ROWS", "Labels", "read_labels"]

DIMENSIONS = ("valence", "arousal", "dominance")
LEAST_ROWS = 20
LEAST_OF_A_LABEL = 5
"""Rows of one label: each of five parts that are left out in turn should hold one."""
DELIMITERS = {".csv": ",", ".tsv": "\t"}
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Items with their labels.

    Args:
        source: Name of the file.
        items: Texts, or paths of recordings or pictures as they are written in the table.
        classes: The labels, sorted; empty where there are none.
        codes: Place of each item's label in `classes`, shape ``(n,)``; empty where there are none.
        dimensions: What the ratings are of, among valence, arousal and dominance.
        ratings: Shape ``(n, dimensions)`` on [-1, 1].
        speakers: Who each item is of; empty where the table does not say.
    """

    source: str
    items: tuple[str, ...]
    classes: tuple[str, ...]
    codes: Int[np.ndarray, "n"]
    dimensions: tuple[str, ...]
    ratings: Float[np.ndarray, "n dimensions"]
    speakers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.items)


def read_labels(path: Path, *, item: str) -> Labels:
    """Read a table with a header: `item`, then ``label`` or dimensions, and perhaps ``speaker``.

    Args:
        path: A .csv or .tsv file in UTF-8.
        item: The column of the items, ``text`` for texts.

    Raises:
        InputError: The file cannot be read, a column is missing, a value is wrong, or there are too few rows or labels;
            the text says which line.
    """
    rows = list(_rows(path))
    names = tuple(rows[0]) if rows else ()
    dimensions = tuple(name for name in DIMENSIONS if name in names)
    labelled = "label" in names
    _check_columns(path, names, item, labelled=labelled or bool(dimensions))
    if len(rows) < LEAST_ROWS:
        raise InputError(f"{path} has {len(rows)} rows; a model needs {LEAST_ROWS} or more")
    items = _words(path, rows, item)
    said = _words(path, rows, "label") if labelled else ()
    classes = tuple(sorted(set(said)))
    _check_classes(path, said)
    speakers = _words(path, rows, "speaker") if "speaker" in names else ()
    if speakers and len(set(speakers)) == 1:
        raise InputError(
            f"{path} names one speaker, {speakers[0]!r}, in every row; give two or more, or no such column"
        )
    return Labels(
        source=path.name,
        items=items,
        classes=classes,
        codes=np.array([classes.index(label) for label in said], dtype=np.int64),
        dimensions=dimensions,
        ratings=_ratings(path, rows, dimensions),
        speakers=speakers,
    )


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


def _check_columns(path: Path, names: Sequence[str], item: str, *, labelled: bool) -> None:
    allowed = f"allowed: {item} with label, or with {', '.join(DIMENSIONS)} from -1 to 1; and speaker"
    given = ", ".join(names) or "none"
    if item not in names:
        raise InputError(f"{path} has no column {item!r}; its columns: {given}; {allowed}")
    if not labelled:
        raise InputError(f"{path} has no column with labels; its columns: {given}; {allowed}")


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
    ratings = np.array(table, dtype=np.float64).reshape(len(rows), len(dimensions))
    for name, column in zip(dimensions, ratings.T, strict=True):
        if np.ptp(column) == 0:
            raise InputError(f"{path} has the {name} {column[0]:g} in every row; a model needs different ones")
    return ratings


def _number(path: Path, place: int, name: str, given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    if not -1 <= value <= 1:
        raise InputError(f"row {place} of {path} has the {name} {given.strip()!r}; allowed: a number from -1 to 1")
    return value
