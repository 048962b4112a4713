"""The supervisor: starts the workers, watches them, and gives the jobs of dead ones to others."""

from __future__ import annotations

from typing import Self

from mien.serve.jobs.store import JobStore

__all__ = ["Supervisor"]


class Supervisor:
    """Worker processes over a store.

    Args:
        store: The jobs.
        workers: How many processes.
    """

    def __init__(self, store: JobStore, *, workers: int = 2) -> None:
        self._store = store
        self._workers = workers

    @property
    def healthy(self) -> bool:
        """Whether jobs that are added will be worked on."""
        return False

    def start(self) -> None:
        """Take the folder over and start the workers."""

    def stop(self, timeout: float = 10.0) -> None:
        """End the workers; what they worked on waits for the next start.

        Args:
            timeout: Seconds after which a worker that does not end is killed.
        """

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
