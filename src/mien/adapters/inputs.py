"""What users of other libraries pass in, as the pieces that perceivers read."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mien.errors import InputError, OptionError
from mien.io import read_image
from mien.io.clip import at_rate, read_clip
from mien.types import Audio, Frame, Image, Sound, Span, Utterance

__all__ = ["RATE", "Piece", "piece_of"]

Piece = Utterance | Sound | Frame
RATE = 16_000
"""The rate, in Hz, that speech is read at, and that an array without a rate is taken to have."""
ALLOWED = {
    "text": "a string, or a dict with the key 'text'",
    "speech": "a path, bytes, a one-dimensional array, or a dict with 'array' or 'raw' and 'sampling_rate'",
    "face": "a path, bytes, a PIL image, or an array of shape (height, width, 3) and type uint8",
}


def piece_of(modality: str, item: Any, *, rate: int = RATE) -> Piece:
    """Return one item as a piece.

    Args:
        modality: text, speech or face.
        item: What `ALLOWED` says for the modality; pieces of mien pass as they are.
        rate: Rate of a bare array of sound, in Hz.

    Raises:
        InputError: The item is a file that cannot be read, or a URL: nothing is fetched.
        OptionError: The item is nothing that the modality reads.

    Example:
        >>> piece_of("text", "Hello!").text
        'Hello!'
    """
    if isinstance(item, Utterance | Sound | Frame):
        return item
    if modality == "text":
        return _utterance(item)
    if isinstance(item, str | Path):
        item = _local(str(item))
    return _sound(item, rate) if modality == "speech" else _frame(item)


def _utterance(item: Any) -> Utterance:
    if isinstance(item, Mapping) and set(item) == {"text"}:
        item = item["text"]
    if not isinstance(item, str):
        raise _refused("text", item)
    return Utterance(str(item), Span(0, len(item), "characters"))


def _sound(item: Any, rate: int) -> Sound:
    if isinstance(item, Path):
        return read_clip(item)
    if isinstance(item, bytes | bytearray):
        return _decoded(bytes(item))
    if isinstance(item, Mapping):
        samples = item.get("array", item.get("raw"))
        if samples is None or "sampling_rate" not in item:
            raise OptionError(f"a dict with {', '.join(map(repr, item)) or 'no keys'} was given; {_allowed('speech')}")
        return _sound(np.asarray(samples), int(item["sampling_rate"]))
    if isinstance(item, Audio):
        return Sound(at_rate(item, RATE))
    if not isinstance(item, np.ndarray) or item.dtype.kind not in "fiu":
        raise _refused("speech", item)
    if item.ndim != 1:
        raise OptionError(f"sound of shape {item.shape} was given; allowed: one channel, shape (time,)")
    return Sound(at_rate(Audio(_scaled(item)[None], rate), RATE))


def _scaled(samples: np.ndarray) -> np.ndarray:
    """Whole numbers, as WAVE files hold them, become floats with full scale 1."""
    if samples.dtype.kind == "f":
        return samples.astype(np.float32)
    limits = np.iinfo(samples.dtype)
    middle = 0.0 if limits.min < 0 else (limits.max + 1) / 2
    return np.asarray((samples.astype(np.float64) - middle) / (limits.max + 1 - middle), dtype=np.float32)


def _decoded(content: bytes) -> Sound:
    with tempfile.NamedTemporaryFile(suffix=".sound") as file:
        file.write(content)
        file.flush()
        try:
            return read_clip(file.name)
        except InputError as error:
            named = str(error).replace(file.name, f"a recording of {len(content)} bytes")
            raise InputError(named) from error


def _frame(item: Any) -> Frame:
    if isinstance(item, Image):
        return Frame(item)
    if isinstance(item, Path | bytes):
        return Frame(read_image(item))
    if isinstance(item, np.ndarray):
        return Frame(Image(np.stack([item] * 3, axis=-1) if item.ndim == 2 else item))
    if not hasattr(item, "getexif"):
        raise _refused("face", item)
    from PIL import ImageOps

    return Frame(Image(np.asarray(ImageOps.exif_transpose(item).convert("RGB"))))


def _local(path: str) -> Path:
    if path.startswith(("http://", "https://")):
        raise InputError(f"the address {path} was given, and mien fetches nothing; give the path of a local file")
    return Path(path)


def _refused(modality: str, item: Any) -> OptionError:
    return OptionError(f"a {type(item).__name__} was given for {modality}; {_allowed(modality)}")


def _allowed(modality: str) -> str:
    return f"allowed: {ALLOWED[modality]}"
