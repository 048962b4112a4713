"""One way in: what a file is, and what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from mien.io.chat import read_chat
from mien.io.container import Warn, warn_user
from mien.io.image import read_image
from mien.io.json import load
from mien.io.media import open_media
from mien.io.pieces import pieces
from mien.io.sniff import sniff
from mien.io.text import paragraphs, read_text
from mien.io.transcript import read_transcript
from mien.types.analysis import Analysis
from mien.types.signals import Frame, Image, Sound, Text, Utterance

__all__ = ["read", "read_words"]


def read(
    path: str | Path, *, max_pieces: int = 100, warn: Warn = warn_user
) -> Text | Image | Analysis | Sequence[Utterance | Sound | Frame]:
    """Return what a file holds, whatever it is; of audio and video the first pieces.

    Args:
        path: The file; ``"-"`` is standard input.
        max_pieces: How many sounds and pictures to decode at most.
        warn: Called with a sentence where the file is damaged.

    Raises:
        InputError: The file cannot be read.
    """
    kind = sniff(path)
    if kind == "text":
        return read_text(path)
    if kind == "image":
        return read_image(path)
    if kind == "analysis":
        return load(path)
    if kind in ("chat", "transcript"):
        return read_words(path)
    return list(islice(pieces(open_media(path, warn=warn), warn=warn), max_pieces))


def read_words(path: str | Path) -> list[Utterance]:
    """Return the words of a text, chat or transcript; those of a text by line, with spans in characters.

    Raises:
        InputError: The file cannot be read, or holds no words.
    """
    readers = {"chat": read_chat, "transcript": read_transcript}
    reader = readers.get(sniff(path))
    return reader(path) if reader is not None else paragraphs(read_text(path))
