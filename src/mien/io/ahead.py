"""Decoding ahead: the next pieces are made by another thread while the present one is read.

Decoders and models release the interpreter, so that both of two processors are used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

__all__ = ["ahead"]

Item = TypeVar("Item")
DEPTH = 8
"""Pieces that wait at most: enough to even out their times, few enough to hold in memory."""
BLINK = 0.05
PATIENCE = 2.0
"""Seconds that an early leave waits for the thread to end; one stuck in a read must not hold up the program."""


class _End:
    """What the thread puts last: the error that it met, if any."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(items: Iterable[Item], *, depth: int = DEPTH) -> Iterator[Item]:
    """Yield the same items, made up to ``depth`` ahead in a thread of its own; an error comes where it would have come.

    Args:
        items: What to make; it is used by the thread alone.
        depth: Items that wait at most.

    Example:
        >>> list(ahead(range(3)))
        [0, 1, 2]
    """
    waiting: Queue[Item | _End] = Queue(maxsize=depth)
    stop = Event()
    thread = Thread(target=_fill, args=(items, waiting, stop), name="mien-decode", daemon=True)
    thread.start()
    try:
        while not isinstance(item := waiting.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        # Whoever stops early must not leave a thread that decodes to nobody.
        stop.set()
        thread.join(PATIENCE)


def _fill(items: Iterable[Item], waiting: Queue[Item | _End], stop: Event) -> None:
    error: BaseException | None = None
    try:
        for item in items:
            if not _put(waiting, item, stop):
                return
    except BaseException as met:  # Whatever it is, the reader must hear of it.
        error = met
    _put(waiting, _End(error), stop)


def _put(waiting: Queue[Item | _End], item: Item | _End, stop: Event) -> bool:
    """Put an item as soon as there is room; return whether it was put before the reader left."""
    while not stop.is_set():
        try:
            waiting.put(item, timeout=BLINK)
        except Full:
            continue
        return True
    return False
