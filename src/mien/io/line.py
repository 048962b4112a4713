"""One unbroken stretch of sound: resampled and cut to pieces as it comes in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float

from mien.types.signals import Audio, Sound

__all__ = ["GAP", "Line"]

GAP = 0.1
"""Seconds: a longer hole in the times begins a new stretch; a shorter one is how files round and clocks waver."""


class Line:
    """A stretch of mono sound at one rate.

    Args:
        source_rate: Samples a second that come in, in Hz.
        rate: Samples a second of the pieces, in Hz.
        size: Samples of a piece; the last one is shorter.
        start: Time of the first sample, in seconds.

    Example:
        >>> line = Line(16000, 16000, 8000, 2.0)
        >>> [sound.start for sound in (*line.push(np.zeros(12000, np.float32)), *line.finish())]
        [2.0, 2.5]
    """

    def __init__(self, source_rate: int, rate: int, size: int, start: float) -> None:
        import soxr

        self.source_rate, self._rate, self._size, self._start = source_rate, rate, size, start
        self._resampler = None if source_rate == rate else soxr.ResampleStream(source_rate, rate, 1, "float32", "HQ")
        self._taken = self._given = 0
        self._waiting: list[Float[np.ndarray, " time"]] = []

    @property
    def end(self) -> float:
        """Seconds up to which sound came in."""
        return self._start + self._taken / self.source_rate

    def push(self, samples: Float[np.ndarray, " time"], *, last: bool = False) -> Iterator[Sound]:
        """Take samples in and give the pieces that are full."""
        self._taken += len(samples)
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples, last=last)
        self._waiting.append(samples)
        if sum(map(len, self._waiting)) >= self._size or last:
            yield from self._cut(last)

    def finish(self) -> Iterator[Sound]:
        """Give what is left."""
        yield from self.push(np.zeros(0, np.float32), last=True)

    def _cut(self, last: bool) -> Iterator[Sound]:
        whole = np.concatenate(self._waiting)
        full = len(whole) if last else len(whole) - len(whole) % self._size
        for place in range(0, full, self._size):
            piece = np.clip(whole[place : min(place + self._size, full)], -1, 1)
            start = self._start + self._given / self._rate
            self._given += len(piece)
            yield Sound(Audio(piece[None], self._rate), start)
        self._waiting = [whole[full:]]
