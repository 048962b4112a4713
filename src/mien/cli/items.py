"""What ``mien perceive`` reads: one item a line of text, or one a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mien.errors import MienError
from mien.io import read_image, read_text
from mien.io.clip import read_clip
from mien.types import Frame, Span, Utterance

__all__ = ["Item", "items_of"]

STDIN = "-"


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
    load = read_clip if modality == "speech" else _face
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
