"""EmoBank: 10,000 English sentences with valence, arousal and dominance.

Reads a Parquet table per split, or the published ``emobank.csv`` (id, split, V, A, D, text), in the folder or in its
``corpus``. The ratings, 1 to 5, are the published mean over what readers felt and what writers expressed; here -1 to 1.

References:
    Buechel and Hahn (2017). EmoBank: studying the impact of annotation perspective and representation format on
    dimensional emotion analysis. EACL, 578-585. Data: CC BY-SA 4.0.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.errors import InputError
from mien.types import Affect, Dimension, Span, Utterance

__all__ = ["RATERS_STD", "SPLITS", "load"]

SPLITS = ("train", "validation", "test")
NAMES = {"train": "train", "validation": "dev", "test": "test"}

RATERS_STD = 0.17
"""Typical spread among the raters of one sentence, on [-1, 1]; stands where a file does not give it."""


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one official split.

    Args:
        split: ``train`` (8,062 sentences), ``validation`` (1,000) or ``test`` (1,000).
        root: Folder that holds ``text/emobank``, or the corpus in its published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` and whose truth has valence, arousal and dominance, each with
        the raters' spread.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/emobank", root)
    candidates = (folder / "emobank.csv", folder / "corpus" / "emobank.csv")
    published = next((path for path in candidates if path.is_file()), None)
    rows = _csv_rows(published, NAMES[split]) if published else read_table(folder / f"{split}.parquet")
    return [_sample(row) for row in rows]


def _csv_rows(path: Path, split: str) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        lacking = {"id", "split", "V", "A", "D", "text"} - set(reader.fieldnames or ())
        if lacking:
            raise InputError(f"{path} lacks the column {min(lacking)!r}; needed: id, split, V, A, D, text")
        yield from (row for row in reader if row["split"] == split)


def _sample(row: Mapping[str, Any]) -> Sample:
    text = row["text"]
    span = Span(0, len(text), "characters")
    valence, arousal, dominance = (_dimension(row, letter) for letter in "VAD")
    truth = Affect(valence=valence, arousal=arousal, dominance=dominance, span=span)
    genre = row.get("category")
    return Sample(row["id"], Utterance(text, span), truth, {"genre": genre} if genre else {})


def _dimension(row: Mapping[str, Any], letter: str) -> Dimension:
    try:
        rating = float(row[letter])
    except ValueError as error:
        raise _bad_rating(row, letter) from error
    if not 1 <= rating <= 5:
        raise _bad_rating(row, letter)
    stds = [row.get(f"{side}_std{letter}") for side in ("reader", "writer")]
    known = [std / 2 for std in stds if isinstance(std, float) and not math.isnan(std)]
    return Dimension((rating - 3) / 2, sum(known) / len(known) if known else RATERS_STD)


def _bad_rating(row: Mapping[str, Any], letter: str) -> InputError:
    return InputError(f"EmoBank sentence {row['id']} has the {letter} rating {row[letter]!r}; allowed: 1 to 5")
