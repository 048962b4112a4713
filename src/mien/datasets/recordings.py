"""Recordings of speech corpora as mono sound at 16 kHz, from tables and from files."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mien.datasets.corpus import read_table
from mien.errors import InputError, MissingExtraError
from mien.io import open_media, sounds
from mien.types import Audio, Recording, Sound

__all__ = ["RATE", "decode", "facts", "open_recording", "rows"]

RATE = 16_000


def rows(folder: Path, split: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of one split from the Parquet tables of a folder.

    Raises:
        InputError: The folder has no table.
        MissingExtraError: pyarrow is not installed.
    """
    paths = sorted(folder.glob("*.parquet"))
    if not paths:
        raise InputError(f"corpus folder {folder} holds neither Parquet tables nor the published files")
    for path in paths:
        yield from (row for row in read_table(path) if row["split"] == split)


def decode(data: bytes, name: str) -> Sound:
    """Decode the bytes of a clip (Ogg, FLAC, WAV) that is mono at 16 kHz.

    Raises:
        InputError: The bytes are no sound, or sound at another rate.
        MissingExtraError: soundfile is not installed.
    """
    try:
        import soundfile
    except ImportError as error:
        raise MissingExtraError("reading speech corpora", "bench") from error
    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise InputError(f"clip {name} cannot be decoded: {error}") from error
    if rate != RATE:
        raise InputError(f"clip {name} has a rate of {rate} Hz; allowed: {RATE} Hz")
    return Sound(Audio(np.ascontiguousarray(samples.mean(axis=1, dtype=np.float32)[None]), RATE))


def open_recording(path: Path) -> Sound:
    """Decode a sound file of any rate and number of channels.

    Raises:
        InputError: The file cannot be decoded or holds no sound.
    """
    recording = open_media(path)
    if not isinstance(recording, Recording):
        raise InputError(f"{path} holds pictures; a sound file was expected")
    parts = [piece.audio.samples for piece in sounds(recording, rate=RATE)]
    return Sound(Audio(np.concatenate(parts, axis=1), RATE))


def facts(row: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Return the named columns that a row has, as strings."""
    return {name: str(row[name]) for name in names if row.get(name) is not None}
