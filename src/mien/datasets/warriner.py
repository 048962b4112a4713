"""Norms of valence, arousal and dominance of 13,915 English words, which only evaluate: their licence forbids more.

Reads one Parquet table, or the published ``BRM-emot-submit.csv``, in the folder or in its ``corpus``. The means of the
ratings, 1 to 9, are here -1 to 1. There is no published split: a tenth of the words, by a hash of the word, is the one
on which choices are made, and all others measure.

References:
    Warriner, Kuperman and Brysbaert (2013). Norms of valence, arousal, and dominance for 13,915 English lemmas.
    Behavior Research Methods 45(4), 1191-1207. Data: CC BY-NC-ND 3.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, hashed_split, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import degree, first_file, records, sample
from mien.types import Affect, Dimension

__all__ = ["SPLITS", "load"]

SPLITS = ("validation", "test")
DIMENSIONS = ("valence", "arousal", "dominance")
COLUMNS = {
    "Word": "word",
    **{f"{name[0].upper()}.Mean.Sum": name for name in DIMENSIONS},
    **{f"{name[0].upper()}.SD.Sum": f"{name}_sd" for name in DIMENSIONS},
}


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one split.

    Args:
        split: ``validation`` (1,433 words) or ``test`` (12,482).
        root: Folder that holds ``text/lexicons``, or the norms in their published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` of the word and whose truth has valence, arousal and dominance, each with
        the raters' spread.

    Raises:
        OptionError: The split is unknown.
        InputError: The norms are missing or broken.
        MissingExtraError: The table is Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    rows = _rows(corpus_folder("text/lexicons", root))
    return [_sample(row) for row in rows if (hashed_split(row["word"]) == "validation") == (split == "validation")]


def _rows(folder: Path) -> Iterator[Mapping[str, Any]]:
    published = first_file(folder, "BRM-emot-submit.csv", "corpus/BRM-emot-submit.csv")
    if published is None:
        yield from read_table(folder / "warriner_vad.parquet")
        return
    yield from records(published, COLUMNS)


def _sample(row: Mapping[str, Any]) -> Sample:
    valence, arousal, dominance = (_dimension(row, name) for name in DIMENSIONS)
    named = {"id": row["word"], "text": row["word"]}
    return sample(named, Affect(valence=valence, arousal=arousal, dominance=dominance))


def _dimension(row: Mapping[str, Any], name: str) -> Dimension:
    share = degree(row[name], f"the word {row['word']!r} has the {name}", low=1, high=9)
    spread = degree(row[f"{name}_sd"], f"the word {row['word']!r} has the spread of {name}", low=0, high=4)
    return Dimension(2 * share - 1, spread)
