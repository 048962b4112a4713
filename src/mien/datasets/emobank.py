"""EmoBank: 10,000 English sentences with valence, arousal and dominance.

Reads a Parquet table per split, or the published ``emobank.csv`` (id, split, V, A, D, text), in the folder or in its
``corpus``. The ratings, 1 to 5, are the published mean over what readers felt and what writers expressed; here -1 to 1.
Either side alone is in the same table, or in the published ``reader.csv`` and ``writer.csv`` (id, V, A, D, stdV, ...).

References:
    Buechel and Hahn (2017). EmoBank: studying the impact of annotation perspective and representation format on
    dimensional emotion analysis. EACL, 578-585. Data: CC BY-SA 4.0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import degree, first_file, records, sample
from mien.errors import InputError
from mien.types import Affect, Dimension
from mien.types.affect import Kind

__all__ = ["RATERS_STD", "SPLITS", "load", "load_readers", "load_writers"]

SPLITS = ("train", "validation", "test")
NAMES = {"train": "train", "validation": "dev", "test": "test"}
SIDE = {name: name for name in ("id", "V", "A", "D", "stdV", "stdA", "stdD")}
COLUMNS = {name: name for name in ("id", "split", "V", "A", "D", "text")}

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
    published = first_file(folder, "emobank.csv", "corpus/emobank.csv")
    if published is None:
        return [_sample(row) for row in read_table(folder / f"{split}.parquet")]
    return [_sample(row) for row in records(published, COLUMNS) if row["split"] == NAMES[split]]


def load_readers(split: str, root: Path | None = None) -> list[Sample]:
    """Read what readers felt at the sentences of a split, as `load` does; the spread is that among readers alone.

    Raises:
        OptionError, InputError, MissingExtraError: As for `load`.
    """
    return _load_side("reader", "induced", split, root)


def load_writers(split: str, root: Path | None = None) -> list[Sample]:
    """Read what the sentences of a split seem to say of their writers, as `load` does, with the spread of that.

    Raises:
        OptionError, InputError, MissingExtraError: As for `load`.
    """
    return _load_side("writer", "expressed", split, root)


def _load_side(side: str, kind: Kind, split: str, root: Path | None) -> list[Sample]:
    check_split(split, SPLITS)
    folder = corpus_folder("text/emobank", root)
    published = first_file(folder, f"{side}.csv", f"corpus/{side}.csv")
    if published is None:
        return [_side_sample(row, side, kind) for row in read_table(folder / f"{split}.parquet")]
    texts = first_file(folder, "emobank.csv", "corpus/emobank.csv")
    if texts is None:
        raise InputError(f"{published} lies without emobank.csv; needed: both, as the texts stand in the latter")
    rated = {row["id"]: {f"{side}_{name}": row[name] for name in SIDE} for row in records(published, SIDE)}
    rows = [row for row in records(texts, COLUMNS) if row["split"] == NAMES[split]]
    return [_side_sample({**row, **rated[row["id"]]}, side, kind) for row in rows if row["id"] in rated]


def _side_sample(row: Mapping[str, Any], side: str, kind: Kind) -> Sample:
    valence, arousal, dominance = (_side_dimension(row, side, letter) for letter in "VAD")
    truth = Affect(valence=valence, arousal=arousal, dominance=dominance, kind=kind)
    genre = row.get("category")
    return sample(row, truth, group={"genre": genre} if genre else {})


def _side_dimension(row: Mapping[str, Any], side: str, letter: str) -> Dimension:
    what = f"EmoBank sentence {row['id']} has the {side}'s {letter}"
    share = degree(row[f"{side}_{letter}"], f"{what} rating", low=1, high=5)
    spread = degree(row[f"{side}_std{letter}"], f"{what} spread", low=0, high=4)
    return Dimension(2 * share - 1, 2 * spread)


def _sample(row: Mapping[str, Any]) -> Sample:
    valence, arousal, dominance = (_dimension(row, letter) for letter in "VAD")
    truth = Affect(valence=valence, arousal=arousal, dominance=dominance)
    genre = row.get("category")
    return sample(row, truth, group={"genre": genre} if genre else {})


def _dimension(row: Mapping[str, Any], letter: str) -> Dimension:
    share = degree(row[letter], f"EmoBank sentence {row['id']} has the {letter} rating", low=1, high=5)
    stds = [row.get(f"{side}_std{letter}") for side in ("reader", "writer")]
    known = [std / 2 for std in stds if isinstance(std, float) and not math.isnan(std)]
    return Dimension(2 * share - 1, sum(known) / len(known) if known else RATERS_STD)
