"""RAVDESS, its speech: 1,440 clips of 24 actors who say two sentences in eight emotions.

Reads Parquet tables, or the published layout: ``Actor_01/03-01-01-01-01-01-01.wav`` and so on.

References:
    S. R. Livingstone and F. A. Russo (2018). The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS).
    PLoS ONE 13(5), e0196391. Data: CC BY-NC-SA 4.0.
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
from mien.types.taxonomies import RAVDESS8

__all__ = ["SPLITS", "load"]

SPLITS = ("train", "val", "test")
FIRST_ACTOR = {"train": 1, "val": 17, "test": 21}
LAST_ACTOR = {"train": 16, "val": 20, "test": 24}
PUBLISHED = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
NAME = re.compile(r"03-01-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)")
INTENSITIES = {"01": "normal", "02": "strong"}


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read the speech of one split; no actor is in two.

    Args:
        split: ``train`` (actors 1 to 16, 960 clips), ``val`` (17 to 20, 240) or ``test`` (21 to 24, 240).
        root: Folder that holds ``speech/ravdess``, or the corpus in its published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is a `Sound` and whose truth is one label of `RAVDESS8`; the group holds speaker, sex and
        intensity.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow or soundfile is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("speech/ravdess", root)
    files = sorted(folder.glob("Actor_*/03-01-*.wav"))
    return list(_from_files(files, split) if files else _from_tables(folder, split))


def _from_tables(folder: Path, split: str) -> Iterator[Sample]:
    for row in rows(folder, split):
        group = facts(row, "speaker", "sex", "intensity", "fold_emobox")
        yield _sample(row["clip_id"], decode(row["audio"], row["clip_id"]), row["emotion"], group)


def _from_files(files: list[Path], split: str) -> Iterator[Sample]:
    for path in files:
        match = NAME.fullmatch(path.stem)
        if match is None or not 1 <= int(match[1]) <= len(PUBLISHED) or match[2] not in INTENSITIES:
            raise InputError(f"{path} is no name of a RAVDESS clip; allowed: 03-01-EE-II-SS-RR-AA.wav")
        emotion, intensity, _, _, actor = match.groups()
        if FIRST_ACTOR[split] <= int(actor) <= LAST_ACTOR[split]:
            sex = "male" if int(actor) % 2 else "female"
            group = {"speaker": actor, "sex": sex, "intensity": INTENSITIES[intensity]}
            yield _sample(path.stem, open_recording(path), PUBLISHED[int(emotion) - 1], group)


def _sample(name: str, sound: Sound, emotion: str, group: dict[str, str]) -> Sample:
    probs = np.zeros(len(RAVDESS8))
    probs[RAVDESS8.index(emotion)] = 1.0
    return Sample(name, sound, Affect(Distribution(RAVDESS8, probs), span=sound.span), group)
