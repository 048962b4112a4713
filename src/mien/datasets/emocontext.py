"""EmoContext (SemEval-2019 task 3): dialogues of three turns, the last of them happy, sad, angry or others.

Reads a Parquet table per split, or the published ``train.txt``, ``dev.txt`` and ``test.txt`` (id, turn1, turn2, turn3,
label, parted by tabs).

The training split has each emotion in about one of six dialogues, the others in one of 25: a prior that is learned does
not hold there. 17 dialogues of the test split also occur in the training split.

References:
    Chatterjee, Narahari, Joshi and Agrawal (2019). SemEval-2019 task 3: EmoContext, contextual emotion detection in
    text. SemEval, 39-48. Data: for research.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import certain, first_file, records, sample
from mien.types import Affect
from mien.types.scales import EMOCONTEXT4

__all__ = ["SPLITS", "load"]

SPLITS = ("train", "validation", "test")
FILES = {"train": "train.txt", "validation": "dev.txt", "test": "test.txt"}
COLUMNS = {name: name for name in ("id", "turn1", "turn2", "turn3", "label")}


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one official split.

    Args:
        split: ``train`` (30,160 dialogues), ``validation`` (2,755) or ``test`` (5,509).
        root: Folder that holds ``text/emocontext``, or the published files; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is the third turn as an `Utterance`, whose truth is its label of
        `mien.types.scales.EMOCONTEXT4`, and whose extra has the two turns before it as ``context``.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/emocontext", root)
    published = first_file(folder, FILES[split])
    if published is None:
        return [_sample(row) for row in read_table(folder / f"{split}.parquet")]
    return [_sample(row) for row in records(published, COLUMNS, delimiter="\t", quoted=False)]


def _sample(row: Mapping[str, Any]) -> Sample:
    truth = Affect(certain(EMOCONTEXT4, row["label"], f"EmoContext dialogue {row['id']}"))
    return sample({**row, "text": row["turn3"]}, truth, extra={"context": (row["turn1"], row["turn2"])})
