"""EmoDB: sentences of ten German actors in seven emotions.

Reads Parquet tables, or the published layout: ``wav/03a01Wa.wav``, where the name holds speaker (two digits), text,
emotion (a letter) and version.

References:
    F. Burkhardt et al. (2005). A database of German emotional speech. Interspeech, 1517-1520. Data: free for research;
    no licence file.
"""

from __future__ import annotations

import re
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
LETTERS = {
    "W": "anger",
    "L": "boredom",
    "E": "disgust",
    "A": "anxiety",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
}
LABELS = {
    "anger": "anger",
    "disgust": "disgust",
    "anxiety": "fear",
    "happiness": "joy",
    "sadness": "sadness",
    "neutral": "neutral",
}
"""The corpus's word to the label of ``EKMAN7``; boredom has none."""
NAME = re.compile(r"(\d\d)[ab]\d\d([WLEAFTN])[a-z]?")
MEN = ("03", "10", "11", "12", "15")
HELD = {"15": "test", "16": "test", "14": "val"}


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one split; no speaker is in two.

    Args:
        split: ``train``, ``val`` (speaker 14) or ``test`` (speakers 15 and 16).
        root: Folder that holds ``speech/emodb``, or the corpus in its published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is a `Sound` and whose truth has the corpus's word in ``labels`` and, but for boredom, one
        label of `EKMAN7`.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow or soundfile is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("speech/emodb", root)
    files = sorted((folder / "wav").glob("*.wav"))
    return list(_from_files(files, split) if files else _from_tables(folder, split))


def _from_tables(folder: Path, split: str) -> Iterator[Sample]:
    for row in rows(folder, split):
        sound = decode(row["audio"], row["clip_id"])
        yield _sample(row["clip_id"], sound, row["emotion"], facts(row, "speaker", "sex"))


def _from_files(files: list[Path], split: str) -> Iterator[Sample]:
    for path in files:
        match = NAME.fullmatch(path.stem)
        if match is None:
            raise InputError(f"{path} is no name of an EmoDB clip; allowed: such as 03a01Wa.wav")
        speaker, letter = match.groups()
        if HELD.get(speaker, "train") == split:
            group = {"speaker": speaker, "sex": "male" if speaker in MEN else "female"}
            yield _sample(path.stem, open_recording(path), LETTERS[letter], group)


def _sample(name: str, sound: Sound, emotion: str, group: dict[str, str]) -> Sample:
    categories = None
    if emotion in LABELS:
        probs = np.zeros(len(EKMAN7))
        probs[EKMAN7.index(LABELS[emotion])] = 1.0
        categories = Distribution(EKMAN7, probs)
    return Sample(name, sound, Affect(categories, labels=(emotion,), span=sound.span), group)
