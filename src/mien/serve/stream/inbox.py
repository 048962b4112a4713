"""What a client has sent and nobody has read yet: bounded, with the oldest pictures and sound dropped first."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mien.serve.stream.limits import StreamLimits

__all__ = ["Inbox", "Item"]

ONCE = {"sound": 1.0, "picture": 3.0, "turn": 10.0}
"""How much is handed out at once: seconds of sound, pictures, turns. Streams take turns after that."""
MOST_PACKETS = 1_500
MODALITY = {"sound": "speech", "picture": "face"}


@dataclass(frozen=True, slots=True)
class Item:
    """Something to read: `kind` is sound, packet, picture or turn.

    Args:
        kind: What it is.
        content: A `Sound`, an `Utterance`, or bytes.
        time: When it begins, in seconds.
        size: Seconds of sound; 1 of anything else.
    """

    kind: str
    content: Any
    time: float = 0.0
    size: float = 1.0


class Inbox:
    """A queue of one stream, used from the event loop alone."""

    def __init__(self, limits: StreamLimits) -> None:
        self._limits = limits
        self._items: deque[Item] = deque()
        self._amounts: dict[str, float] = {"sound": 0.0, "picture": 0.0, "turn": 0.0}
        self._changed = asyncio.Event()
        self._drained = asyncio.Event()
        self._closed = False
        self.dropped: dict[str, int] = {}

    @property
    def backlog(self) -> float:
        """Seconds of sound that wait."""
        return self._amounts["sound"]

    def put(self, item: Item) -> None:
        """Add an item; where there are too many of its kind, the oldest of them goes."""
        self._items.append(item)
        self._amounts[item.kind] += item.size
        while self._is_full(item.kind):
            oldest = next(place for place, other in enumerate(self._items) if other.kind == item.kind)
            self._amounts[item.kind] -= self._items[oldest].size
            del self._items[oldest]
            self.dropped[MODALITY[item.kind]] = self.dropped.get(MODALITY[item.kind], 0) + 1
        self._changed.set()

    async def room(self) -> None:
        """Wait until turns may come: words are never dropped."""
        while self._amounts["turn"] >= self._limits.turns_ahead:
            self._drained.clear()
            await self._drained.wait()

    async def calm(self, longest: float) -> None:
        """Wait until there is room for a second of sound, but no longer than so many seconds."""
        if self._amounts["sound"] > self._limits.sound_ahead - 1:
            self._drained.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(longest):
                    await self._drained.wait()

    def close(self) -> None:
        """Let the reader know that nothing more comes."""
        self._closed = True
        self._changed.set()

    async def take(self) -> list[Item]:
        """Return the next items, a share of what waits; an empty list is the end."""
        while not self._items:
            if self._closed:
                return []
            self._changed.clear()
            await self._changed.wait()
        taken: dict[str, float] = dict.fromkeys(ONCE, 0.0)
        items: list[Item] = []
        while self._items and taken[self._items[0].kind] < ONCE[self._items[0].kind]:
            item = self._items.popleft()
            taken[item.kind] += item.size
            self._amounts[item.kind] -= item.size
            items.append(item)
        self._drained.set()
        return items

    def _is_full(self, kind: str) -> bool:
        if kind == "sound":
            return self._amounts[kind] > self._limits.sound_ahead
        return kind == "picture" and self._amounts[kind] > self._limits.pictures_ahead
