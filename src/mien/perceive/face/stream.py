"""What is known of one face in a stream: readings in windows, the box and the mouth over time."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float, UInt8

from mien.errors import OptionError
from mien.perceive.face.mouth import mouth_motion
from mien.types import Affect, Series, Span, Track

__all__ = ["Crop", "Pool", "Rates", "Stream"]

Box = tuple[float, float, float, float]
EARLY = 0.003
"""Seconds that a picture may come before its due time: some containers round times to milliseconds."""

MOST = 256
"""Affects of a track whose best crop is kept, so that they can be explained; the surest stay."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a stream is looked at.

    Args:
        detect: Searches of the whole picture a second, in Hz.
        read: Readings of each face a second, in Hz; at least ``detect``.
        pool: Length of the span of one affect, in seconds.
        delay: How long crops wait to be read together, in seconds.

    Raises:
        OptionError: A rate is not positive, or faces are read less often than they are searched.
    """

    detect: float = 5.0
    read: float = 10.0
    pool: float = 1.0
    delay: float = 0.5

    def __post_init__(self) -> None:
        if min(self.detect, self.read, self.pool) <= 0 or self.delay < 0:
            raise OptionError(f"rates of faces are {self}; detect, read and pool must be positive, delay 0 or more")
        if self.read < self.detect:
            raise OptionError(
                f"faces are read at {self.read} Hz but searched at {self.detect} Hz; read at least as often"
            )

    def tick(self, time: float) -> int:
        """Return which reading a time belongs to."""
        return math.floor((time + EARLY) * self.read)

    def look(self, time: float) -> int:
        """Return which search a time belongs to."""
        return math.floor((time + EARLY) * self.detect)

    @property
    def ticks(self) -> int:
        """Readings in one span."""
        return max(1, round(self.pool * self.read))


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """An aligned face, with the matrix that maps places in it to places in its picture."""

    pixels: UInt8[np.ndarray, "48 48"]
    matrix: Float[np.ndarray, "2 3"]


@dataclass(slots=True)
class Pool:
    """The readings of one span: at most ``rates.ticks``."""

    window: int
    ticks: list[int] = field(default_factory=list)
    probs: list[Float[np.ndarray, " label"]] = field(default_factory=list)
    crops: list[Crop] = field(default_factory=list)

    def mean(self) -> Float[np.ndarray, " label"]:
        """Return the mean probabilities."""
        return np.asarray(np.mean(self.probs, axis=0))

    def best(self) -> Crop:
        """Return the crop that shows the span's label best."""
        return self.crops[int(np.argmax(np.stack(self.probs)[:, int(np.argmax(self.mean()))]))]


@dataclass(slots=True)
class Stream:
    """One face in a stream. Between two readings it holds at most ``rates.delay`` seconds of crops.

    Attributes:
        rates: How often the stream is looked at.
        person: The name; ``None`` until the face was found often enough to be believed.
        waiting: Crops that are not read yet, with their ticks.
        affects: One per span that is over.
        kept: Place of an affect to the crop that shows it best, for the surest ones.
    """

    rates: Rates
    person: str | None = None
    waiting: list[tuple[int, Crop]] = field(default_factory=list)
    affects: list[Affect] = field(default_factory=list)
    kept: dict[int, Crop] = field(default_factory=dict)
    _pool: Pool | None = None
    _start: int | None = None
    _last: tuple[int, Crop] | None = None
    _boxes: array[float] = field(default_factory=lambda: array("d"))
    _mouth: array[float] = field(default_factory=lambda: array("d"))

    def see(self, tick: int, box: Box, crop: Crop) -> None:
        """Take the crop of one picture."""
        self._start = tick if self._start is None else self._start
        missing = tick - self._start - len(self._mouth)
        self._boxes.extend([np.nan] * (4 * missing))
        self._mouth.extend([np.nan] * missing)
        near = self._last is not None and tick - self._last[0] == 1
        self._mouth.append(
            mouth_motion(self._last[1].pixels, crop.pixels) if near and self._last is not None else np.nan
        )
        self._boxes.extend(box)
        self._last = (tick, crop)
        self.waiting.append((tick, crop))

    @property
    def first_open(self) -> int | None:
        """The first reading whose span has no final answer yet, if there is one."""
        if self._pool is not None:
            return self._pool.ticks[0]
        return self.waiting[0][0] if self.waiting else None

    @property
    def box(self) -> Box | None:
        """Where the face was last seen."""
        return None if len(self._boxes) < 4 else (self._boxes[-4], self._boxes[-3], self._boxes[-2], self._boxes[-1])

    @property
    def last(self) -> int:
        """The last reading."""
        return -1 if self._last is None else self._last[0]

    def take(self, probs: Float[np.ndarray, "reading label"], affect: Callable[[np.ndarray], Affect]) -> list[Affect]:
        """Take the answers for the waiting crops; return the affects of the spans that are over."""
        done: list[Affect] = []
        for (tick, crop), row in zip(self.waiting, probs, strict=True):
            window = tick // self.rates.ticks
            if self._pool is not None and self._pool.window != window:
                done += self.close(window, affect)
            if self._pool is None:
                self._pool = Pool(window)
            self._pool.ticks.append(tick)
            self._pool.probs.append(row)
            self._pool.crops.append(crop)
        self.waiting.clear()
        return done

    def close(self, window: int, affect: Callable[[np.ndarray], Affect]) -> list[Affect]:
        """End the open span if it lies before ``window``; return its affect."""
        if self._pool is None or self._pool.window >= window:
            return []
        self.kept[len(self.affects)] = self._pool.best()
        self.affects.append(self._affect(self._pool, affect))
        self._pool = None
        if len(self.kept) > MOST:
            del self.kept[min(self.kept, key=lambda place: self.affects[place].confidence or 0.0)]
        return self.affects[-1:]

    def partial(self, affect: Callable[[np.ndarray], Affect]) -> Affect | None:
        """Return what is known of the open span so far."""
        return None if self._pool is None else self._affect(self._pool, affect)

    def motion(self, since: float) -> Series:
        """Return how the mouth moved since a time, in seconds."""
        begin = self._start or 0
        skipped = min(max(0, self.rates.tick(since) - begin), len(self._mouth))
        return Series(
            "mouth_motion", (begin + skipped) / self.rates.read, self.rates.read, np.array(self._mouth[skipped:])
        )

    def track(self) -> Track:
        """Return everything as a track."""
        start = (self._start or 0) / self.rates.read
        boxes = np.array(self._boxes).reshape(-1, 4)
        series = (
            Series("box", start, self.rates.read, boxes),
            Series("mouth_motion", start, self.rates.read, np.array(self._mouth)),
        )
        return Track(self.person or "face", "face", tuple(self.affects), series)

    def _affect(self, pool: Pool, affect: Callable[[np.ndarray], Affect]) -> Affect:
        span = Span(pool.ticks[0] / self.rates.read, (pool.ticks[-1] + 1) / self.rates.read)
        return affect(pool.mean()).at(span)
