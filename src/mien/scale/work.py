"""What a mapper is, and what a worker of any mapper does with an item."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from mien.errors import MienError, OptionError

__all__ = ["TRIES", "Hand", "Made", "Maker", "Mapper", "Outcome", "checked_workers", "died", "processors"]

TRIES = 3
"""How often an item is given to a worker before it is given up, where each time the worker dies of it."""

Item = TypeVar("Item")
Result = TypeVar("Result")
Made = Callable[[Item], Result]
Maker = Callable[[], Made[Item, Result]]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What became of one item.

    Args:
        index: The place of the item among those given.
        result: What the function returned; ``None`` where it failed.
        error: Why it failed, in a sentence.
        died: Whether the workers that had the item died, instead of the function raising an error.
    """

    index: int
    result: Result | None = None
    error: str | None = None
    died: bool = False


@runtime_checkable
class Mapper(Protocol):
    """Calls one function on many items, somewhere."""

    @property
    def workers(self) -> int:
        """How many items are worked on at once."""
        ...

    def map(self, maker: Maker[Item, Result], items: Sequence[Item]) -> Iterator[Outcome[Result]]:
        """Yield one outcome per item, in the order in which they are ready.

        Args:
            maker: Makes the function; called once in each worker. It, the items and the results travel between
                processes, so they must pickle.
            items: What to call the function on.
        """
        ...


class Hand(Generic[Item, Result]):
    """A worker's function with whatever it raises, the making included, turned into an outcome."""

    def __init__(self, maker: Maker[Item, Result]) -> None:
        self._made: Made[Item, Result] | None = None
        self._broken = ""
        try:
            self._made = maker()
        except Exception as error:  # whatever it is, the one who asked is told
            self._broken = f"the worker could not start: {_sentence(error)}"

    def __call__(self, index: int, item: Item) -> Outcome[Result]:
        """Return the outcome of one item."""
        if self._made is None:
            return Outcome(index, error=self._broken)
        try:
            return Outcome(index, self._made(item))
        except Exception as error:  # as above
            return Outcome(index, error=_sentence(error))


def died(index: int, tries: int) -> Outcome[Any]:
    """Return the outcome of an item that workers die of."""
    return Outcome(index, error=f"the worker that had it died, {tries} times out of {tries}", died=True)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def checked_workers(workers: int | None) -> int:
    """Return the number of workers, by default one per processor.

    Raises:
        OptionError: It is below 1.
    """
    if workers is not None and workers < 1:
        raise OptionError(f"{workers} workers were asked for; allowed: 1 or more")
    return processors() if workers is None else workers


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, MienError) else f"{type(error).__name__}: {error}"
