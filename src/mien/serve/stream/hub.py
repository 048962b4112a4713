"""All streams of one server: the models they share, the threads that do their work, and how many there are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from fastapi import APIRouter, WebSocket

from mien.agent import Team, choose
from mien.serve.stream.connection import Connection
from mien.serve.stream.limits import StreamLimits

__all__ = ["Streams", "router"]

PATH = "/v1/stream"


class Streams:
    """What the streams of one server share.

    Args:
        limits: How much they may take.
        team: The perceivers; by default those of `mien.agent.choose` with one thread a model, built when the first
            stream begins.
        models: Models that read in place of the default ones, where no team is given.
        open_only: Leave out models whose training data allow no commercial use.
        threads: Threads that read streams; by default the machine's processors, at most four.
    """

    def __init__(
        self,
        limits: StreamLimits | None = None,
        *,
        team: Team | None = None,
        models: Sequence[str] = (),
        open_only: bool = False,
        threads: int | None = None,
    ) -> None:
        self.limits = limits or StreamLimits()
        self._team, self._models, self._open_only, self._lock = team, tuple(models), open_only, Lock()
        count = threads or min(4, os.cpu_count() or 1)
        self.workers = ThreadPoolExecutor(count, thread_name_prefix="mien-stream")
        # Ending a stream takes long, since it is explained then; that must not hold up those that run.
        self.closers = ThreadPoolExecutor(1, thread_name_prefix="mien-stream-end")
        self.open = 0

    def team(self) -> Team:
        """Return the perceivers, built on first use."""
        with self._lock:
            if self._team is None:
                self._team = choose(models=self._models, open_only=self._open_only, threads=1)
            return self._team

    def close(self) -> None:
        """End the threads; work that has not begun is given up."""
        self.workers.shutdown(wait=False, cancel_futures=True)
        self.closers.shutdown(wait=False, cancel_futures=True)


def router(streams: Streams) -> APIRouter:
    """Return the route ``/v1/stream``."""
    routes = APIRouter()

    @routes.websocket(PATH)
    async def stream(socket: WebSocket) -> None:
        await Connection(socket, streams).run()

    return routes
