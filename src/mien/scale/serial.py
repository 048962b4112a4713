"""One item after the other, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from mien.scale.work import Hand, Maker, Outcome

__all__ = ["SerialMapper"]

Item = TypeVar("Item")
Result = TypeVar("Result")


class SerialMapper:
    """Calls the function here, in order; for tests, and where processes cannot be started.

    Example:
        >>> [outcome.result for outcome in SerialMapper().map(lambda: abs, [-1, 2])]
        [1, 2]
    """

    workers = 1

    def map(self, maker: Maker[Item, Result], items: Sequence[Item]) -> Iterator[Outcome[Result]]:
        """Yield one outcome per item, in order."""
        hand = Hand(maker)
        for index, item in enumerate(items):
            yield hand(index, item)
