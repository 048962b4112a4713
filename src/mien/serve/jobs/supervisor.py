"""The supervisor: starts the workers, watches them, and gives the jobs of dead ones to others."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from mien.errors import OptionError
from mien.serve.jobs.job import Hold
from mien.serve.jobs.lock import FolderLock
from mien.serve.jobs.post import ANALYZE, Post
from mien.serve.jobs.store import JobStore

__all__ = ["LONGEST", "Supervisor"]

LONGEST = 6 * 3600.0
ROUND = 0.25
"""Seconds between two looks at the workers."""
SILENCE = 120.0
"""Seconds without a sign of life, after which a worker that has a job is taken for hung."""
EXPIRY = 30.0
"""Seconds between two looks for what has expired."""

OVERDUE = "analysing it took longer than the {:g} seconds that a job may take, so it was stopped"

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Sight:
    """When the supervisor first saw a worker with an attempt at a job, and last heard of it, by a steady clock."""

    attempt: tuple[str, int]
    since: float
    beat: int
    heard: float


class Supervisor:
    """Worker processes over a store; the only one for its folder.

    Args:
        store: The jobs.
        workers: How many processes.
        max_seconds: How long one job may take before its worker is killed and it has failed.
        analyze: What workers call, as ``module:function``.
        models: Models that it gives them, in place of the default ones of their modalities.

    Raises:
        OptionError: There is less than one worker, or no time.
    """

    def __init__(
        self,
        store: JobStore,
        *,
        workers: int = 2,
        max_seconds: float = LONGEST,
        analyze: str = ANALYZE,
        models: Sequence[str] = (),
    ) -> None:
        if workers < 1:
            raise OptionError(f"{workers} workers were asked for; allowed: 1 and more")
        if not max_seconds > 0:
            raise OptionError(f"a job was given {max_seconds} seconds; allowed: more than 0")
        self._store = store
        self._max_seconds = max_seconds
        self._posts = [Post(store.folder, analyze, models) for _ in range(workers)]
        self._sights: dict[str, _Sight] = {}
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock: FolderLock | None = None
        self._next_expiry = 0.0

    @property
    def healthy(self) -> bool:
        """Whether jobs that are added will be worked on: the workers are watched, and one runs at least."""
        return self._thread is not None and self._thread.is_alive() and any(post.alive for post in self._posts)

    def start(self) -> None:
        """Take the folder over, bring it in order after whatever ended the last server, and start the workers.

        Raises:
            OutputError: Another server uses the folder, or it cannot be written.
        """
        if self._thread is not None:
            return
        self._lock = FolderLock(self._store.folder)
        try:
            self._store.recover()
            for post in self._posts:
                post.fill()
        except BaseException:
            self._lock.release()
            raise
        self._ending.clear()
        self._thread = threading.Thread(target=self._watch, name="mien-supervisor", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End the workers; what they worked on keeps its place in the queue for the next start.

        Args:
            timeout: Seconds after which a worker that has not ended is killed.
        """
        if self._thread is None:
            return
        self._ending.set()
        self._thread.join()
        self._thread = None
        for post in self._posts:
            post.dismiss()
        deadline = time.monotonic() + timeout
        for post in self._posts:
            post.kill(max(0.0, deadline - time.monotonic()))
        try:
            self._store.requeue_dead(set(self._store.running()), blame=False)
        finally:
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _watch(self) -> None:
        while not self._ending.wait(ROUND):
            try:
                self._round()
            except Exception:
                # A full disk or a locked database passes; without this thread nothing would run any more.
                _log.exception("a look at the workers failed; the next follows")

    def _round(self) -> None:
        self._end_stuck(self._store.running())
        for post in self._posts:
            if not post.vacant and not post.alive:
                post.bury()
        # The folder is ours alone, so who is not at a post is dead.
        dead = set(self._store.running()) - {post.name for post in self._posts if post.alive}
        if dead:
            self._store.requeue_dead(dead)
        for post in self._posts:
            if post.vacant:
                post.fill()
        if time.monotonic() >= self._next_expiry:
            self._store.expire()
            self._next_expiry = time.monotonic() + EXPIRY

    def _end_stuck(self, holds: Mapping[str, Hold]) -> None:
        """Kill workers whose job takes too long, and those that give no sign of life."""
        now = time.monotonic()
        self._sights = {worker: self._sight(worker, hold, now) for worker, hold in holds.items()}
        for post in self._posts:
            sight = self._sights.get(post.name)
            if sight is None or not post.alive:
                continue
            if now - sight.since > self._max_seconds:
                post.kill()
                self._store.fail(holds[post.name].job, OVERDUE.format(self._max_seconds))
            elif now - sight.heard > SILENCE:
                _log.warning("worker %s gave no sign of life for %.0f seconds", post.name, SILENCE)
                post.kill()

    def _sight(self, worker: str, hold: Hold, now: float) -> _Sight:
        attempt = (hold.job.id, hold.job.attempt)
        sight = self._sights.get(worker)
        if sight is None or sight.attempt != attempt:
            return _Sight(attempt, now, hold.beat, now)
        if sight.beat != hold.beat:
            sight.beat, sight.heard = hold.beat, now
        return sight
