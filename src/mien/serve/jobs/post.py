"""The post of a worker: one process at a time, started anew when it dies, ever later if it keeps dying."""

from __future__ import annotations

import logging
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

__all__ = ["ANALYZE", "Post"]

ANALYZE = "mien.serve.jobs.work:analyze"
"""What workers call, unless told otherwise."""
RECENT = 60.0
"""Seconds for which a death counts."""
SLOWEST = 30.0
"""Seconds that a post stays empty at most."""

_log = logging.getLogger(__name__)


class Post:
    """A worker process and those that followed it.

    Args:
        folder: The data folder.
        analyze: What the worker calls, as ``module:function``.
        models: Models that it gives it.
    """

    def __init__(self, folder: Path, analyze: str, models: Sequence[str] = ()) -> None:
        self._folder = folder
        self._analyze = analyze
        self._models = [word for model in models for word in ("--model", model)]
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths: list[float] = []
        self.name = ""

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def vacant(self) -> bool:
        """Whether there is no process, alive or dead."""
        return self._process is None

    def fill(self) -> None:
        """Start a process, unless those before died too lately."""
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < RECENT]
        if self._deaths and now - self._deaths[-1] < _pause(len(self._deaths)):
            return
        self.name = secrets.token_hex(8)
        command = [sys.executable, "-P", "-m", "mien.serve.jobs.worker", str(self._folder)]
        self._process = subprocess.Popen(  # noqa: S603 - nothing in the command comes from a client
            [*command, "--name", self.name, "--analyze", self._analyze, *self._models],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )

    def bury(self) -> None:
        """Take note that the process has died."""
        if self._process is not None:
            _log.warning("worker %s ended with status %s", self.name, self._process.wait())
            self._leave()
            self._deaths.append(time.monotonic())

    def dismiss(self) -> None:
        """Ask the process to end."""
        if self._process is not None:
            self._process.terminate()

    def kill(self, timeout: float = 0.0) -> None:
        """End the process, by force if it has not ended within ``timeout`` seconds."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout)
        self._process.kill()
        self._process.wait()
        self._leave()

    def _leave(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None


def _pause(deaths: int) -> float:
    return 0.0 if deaths < 2 else min(SLOWEST, 0.25 * 2.0**deaths)
