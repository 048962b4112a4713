"""CARER: 20,000 English tweets with one of six emotions, given by their hashtags and not by raters.

Reads a Parquet table per split, or the published ``train.txt``, ``val.txt`` and ``test.txt`` (text;emotion).

The texts are lower-case and without punctuation. 11 texts of the test split also occur in the training split.

References:
    Saravia, Liu, Huang, Wu and Chen (2018). CARER: contextualized affect representations for emotion recognition.
    EMNLP, 3687-3697. Data: for research and education.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import certain, first_file, lines, numbered, sample
from mien.errors import InputError
from mien.types import Affect
from mien.types.taxonomies import PARROTT

__all__ = ["EMOTIONS", "SPLITS", "load"]

SPLITS = ("train", "validation", "test")
FILES = {"train": "train.txt", "validation": "val.txt", "test": "test.txt"}
EMOTIONS = tuple(label for label in PARROTT.labels if label not in PARROTT.parents)
"""The corpus's six words are those of the first tier of ``PARROTT``."""


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one official split.

    Args:
        split: ``train`` (16,000 tweets), ``validation`` (2,000) or ``test`` (2,000).
        root: Folder that holds ``text/carer_emotion``, or the published files; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` and whose truth is one label of the first tier of ``PARROTT``.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/carer_emotion", root)
    published = first_file(folder, FILES[split])
    rows = read_table(folder / f"{split}.parquet") if published is None else _lines(published)
    return [_sample(row) for row in numbered(rows, split)]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines(path), start=1):
        text, mark, emotion = line.rpartition(";")
        if not mark:
            raise InputError(f"{path}, line {number} has no semicolon; needed: text;emotion")
        yield {"text": text, "emotion": emotion.strip()}


def _sample(row: Mapping[str, Any]) -> Sample:
    if row["emotion"] not in EMOTIONS:
        raise InputError(f"CARER text {row['id']} has the label {row['emotion']!r}; allowed: {', '.join(EMOTIONS)}")
    return sample(row, Affect(certain(PARROTT, row["emotion"], "CARER text")))
