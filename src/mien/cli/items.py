"""What ``mien perceive`` reads: one item a line of text, or one a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mien.errors import InputError, MienError
from mien.io import open_media, read_image, read_text, sounds
from mien.types import Audio, Frame, Recording, Sound, Span, Utterance, Video

__all__ = ["Item", "items_of"]

STDIN = "-"
LONGEST = 600.0
"""Seconds of a file that are read at once; longer files are for ``mien analyze``, which reads them as streams."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its signal, or why it cannot be read."""

    id: str
    piece: Any = None
    error: str | None = None


def items_of(modality: str, sources: Sequence[str]) -> Iterator[Item]:
    """Yield the items of sources, in order.

    Args:
        modality: text, speech or face.
        sources: Files; ``-`` is standard input: texts, or paths of files, one a line.

    What cannot be read is an item with its error: a file, or one line that is not UTF-8 on standard input.
    """
    if modality == "text":
        return _texts(sources)
    load = _speech if modality == "speech" else _face
    return (_loaded(path, load) for path in _paths(sources))


def _texts(sources: Sequence[str]) -> Iterator[Item]:
    for source in sources:
        prefix = f"{source}:" if len(sources) > 1 else ""
        items = _typed() if source == STDIN else _written(source)
        for item in items:
            yield item if item.id == source else Item(f"{prefix}{item.id}", item.piece, item.error)


def _written(source: str) -> Iterator[Item]:
    try:
        content = read_text(source).content
    except MienError as error:
        yield Item(source, error=" ".join(str(error).split()))
        return
    for number, line in enumerate(content.removesuffix("\n").split("\n"), start=1):
        yield _line(str(number), line)


def _typed() -> Iterator[Item]:
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            yield Item(str(number), error=f"line {number} is not UTF-8; allowed: text in UTF-8")
        else:
            yield _line(str(number), line.rstrip("\r\n"))


def _line(number: str, line: str) -> Item:
    return Item(number, Utterance(line, Span(0, len(line), "characters")))


def _paths(sources: Sequence[str]) -> Iterator[str]:
    for source in sources:
        if source == STDIN:
            yield from (raw.decode("utf-8", errors="surrogateescape").rstrip("\r\n") for raw in sys.stdin.buffer)
        else:
            yield source


def _loaded(path: str, load: Any) -> Item:
    try:
        return Item(path, load(path))
    except MienError as error:
        return Item(path, error=" ".join(str(error).split()))


def _face(path: str) -> Frame:
    return Frame(read_image(path))


def _speech(path: str) -> Sound:
    media = open_media(path, warn=_ignore)
    recording = media.recording if isinstance(media, Video) else media
    if not isinstance(recording, Recording):
        raise InputError(f"{path} holds no sound")
    parts, length = [], 0.0
    for sound in sounds(recording, warn=_ignore):
        parts.append(sound.audio)
        length += sound.audio.duration
        if length > LONGEST:
            raise InputError(f"{path} is longer than {LONGEST:.0f} s; read it with: mien analyze")
    if not parts:
        raise InputError(f"{path} holds no sound")
    return Sound(Audio(np.concatenate([part.samples for part in parts], axis=1), parts[0].rate))


def _ignore(message: str) -> None:
    """Take no notice of damage: what decodes is read."""
