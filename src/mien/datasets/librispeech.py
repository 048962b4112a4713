"""A sample of LibriSpeech: ten readers of its ``test-other`` part, ten utterances each; no emotions.

Reads a Parquet table, or the published layout: ``READER/CHAPTER/READER-CHAPTER-NNNN.flac``.

References:
    V. Panayotov, G. Chen, D. Povey and S. Khudanpur (2015). LibriSpeech: an ASR corpus based on public domain audio
    books. ICASSP, 5206-5210. Data: CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from mien.datasets.corpus import check_split, corpus_folder
from mien.datasets.recordings import decode, facts, open_recording, rows
from mien.datasets.schema import Sample
from mien.errors import InputError

__all__ = ["BABBLE", "SPLITS", "load", "load_babble"]

SPLITS = ("test",)
BABBLE: Mapping[str, tuple[str, ...]] = {
    "train": ("2414", "2609", "3005", "3331", "533"),
    "test": ("1688", "1998", "2033", "3080", "367"),
}
"""Readers whose voices disturb what is trained on, and others who disturb what is measured."""


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read the sample.

    Args:
        split: ``test``.
        root: Folder that holds ``speech/librispeech_sample``, or readers' folders as published; by default
            ``$MIEN_DATA``.

    Returns:
        Samples whose signal is a `Sound`, without truth; the group holds the speaker.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The table is Parquet and pyarrow or soundfile is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("speech/librispeech_sample", root)
    files = sorted(folder.glob("*/*/*.flac"))
    return list(_from_files(files) if files else _from_table(folder, split))


def load_babble(part: str, root: Path | None = None) -> list[Float[np.ndarray, " _"]]:
    """Read the readers who disturb others, all utterances of each joined.

    Args:
        part: ``train`` or ``test``; no reader is in both.
        root: As for `load`.

    Returns:
        One array a reader, mono at 16 kHz.

    Raises:
        OptionError: The part is unknown.
        InputError: The corpus is missing or broken, or lacks a reader.
        MissingExtraError: As for `load`.
    """
    check_split(part, tuple(BABBLE))
    said: dict[str, list[Float[np.ndarray, " _"]]] = {}
    for sample in load("test", root):
        said.setdefault(sample.group["speaker"], []).append(sample.signal.audio.mono())
    for reader in BABBLE[part]:
        if reader not in said:
            raise InputError(
                f"LibriSpeech lacks the reader {reader}; babble for {part} needs {', '.join(BABBLE[part])}"
            )
    return [np.concatenate(said[reader]) for reader in BABBLE[part]]


def _from_table(folder: Path, split: str) -> Iterator[Sample]:
    for row in rows(folder, split):
        sound = decode(row["audio"], row["clip_id"])
        yield Sample(row["clip_id"], sound, group=facts(row, "speaker", "sex"), extra=facts(row, "text"))


def _from_files(files: list[Path]) -> Iterator[Sample]:
    for path in files:
        yield Sample(path.stem, open_recording(path), group={"speaker": path.stem.split("-")[0]})
