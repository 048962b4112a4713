"""SemEval-2018 task 1, English tweets with one rating of valence; used to measure, never to train.

Reads a Parquet table per split, or the published ``2018-Valence-reg-En-<split>.txt`` (ID, Tweet, Affect Dimension,
Intensity Score), in the folder.

References:
    Mohammad, Bravo-Marquez, Salameh and Kiritchenko (2018). SemEval-2018 task 1: affect in tweets. SemEval, 1-17.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.errors import InputError
from mien.types import Affect, Dimension, Span, Utterance

__all__ = ["RATERS_STD", "SPLITS", "load"]

SPLITS = ("train", "validation", "test")
FILES = {"train": "train", "validation": "dev", "test": "test-gold"}
COLUMNS = {"ID": "id", "Tweet": "text", "Intensity Score": "valence"}

RATERS_STD = 0.3
"""Spread that stands in for the raters' own, which the corpus does not give (its scores come from comparisons)."""


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one official split.

    Args:
        split: ``train`` (1,181 tweets), ``validation`` (449) or ``test`` (937).
        root: Folder that holds ``text/semeval2018_v_en``, or the published files; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` and whose truth has valence.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/semeval2018_v_en", root)
    published = folder / f"2018-Valence-reg-En-{FILES[split]}.txt"
    rows = _lines(published) if published.is_file() else read_table(folder / f"{split}.parquet")
    return [_sample(row) for row in rows]


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        lacking = set(COLUMNS) - set(reader.fieldnames or ())
        if lacking:
            raise InputError(f"{path} lacks the column {min(lacking)!r}; needed: {', '.join(COLUMNS)}")
        for row in reader:
            yield {new: row[old] for old, new in COLUMNS.items()}


def _sample(row: Mapping[str, Any]) -> Sample:
    try:
        rating = float(row["valence"])
    except (TypeError, ValueError) as error:
        raise _bad_rating(row) from error
    if not 0 <= rating <= 1:
        raise _bad_rating(row)
    span = Span(0, len(row["text"]), "characters")
    truth = Affect(valence=Dimension(2 * rating - 1, RATERS_STD), span=span)
    return Sample(row["id"], Utterance(row["text"], span), truth)


def _bad_rating(row: Mapping[str, Any]) -> InputError:
    return InputError(f"SemEval-2018 tweet {row['id']} has the valence {row['valence']!r}; allowed: 0 to 1")
