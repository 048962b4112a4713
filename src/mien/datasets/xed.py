"""XED: lines of films in English and Finnish, with Plutchik's eight emotions, of which several may hold, or neutral.

Reads a Parquet table per split, or the published layout: ``<language>-annotated.tsv`` (text, label numbers) and
``neu_<language>.txt`` (a number, the text, sometimes more), in the folder or in its ``AnnotatedData``. Of equal lines
the first counts, and an annotated one before a neutral one.

There is no official split. A hash of the text gives each line its split, so that equal lines fall together, but short
lines that differ in a letter may not, and of most lines it is not known which film they are from.

References:
    Öhman, Pàmies, Kajava and Tiedemann (2020). XED: a multilingual dataset for sentiment analysis and emotion
    detection. COLING, 6542-6552. Data: CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, hashed_split, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import first_file, lines, numbered, present, sample
from mien.errors import InputError
from mien.types import Affect
from mien.types.scales import XED9

__all__ = ["SPLITS", "load_english", "load_finnish"]

SPLITS = ("train", "validation", "test")
NEUTRAL = "neutral"
NUMBERS = {str(number): label for number, label in enumerate(XED9.labels, start=1) if label != NEUTRAL}
"""What the published files write for each label; neutral lines have a file of their own."""


def load_english(split: str, root: Path | None = None) -> list[Sample]:
    """Read one split of the English lines.

    Args:
        split: ``train``, ``validation`` or ``test``: 80, 10 and 10 of 100 lines.
        root: Folder that holds ``text/xed_en``, or the corpus in its published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` and whose truth has probability 1 for each label of
        `mien.types.scales.XED9` that holds.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    return _load("en", split, root)


def load_finnish(split: str, root: Path | None = None) -> list[Sample]:
    """Read one split of the Finnish lines, as `load_english` does from ``text/xed_fi``.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    return _load("fi", split, root)


def _load(language: str, split: str, root: Path | None) -> list[Sample]:
    check_split(split, SPLITS)
    folder = corpus_folder(f"text/xed_{language}", root)
    names = (f"{language}-annotated.tsv", f"neu_{language}.txt")
    annotated, neutral = (first_file(folder, name, f"AnnotatedData/{name}") for name in names)
    rows: Iterator[Mapping[str, Any]]
    if annotated is None and neutral is None:
        rows = iter(read_table(folder / f"{split}.parquet"))
    elif annotated is None or neutral is None:
        raise InputError(f"corpus folder {folder} holds only one of two files; needed: {' and '.join(names)}")
    else:
        found = [*_annotated(annotated), *_neutral(neutral)]
        rows = (row for row in _once(found) if hashed_split(row["text"]) == split)
    return [_sample(row) for row in numbered(rows, f"{language}-{split}")]


def _annotated(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines(path), start=1):
        text, tab, labels = line.rpartition("\t")
        numbers = labels.replace(" ", "").split(",")
        if not tab or not set(numbers) <= set(NUMBERS):
            raise InputError(f"{path}, line {number} ends in {labels[:40]!r}; allowed: a tab and numbers from 1 to 8")
        yield {"text": text, "emotions": [NUMBERS[each] for each in numbers]}


def _neutral(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines(path), start=1):
        _, tab, rest = line.partition("\t")
        if line and not tab:
            raise InputError(f"{path}, line {number} has no tab; needed: a number, a tab and the text")
        text = rest.partition("\t")[0]
        if text.strip():
            yield {"text": text, "emotions": [NEUTRAL]}


def _once(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    first = {row["text"]: row for row in reversed(rows)}
    return (row for row in rows if first[row["text"]] is row)


def _sample(row: Mapping[str, Any]) -> Sample:
    return sample(row, Affect(present(XED9, row["emotions"], f"XED line {row['id']}")))
