"""SemEval-2018 task 1, English tweets: valence, the intensity of one emotion, and which of eleven emotions hold.

Each of the three parts is a corpus of its own with its own official splits. Reads a Parquet table per split, or the
published files, wherever they lie below the folder and with or without ``2018-`` before their names:
``Valence-reg-En-<split>.txt``, ``EI-reg-En-<emotion>-<split>.txt`` (both ID, Tweet, Affect Dimension, Intensity Score)
and ``E-c-En-<split>.txt`` (ID, Tweet, one column an emotion), with the splits ``train``, ``dev`` and ``test-gold``.

Most tweets of valence and all of the eleven emotions are also rated for intensity, in the split of the same name: no
tweet of a training split is in the test split of another part.

References:
    Mohammad, Bravo-Marquez, Salameh and Kiritchenko (2018). SemEval-2018 task 1: affect in tweets. SemEval, 1-17.
    Mohammad and Kiritchenko (2018). Understanding emotions: a dataset of tweets to study interactions between affect
    categories. LREC, 198-209. Data: for research; tweets fall under the terms of their platform.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import degree, present, records, sample
from mien.errors import InputError
from mien.types import Affect, Dimension, Distribution
from mien.types.scales import SEMEVAL_EC11, SEMEVAL_INTENSITY

__all__ = ["RATERS_STD", "SPLITS", "load", "load_emotions", "load_intensity"]

SPLITS = ("train", "validation", "test")
FILES = {"train": "train", "validation": "dev", "test": "test-gold"}
RATED = {"ID": "id", "Tweet": "text", "Intensity Score": "rating"}
CHOSEN = {"ID": "id", "Tweet": "text", **{label: label for label in SEMEVAL_EC11.labels}}

RATERS_STD = 0.3
"""Spread that stands in for the raters' own, which the corpus does not give (its scores come from comparisons)."""

published = partial(records, delimiter="\t", quoted=False)


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read how pleasant tweets seem.

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
    path = _find(folder, f"Valence-reg-En-{FILES[split]}.txt")
    if path is None:
        return [_valence(row, "valence") for row in read_table(folder / f"{split}.parquet")]
    return [_valence(row, "rating") for row in published(path, RATED)]


def load_intensity(split: str, root: Path | None = None) -> list[Sample]:
    """Read how intense one emotion of a tweet is: anger, fear, joy or sadness.

    Args:
        split: ``train`` (7,102 ratings), ``validation`` (1,464) or ``test`` (4,068).
        root: Folder that holds ``text/semeval2018_ei_en``, or the published files; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance`, whose truth is the degree of one emotion, from 0 to 1, over its scale in
        `mien.types.scales.SEMEVAL_INTENSITY`, and whose group names the ``emotion``. A tweet that was rated for several
        emotions is a sample for each.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/semeval2018_ei_en", root)
    paths = {emotion: _find(folder, f"EI-reg-En-{emotion}-{FILES[split]}.txt") for emotion in SEMEVAL_INTENSITY}
    there = {emotion: path for emotion, path in paths.items() if path is not None}
    if not there:
        return [_intensity(row, row["emotion"], row["intensity"]) for row in read_table(folder / f"{split}.parquet")]
    if len(there) < len(paths):
        lacking = min(set(paths) - set(there))
        raise InputError(f"{folder} lacks EI-reg-En-{lacking}-{FILES[split]}.txt; needed: one for each emotion")
    return [
        _intensity(row, emotion, row["rating"])
        for emotion, path in there.items()
        for row in _without_decoys(published(path, RATED))
    ]


def load_emotions(split: str, root: Path | None = None) -> list[Sample]:
    """Read which of eleven emotions a tweet expresses, of which several, or none, may hold.

    Args:
        split: ``train`` (6,838 tweets), ``validation`` (886) or ``test`` (3,259).
        root: Folder that holds ``text/semeval2018_ec_en``, or the published files; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` and whose truth has probability 1 for each label of
        `mien.types.scales.SEMEVAL_EC11` that holds.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/semeval2018_ec_en", root)
    path = _find(folder, f"E-c-En-{FILES[split]}.txt")
    rows = read_table(folder / f"{split}.parquet") if path is None else published(path, CHOSEN)
    return [_emotions(row) for row in rows]


def _find(folder: Path, name: str) -> Path | None:
    """Return the published file of that name, with or without the year before it; they lie in folders of their own."""
    return next((path for path in sorted(folder.rglob(f"*{name}")) if path.name in (name, f"2018-{name}")), None)


def _without_decoys(rows: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Leave out the sentences that the task's test files hold to find bias; nobody rated them."""
    return (row for row in rows if "-mystery-" not in row["id"])


def _valence(row: Mapping[str, Any], column: str) -> Sample:
    share = degree(row[column], f"SemEval-2018 tweet {row['id']} has the valence", low=0, high=1)
    return sample(row, Affect(valence=Dimension(2 * share - 1, RATERS_STD)))


def _intensity(row: Mapping[str, Any], emotion: str, rating: Any) -> Sample:
    if emotion not in SEMEVAL_INTENSITY:
        known = ", ".join(SEMEVAL_INTENSITY)
        raise InputError(f"SemEval-2018 tweet {row['id']} has the emotion {emotion!r}; allowed: {known}")
    share = degree(rating, f"SemEval-2018 tweet {row['id']} has the intensity", low=0, high=1)
    truth = Affect(Distribution(SEMEVAL_INTENSITY[emotion], np.array([share])))
    return sample({**row, "id": f"{row['id']}-{emotion}"}, truth, group={"emotion": emotion})


def _emotions(row: Mapping[str, Any]) -> Sample:
    what = f"SemEval-2018 tweet {row['id']}"
    held = [label for label in SEMEVAL_EC11.labels if degree(row[label], f"{what} has the {label}", low=0, high=1) > 0]
    return sample(row, Affect(present(SEMEVAL_EC11, held, what)))
