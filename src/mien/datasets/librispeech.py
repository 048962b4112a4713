"""A sample of LibriSpeech: ten readers of its ``test-other`` part, ten utterances each; no emotions.

Reads a Parquet table, or the published layout: ``READER/CHAPTER/READER-CHAPTER-NNNN.flac``.

References:
    V. Panayotov, G. Chen, D. Povey and S. Khudanpur (2015). LibriSpeech: an ASR corpus based on public domain audio
    books. ICASSP, 5206-5210. Data: CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mien.datasets.corpus import check_split, corpus_folder
from mien.datasets.recordings import decode, facts, open_recording, rows
from mien.datasets.schema import Sample

__all__ = ["SPLITS", "load"]

SPLITS = ("test",)


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


def _from_table(folder: Path, split: str) -> Iterator[Sample]:
    for row in rows(folder, split):
        sound = decode(row["audio"], row["clip_id"])
        yield Sample(row["clip_id"], sound, group=facts(row, "speaker", "sex"), extra=facts(row, "text"))


def _from_files(files: list[Path]) -> Iterator[Sample]:
    for path in files:
        yield Sample(path.stem, open_recording(path), group={"speaker": path.stem.split("-")[0]})
