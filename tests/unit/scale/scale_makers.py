"""Makers that worker processes can import: each gives a function that squares, with a quirk."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mien.errors import InputError


@dataclass(frozen=True)
class Squares:
    """Squares numbers; kills its process at some of them, once or always, and fails at others."""

    marks: str = ""
    deadly: tuple[int, ...] = ()
    once: tuple[int, ...] = ()
    bad: tuple[int, ...] = ()
    seconds: float = 0.0

    def __call__(self) -> Callable[[int], tuple[int, int]]:
        return self._square

    def _square(self, number: int) -> tuple[int, int]:
        time.sleep(self.seconds)
        if number in self.deadly or (number in self.once and self._first(number)):
            os.kill(os.getpid(), signal.SIGKILL)
        if number in self.bad:
            raise InputError(f"{number} cannot be squared")
        return number * number, os.getpid()

    def _first(self, number: int) -> bool:
        mark = Path(self.marks, f"died-{number}")
        first = not mark.exists()
        mark.touch()
        return first


def broken() -> Callable[[int], int]:
    """Fail to make anything."""
    raise ValueError("no model is here")


def threads() -> Callable[[str], str | None]:
    """Give a function that reads the worker's environment."""
    return os.environ.get
