"""nEMO: 4,481 clips of nine Polish actors in six emotions.

Reads Parquet tables, or the published layout: ``data.tsv`` (file_id, emotion, speaker_id, gender, ...) beside
``samples/*.wav``.

References:
    I. Christop (2024). nEMO: dataset of emotional speech in Polish. LREC-COLING, 12111-12116. Data: CC BY-NC-SA 4.0.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from mien.datasets.corpus import check_split, corpus_folder
from mien.datasets.recordings import decode, facts, open_recording, rows
from mien.datasets.schema import Sample
from mien.errors import InputError
from mien.types import Affect, Distribution, Sound
from mien.types.taxonomies import EKMAN7

__all__ = ["SPLITS", "load"]

SPLITS = ("train", "val", "test")
LABELS = {
    "anger": "anger",
    "fear": "fear",
    "happiness": "joy",
    "neutral": "neutral",
    "sadness": "sadness",
    "surprised": "surprise",
}
"""The corpus's word to the label of ``EKMAN7``."""
COLUMNS = ("file_id", "emotion", "speaker_id", "gender")


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one split.

    Args:
        split: ``train``, ``val`` or ``test``; no speaker is in two, but all read the same sentences. The published
            layout has no split: each name gives all of it.
        root: Folder that holds ``speech/nemo``, or the corpus in its published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is a `Sound` and whose truth is one label of `EKMAN7`.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow or soundfile is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("speech/nemo", root)
    table = folder / "data.tsv"
    return list(_from_files(table) if table.is_file() else _from_tables(folder, split))


def _from_tables(folder: Path, split: str) -> Iterator[Sample]:
    for row in rows(folder, split):
        sound = decode(row["audio"], row["clip_id"])
        yield _sample(row["clip_id"], sound, row["emotion"], facts(row, "speaker", "sex"))


def _from_files(table: Path) -> Iterator[Sample]:
    with table.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t")
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise InputError(f"{table} has no column {missing[0]!r}; needed: {', '.join(COLUMNS)}")
        for row in reader:
            group = {"speaker": row["speaker_id"], "sex": row["gender"]}
            name = Path(row["file_id"]).stem
            sound = open_recording(table.parent / "samples" / f"{name}.wav")
            yield _sample(name, sound, row["emotion"], group)


def _sample(name: str, sound: Sound, emotion: str, group: dict[str, str]) -> Sample:
    if emotion not in LABELS:
        raise InputError(f"nEMO clip {name} has the emotion {emotion!r}; allowed: {', '.join(LABELS)}")
    probs = np.zeros(len(EKMAN7))
    probs[EKMAN7.index(LABELS[emotion])] = 1.0
    return Sample(name, sound, Affect(Distribution(EKMAN7, probs), labels=(emotion,), span=sound.span), group)
