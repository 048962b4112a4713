"""MELD: utterances of the series Friends with one of seven emotions; here their words only.

Reads a Parquet table per split, or the published ``train_sent_emo.csv``, ``dev_sent_emo.csv`` and
``test_sent_emo.csv``, in the folder, in its ``data`` or in its ``data/MELD``.

No dialogue is in two splits, but the speakers are the same six friends throughout. Of the lines of the test split with
more than 25 characters (1,288), other corpora of the series have many: PELD 781, the training split of EmoryNLP 178,
that of EmotionLines 5. What learns from those must leave them out before it is measured here.

References:
    Poria, Hazarika, Majumder, Naik, Cambria and Mihalcea (2019). MELD: a multimodal multi-party dataset for emotion
    recognition in conversations. ACL, 527-536. Data: GPL-3.0; the words of the series belong to its owners.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import certain, first_file, records, sample
from mien.types import Affect
from mien.types.taxonomies import EKMAN7

__all__ = ["SPLITS", "load"]

SPLITS = ("train", "validation", "test")
FILES = {"train": "train_sent_emo.csv", "validation": "dev_sent_emo.csv", "test": "test_sent_emo.csv"}
COLUMNS = {name: name.lower() for name in ("Utterance", "Speaker", "Emotion", "Dialogue_ID", "Utterance_ID")}
PUNCTUATION = {code: bytes([code]).decode("cp1252") for code in (0x85, *range(0x91, 0x98))}
"""Characters of Windows that the published files hold as control characters: quotation marks, dashes and dots."""


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one official split.

    Args:
        split: ``train`` (9,989 utterances), ``validation`` (1,109) or ``test`` (2,610).
        root: Folder that holds ``text/meld``, or the corpus in its published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` with its speaker, whose truth is one label of `EKMAN7`, and whose group
        names the ``dialogue``, the ``turn`` and the ``speaker``.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/meld", root)
    name = FILES[split]
    published = first_file(folder, name, f"data/{name}", f"data/MELD/{name}")
    rows = read_table(folder / f"{split}.parquet") if published is None else records(published, COLUMNS)
    return [_sample(row) for row in rows]


def _sample(row: Mapping[str, Any]) -> Sample:
    name = f"dia{row['dialogue_id']}_utt{row['utterance_id']}"
    truth = Affect(certain(EKMAN7, row["emotion"], f"MELD utterance {name}"))
    group = {"dialogue": str(row["dialogue_id"]), "turn": str(row["utterance_id"]), "speaker": row["speaker"]}
    text = row["utterance"].translate(PUNCTUATION)
    return sample({"id": name, "text": text, "speaker": row["speaker"]}, truth, group=group)
