"""What the readers of written corpora share: delimited files, and samples of one text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from mien.datasets.schema import Sample
from mien.errors import InputError
from mien.types import Affect, Distribution, Span, Taxonomy, Utterance

__all__ = ["certain", "degree", "first_file", "letters", "lines", "numbered", "present", "records", "sample"]


def first_file(folder: Path, *names: str) -> Path | None:
    """Return the first of some files that a folder holds, or None where it holds none of them."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


def lines(path: Path) -> list[str]:
    """Return the lines of a text file, without their ends; only line feeds end a line.

    Raises:
        InputError: The file is missing or is not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"corpus file {path} cannot be read: {error}") from error
    return text.removesuffix("\n").split("\n") if text else []


def records(
    path: Path, columns: Mapping[str, str], *, delimiter: str = ",", quoted: bool = True
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a delimited file under our names for its columns; other columns stay as they are.

    Args:
        path: The file, in UTF-8, with a header.
        columns: The file's name of each needed column to ours.
        delimiter: What parts two fields.
        quoted: Whether quotation marks enclose fields; otherwise they are part of the text.

    Raises:
        InputError: The file is missing, is not UTF-8, lacks a column, or has a row that is too short.
    """
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter=delimiter, quoting=quoting)
            lacking = set(columns) - set(reader.fieldnames or ())
            if lacking:
                raise InputError(f"{path} lacks the column {min(lacking)!r}; needed: {', '.join(columns)}")
            for row in reader:
                if any(row[name] is None for name in columns):
                    raise InputError(f"{path}, line {reader.line_num} is too short; needed: {', '.join(columns)}")
                yield {columns.get(name, name): value for name, value in row.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"corpus file {path} cannot be read: {error}") from error


def letters(text: str) -> str:
    """Return what is compared of two texts: letters and digits, whatever their case; else the text itself.

    Texts of which this is equal count as the same when one split must not hold texts of another.
    """
    return "".join(filter(str.isalnum, text.casefold())) or text


def numbered(rows: Iterable[Mapping[str, Any]], prefix: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a corpus without names, each with an ``id`` of its place, such as ``test-17``."""
    for place, row in enumerate(rows):
        yield {**row, "id": f"{prefix}-{place}"}


def sample(row: Mapping[str, Any], truth: Affect, **more: Mapping[str, Any]) -> Sample:
    """Return the sample of a row with ``id`` and ``text``, its truth spanning the whole text.

    Args:
        row: May name the ``speaker``.
        truth: What people said of the text.
        more: The sample's ``group`` and ``extra``.
    """
    text = row["text"]
    span = Span(0, len(text), "characters")
    signal = Utterance(text, span, row.get("speaker"))
    return Sample(str(row["id"]), signal, replace(truth, span=span), **more)


def certain(taxonomy: Taxonomy, label: str, what: str) -> Distribution:
    """Return a distribution that is sure of one label.

    Args:
        taxonomy: The labels.
        label: The one that holds.
        what: What has it, for the error, such as ``MELD utterance 3``.

    Raises:
        InputError: The taxonomy has no such label.
    """
    return present(taxonomy, [label], what)


def present(taxonomy: Taxonomy, labels: Iterable[str], what: str) -> Distribution:
    """Return a distribution in which each given label has probability 1, as `certain` does for one.

    Raises:
        InputError: The taxonomy lacks one of the labels.
    """
    probs = np.zeros(len(taxonomy))
    for label in labels:
        if label not in taxonomy.labels:
            raise InputError(f"{what} has the label {label!r}; allowed: {', '.join(taxonomy.labels)}")
        probs[taxonomy.index(label)] = 1
    return Distribution(taxonomy, probs)


def degree(value: Any, what: str, *, low: float, high: float, read: Callable[[Any], float] = float) -> float:
    """Return a rating as a share of its scale, in [0, 1].

    Args:
        value: The rating as the corpus gives it.
        what: What it rates, for the error, such as ``tweet 3 has the joy``.
        low: The least rating.
        high: The greatest rating.
        read: Makes a number of it, and raises `ValueError` or `TypeError` where it cannot.

    Raises:
        InputError: It is no number, or leaves the scale.
    """
    problem = InputError(f"{what} {value!r}; allowed: {low:g} to {high:g}")
    try:
        rating = read(value)
    except (TypeError, ValueError) as error:
        raise problem from error
    if not low <= rating <= high:
        raise problem
    return (rating - low) / (high - low)
