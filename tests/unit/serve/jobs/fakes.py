"""What a worker calls in tests: the text of the source says what happens to it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from mien.errors import InputError
from mien.serve.jobs import JobOptions
from mien.types import Analysis, ModelUse, Source

Progress = Callable[[float, float | None], None]


def analyze(source: Path, options: JobOptions, progress: Progress, models: tuple[str, ...]) -> Analysis:
    """Do what the source says: ``quick``, ``slow``, ``deaf``, ``kill``, ``kill-once``, ``wrong`` or ``broken``."""
    said = source.read_text(encoding="utf-8").split()
    {"slow": _slow, "deaf": _deaf, "kill": _kill, "kill-once": _kill_once, "wrong": _wrong, "broken": _broken}.get(
        said[0], _quick
    )(source, progress)
    return Analysis(
        Source(str(source), "text", "characters", 1.0),
        models=tuple(ModelUse(Path(model).name, "1", "open", "none") for model in models),
        warnings=(f"{source} has a fault",),
    )


def _quick(source: Path, progress: Progress) -> None:
    progress(1.0, 1.0)


def _slow(source: Path, progress: Progress) -> None:
    for step in range(3000):
        progress(step / 100, 30.0)
        time.sleep(0.01)


def _deaf(source: Path, progress: Progress) -> None:
    time.sleep(30)


def _kill(source: Path, progress: Progress) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_once(source: Path, progress: Progress) -> None:
    mark = source.parents[2] / ".killed"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _wrong(source: Path, progress: Progress) -> None:
    raise InputError(f"{source} is broken, see {source.with_suffix('.srt')} in {source.parent}/here")


def _broken(source: Path, progress: Progress) -> None:
    raise RuntimeError("a secret of the machine")
