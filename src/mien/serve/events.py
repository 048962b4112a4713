"""The progress of a job as server-sent events."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable

import anyio
from anyio import to_thread

from mien.errors import UnknownNameError
from mien.serve.jobs import Job

__all__ = ["follow"]

EVERY = 0.25
HEARTBEAT = 10.0
GONE = "event: gone\ndata: {}\n\n"


async def follow(look: Callable[[], Job], tell: Callable[[Job], str], ended: Callable[[], bool]) -> AsyncIterator[str]:
    """Give an event for each change of a job, until it is over, deleted, or the server ends.

    Args:
        look: Looks the job up.
        tell: Writes a job as JSON.
        ended: Whether the server ends.
    """
    told, last = "", time.monotonic()
    while not ended():
        try:
            job = await to_thread.run_sync(look)
        except UnknownNameError:
            yield GONE
            return
        now, written = time.monotonic(), tell(job)
        if written != told:
            told, last = written, now
            yield f"event: job\ndata: {written}\n\n"
        elif now - last >= HEARTBEAT:
            last = now
            yield ": still there\n\n"
        if job.state in ("done", "failed"):
            return
        await anyio.sleep(EVERY)
