"""GoEmotions: 58,000 English Reddit comments with 28 labels, several of which may hold.

Reads a Parquet table per split, or the published layout: ``train.tsv``, ``dev.tsv`` and ``test.tsv`` (text, label
numbers, comment id) with ``emotions.txt``, in the folder or in its ``data``.

References:
    Demszky et al. (2020). GoEmotions: a dataset of fine-grained emotions. ACL, 4040-4054. Data: CC BY 4.0.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.errors import InputError
from mien.types import Affect, Distribution, Span, Utterance
from mien.types.taxonomies import GOEMOTIONS28

__all__ = ["SPLITS", "load"]

SPLITS = ("train", "validation", "test")
FILES = {"train": "train.tsv", "validation": "dev.tsv", "test": "test.tsv"}


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one official split.

    Args:
        split: ``train`` (43,410 comments), ``validation`` (5,426) or ``test`` (5,427).
        root: Folder that holds ``text/goemotions``, or the corpus in its published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` and whose truth has probability 1 for each label that raters agreed on.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/goemotions", root)
    published = _published(folder, split)
    return list(_from_tsv(published) if published else _from_table(folder / f"{split}.parquet"))


def _published(folder: Path, split: str) -> Path | None:
    candidates = (folder / FILES[split], folder / "data" / FILES[split])
    return next((path for path in candidates if path.is_file()), None)


def _from_table(path: Path) -> Iterator[Sample]:
    for row in read_table(path, ["id", "text", "labels"]):
        yield _sample(row["id"], row["text"], row["labels"], GOEMOTIONS28.labels)


def _from_tsv(path: Path) -> Iterator[Sample]:
    names = path.with_name("emotions.txt")
    labels = tuple(names.read_text(encoding="utf-8").split()) if names.is_file() else GOEMOTIONS28.labels
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            if len(row) != 3:
                raise InputError(f"{path}, line {number} has {len(row)} columns; allowed: 3, text, labels and id")
            yield _sample(row[2], row[0], _numbers(row[1], path, number), labels)


def _numbers(field: str, path: Path, number: int) -> list[int]:
    try:
        return [int(part) for part in field.split(",")]
    except ValueError as error:
        raise InputError(f"{path}, line {number} has the labels {field!r}; allowed: numbers and commas") from error


def _sample(name: str, text: str, numbers: Iterable[int], labels: Sequence[str]) -> Sample:
    probs = np.zeros(len(GOEMOTIONS28))
    for number in numbers:
        if not 0 <= number < len(labels):
            raise InputError(f"GoEmotions comment {name} has the label {number}; allowed: 0 to {len(labels) - 1}")
        probs[GOEMOTIONS28.index(labels[number])] = 1
    span = Span(0, len(text), "characters")
    return Sample(name, Utterance(text, span), Affect(Distribution(GOEMOTIONS28, probs), span=span))
