"""What the routes of one server share."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Depends, Request

from mien.agent import Team, choose, fitting
from mien.serve.jobs import JobStore
from mien.serve.problems import Problem
from mien.serve.security import Sessions
from mien.serve.settings import Settings

__all__ = ["Parts", "Places", "Shared", "Workers"]


class Workers(Protocol):
    """What runs the jobs."""

    @property
    def healthy(self) -> bool:
        """Whether jobs are run."""
        ...

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self, timeout: float = 10.0) -> None:
        """End within so many seconds."""
        ...


class Places:
    """A number of places that are taken and left again, so many for each client."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, client: str) -> Iterator[None]:
        """Take a place for the time of a block.

        Raises:
            Problem: The client has taken all of its places.
        """
        if self._taken[client] >= self._most:
            told = f"this client already sends {self._most} requests of this kind at a time, which is all it may"
            raise Problem(429, told, {"Retry-After": "5"})
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes of one server share.

    Args:
        settings: What it was told when it started.
        store: The jobs.
        workers: What runs them; ``None`` where nothing does.
        sessions: Browsers that have shown the token.
        uploads: Places for uploads.
        talks: Places for conversations that are answered at once.
        closing: Set when the server ends, so that what it sends without end ends too.
    """

    settings: Settings
    store: JobStore
    workers: Workers | None
    sessions: Sessions
    uploads: Places
    talks: Places
    closing: threading.Event = field(default_factory=threading.Event)
    _teams: dict[bool, Team] = field(default_factory=dict)
    _building: threading.Lock = field(default_factory=threading.Lock)

    def readers(self, *, open_only: bool) -> Team:
        """Return the perceivers of text, built when first asked for and shared from then on."""
        with self._building:
            if open_only not in self._teams:
                own = fitting(self.settings.models, ["text"])
                self._teams[open_only] = choose(["text"], models=own, open_only=open_only)
            return self._teams[open_only]


def _parts(request: Request) -> Parts:
    found: Parts = request.app.state.parts
    return found


Shared = Annotated[Parts, Depends(_parts)]
