"""SemEval-2007 task 14, affective text: headlines with the intensity of six emotions and valence.

Reads a Parquet table, or the published files, wherever they lie below the folder: ``affectivetext_test.xml`` with one
``<instance id="...">`` a headline, ``affectivetext_test.emotions.gold`` (id, anger, disgust, fear, joy, sadness,
surprise, from 0 to 100) and ``affectivetext_test.valence.gold`` (id, valence, from -100 to 100).

EmoBank holds most of these headlines, with ratings of its own, in all three of its splits.

References:
    Strapparava and Mihalcea (2007). SemEval-2007 task 14: affective text. SemEval, 70-74. Data: no licence stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import degree, lines, sample
from mien.errors import InputError
from mien.types import Affect, Dimension, Distribution
from mien.types.scales import SEMEVAL2007_INTENSITY6

__all__ = ["RATERS_STD", "SPLITS", "load"]

SPLITS = ("test",)
NAME = "affectivetext_test"
EMOTIONS = SEMEVAL2007_INTENSITY6.labels

RATERS_STD = 0.25
"""Spread that stands in for that of the six raters, whose single ratings the published files do not hold."""


def load(split: str = "test", root: Path | None = None) -> list[Sample]:
    """Read the headlines of the test split; there is no training split, and the trial set is not read.

    Args:
        split: ``test`` (1,000 headlines).
        root: Folder that holds ``text/semeval2007_affective_text``, or the published files; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` and whose truth has valence and the intensity of six emotions, from 0 to
        1, over `mien.types.scales.SEMEVAL2007_INTENSITY6`.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The table is Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/semeval2007_affective_text", root)
    published = next(iter(sorted(folder.rglob(f"{NAME}.xml"))), None)
    rows = read_table(folder / "test.parquet") if published is None else _published(published)
    return [_sample(row) for row in rows]


def _published(path: Path) -> Iterator[dict[str, Any]]:
    emotions = _gold(path.with_name(f"{NAME}.emotions.gold"), EMOTIONS)
    valence = _gold(path.with_name(f"{NAME}.valence.gold"), ("valence",))
    for number, text in _headlines(path):
        if number not in emotions or number not in valence:
            raise InputError(f"headline {number} of {path} has no rating; needed: six emotions and valence for each")
        yield {"id": number, "text": text, **emotions[number], **valence[number]}


def _headlines(path: Path) -> list[tuple[str, str]]:
    try:
        root = ElementTree.fromstring(path.read_text(encoding="utf-8-sig"))  # noqa: S314 - a corpus the user chose
    except (OSError, UnicodeDecodeError, ElementTree.ParseError) as error:
        raise InputError(f"corpus file {path} cannot be read: {error}") from error
    return [(one.get("id", ""), (one.text or "").strip()) for one in root.iter("instance")]


def _gold(path: Path, names: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Return the ratings of a file by headline: a number and one rating a name, parted by spaces."""
    found = {}
    for place, line in enumerate(lines(path), start=1):
        number, *ratings = line.split() or [""]
        if len(ratings) != len(names):
            raise InputError(f"{path}, line {place} has {len(ratings)} ratings; needed: {', '.join(names)}")
        found[number] = dict(zip(names, ratings, strict=True))
    return found


def _sample(row: Mapping[str, Any]) -> Sample:
    what = f"SemEval-2007 headline {row['id']} has the"
    intensities = np.array([degree(row[name], f"{what} {name}", low=0, high=100) for name in EMOTIONS])
    valence = Dimension(2 * degree(row["valence"], f"{what} valence", low=-100, high=100) - 1, RATERS_STD)
    return sample(row, Affect(Distribution(SEMEVAL2007_INTENSITY6, intensities), valence=valence))
