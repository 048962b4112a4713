"""Worker processes on this machine, which outlive the death of any of them."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from typing import Any, Generic, TypeVar

from mien.errors import OptionError
from mien.scale.work import TRIES, Hand, Maker, Outcome, checked_workers, died

__all__ = ["ProcessMapper"]

Item = TypeVar("Item")
Result = TypeVar("Result")

ONE_THREAD: Mapping[str, str] = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""What numerical libraries are told in a worker: workers share the processors, and sums do not depend on threads."""

GRACE = 2.0
"""Seconds that a worker has to end by itself when there is no more work."""


class ProcessMapper:
    """Calls the function in processes that are started afresh ("spawn") and given one item at a time.

    A worker that dies (killed, out of memory, a crash in a decoder) is replaced, and its item is given to another one.
    When this process ends, however it does, its workers end too. A program that uses it must guard its main part with
    ``if __name__ == "__main__"``, as all that start processes this way must.

    Args:
        workers: Processes; by default as many as there are processors.
        tries: How often an item is tried before it is given up, where workers die of it.

    Raises:
        OptionError: A number is below 1.
    """

    def __init__(self, *, workers: int | None = None, tries: int = TRIES) -> None:
        self.workers = checked_workers(workers)
        if tries < 1:
            raise OptionError(f"{tries} tries were asked for; allowed: 1 or more")
        self._tries = tries

    def map(self, maker: Maker[Item, Result], items: Sequence[Item]) -> Iterator[Outcome[Result]]:
        """Yield one outcome per item, in the order in which they are ready."""
        pool = _Pool(maker, items, self._tries)
        try:
            pool.start(min(self.workers, len(items)))
            while pool.busy:
                yield from pool.ready()
        finally:
            pool.stop()


class _Pool(Generic[Item, Result]):
    """The workers of one call, and the items that wait for them."""

    def __init__(self, maker: Maker[Item, Result], items: Sequence[Item], tries: int) -> None:
        self._maker = maker
        self._items = items
        self._tries = tries
        self._waiting = deque(range(len(items)))
        self._deaths: Counter[int] = Counter()
        self._workers: list[_Worker[Item, Result]] = []

    @property
    def busy(self) -> bool:
        """Whether any worker has an item."""
        return any(worker.index is not None for worker in self._workers)

    def start(self, count: int) -> None:
        """Start workers, each with an item."""
        self._workers += [_Worker(self._maker) for _ in range(count)]
        for worker in self._workers:
            self._feed(worker)

    def ready(self) -> Iterator[Outcome[Result]]:
        """Wait for the next answers or deaths, and yield what they are."""
        pipes: dict[Any, _Worker[Item, Result]] = {
            worker.pipe: worker for worker in self._workers if worker.index is not None
        }
        for pipe in connection.wait(list(pipes)):
            worker = pipes[pipe]
            outcome = worker.take()
            if outcome is None:
                outcome = self._bury(worker)
            else:
                self._feed(worker)
            if outcome is not None:
                yield outcome

    def stop(self) -> None:
        """End all workers: those that wait by themselves, those at work at once, as nobody waits for them any more."""
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.end()

    def _feed(self, worker: _Worker[Item, Result]) -> None:
        if self._waiting:
            index = self._waiting.popleft()
            worker.give(index, self._items[index])

    def _bury(self, worker: _Worker[Item, Result]) -> Outcome[Result] | None:
        """Replace a dead worker, and put its item first in line again, unless too many died of it."""
        self._workers.remove(worker)
        worker.end()
        index = worker.index or 0
        self._deaths[index] += 1
        outcome = died(index, self._tries) if self._deaths[index] >= self._tries else None
        if outcome is None:
            self._waiting.appendleft(index)
        if self._waiting:
            self._workers.append(_Worker(self._maker))
            self._feed(self._workers[-1])
        return outcome


class _Worker(Generic[Item, Result]):
    """One process and the pipe to it."""

    def __init__(self, maker: Maker[Item, Result]) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.index: int | None = None
        self._process = context.Process(target=_serve, args=(theirs, maker), daemon=True)
        with _one_thread():
            self._process.start()
        # With only the worker holding the other end, its death is the end of the pipe.
        theirs.close()

    def give(self, index: int, item: Item) -> None:
        self.index = index
        try:
            self.pipe.send((index, item))
        except OSError:
            return  # it is dead already; taking its answer will say so

    def take(self) -> Outcome[Result] | None:
        """Return the answer that waits in the pipe; ``None`` where the worker died instead."""
        try:
            outcome: Outcome[Result] = self.pipe.recv()
        except (EOFError, OSError):
            return None
        self.index = None
        return outcome

    def stop(self) -> None:
        if self.index is not None:
            self._process.kill()
        self.pipe.close()

    def end(self) -> None:
        self._process.join(GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()
        self.pipe.close()


def _serve(pipe: connection.Connection[Any, Any], maker: Maker[Any, Any]) -> None:
    """What a worker does: answer items until the pipe ends."""
    # Ctrl-C reaches every process of a terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    hand = Hand(maker)
    while True:
        try:
            index, item = pipe.recv()
            pipe.send(hand(index, item))
        except (EOFError, OSError):
            return


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let processes that are started meanwhile inherit `ONE_THREAD`; a process reads it only as it starts."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
