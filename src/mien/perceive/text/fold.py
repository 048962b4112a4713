"""A stream of utterances: sentences gathered, read together, and kept by speaker."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mien.perceive.protocol import Update
from mien.perceive.text.turns import Earlier
from mien.types import Affect, Span, Track, Utterance

__all__ = ["NOBODY", "Item", "TextFold"]

NOBODY = "writer"
"""The person of an utterance without a speaker."""


@dataclass(frozen=True, slots=True)
class Item:
    """What gets one affect: passages of one person, where they lie, and the turns before them, the nearest first."""

    passages: tuple[str, ...]
    span: Span
    before: tuple[Earlier, ...] = ()


@runtime_checkable
class ItemReader(Protocol):
    """What the stream needs of a perceiver."""

    def items_of(self, utterance: Utterance, before: Sequence[Utterance] = ()) -> Iterator[Item]:
        """Yield what is to be answered for an utterance that follows others."""
        ...

    def read_items(self, items: Sequence[Item]) -> list[Affect | None]:
        """Return one affect per item."""
        ...


class TextFold:
    """The state of one stream of utterances.

    Args:
        reader: Reads the items.
        pending: Items that wait for one another before they are read together.
        context: Utterances before each that the reader hears of, as they came, whoever spoke.
    """

    def __init__(self, reader: ItemReader, *, pending: int, context: int = 0) -> None:
        self._reader = reader
        self._pending = pending
        self._before: deque[Utterance] = deque(maxlen=context)
        self._waiting: list[tuple[str, Item]] = []
        self._affects: dict[str, list[Affect]] = {}

    def push(self, piece: Utterance) -> list[Update]:
        """Take the next utterance and return the affects that are now known, those of earlier ones included."""
        updates: list[Update] = []
        person = piece.speaker or NOBODY
        for item in self._reader.items_of(piece, tuple(self._before)):
            self._waiting.append((person, item))
            if len(self._waiting) >= self._pending:
                updates += self._flush()
        if piece.text.strip():
            self._before.append(piece)
        return updates

    def finish(self) -> list[Track]:
        """Read what still waits and return one track per speaker, in order of appearance."""
        self._flush()
        return [Track(person, "text", tuple(sorted(affects, key=_start))) for person, affects in self._affects.items()]

    def _flush(self) -> list[Update]:
        waiting, self._waiting = self._waiting, []
        affects = self._reader.read_items([item for _, item in waiting])
        updates: list[Update] = []
        for (person, _), affect in zip(waiting, affects, strict=True):
            if affect is not None:
                self._affects.setdefault(person, []).append(affect)
                updates.append(Update(person, affect, final=True))
        return updates


def _start(affect: Affect) -> float:
    return affect.span.start if affect.span else 0.0
