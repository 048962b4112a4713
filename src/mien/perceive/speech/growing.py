"""A segment read again and again while it grows, without reading all of it each time."""

from itertools import pairwise

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.perceive.reading import Reading
from mien.perceive.speech.reader import Reader
from mien.perceive.speech.segments import SECONDS, Segment

__all__ = ["Growing"]


class Growing:
    """Reads segments, partial ones in windows: those that are over are read once, the newest each time anew.

    What an answer before the end costs then depends on the window alone, not on how long somebody has spoken. Such an
    answer is the mean over the windows by their voiced time. A segment that is over is always read as a whole.

    Args:
        reader: The models.
        window: Seconds; the newest window has from half of that to one and a half. 0 reads all each time.
    """

    def __init__(self, reader: Reader, window: float) -> None:
        self._reader, self._size = reader, round(window / SECONDS)
        self.forget()

    def forget(self) -> None:
        """Begin with another segment."""
        self._rows: list[Float[ndarray, "one width"]] = []
        self._start = -1

    def read(self, segment: Segment) -> Reading:
        """Return what the heads say of a segment so far, or of the whole when it is over."""
        if segment.final or not self._size:
            self.forget()
            return self._reader.read([segment])
        if segment.start != self._start:
            self.forget()
            self._start = segment.start
        return self._pooled(self._windows(segment))

    def _windows(self, segment: Segment) -> list[Segment]:
        length = len(segment.frames)
        n_over = max(0, (length - (self._size + 1) // 2) // self._size)
        edges = [*range(0, n_over * self._size + 1, self._size), length]
        return [segment.part(start, end) for start, end in pairwise(edges)]

    def _pooled(self, windows: list[Segment]) -> Reading:
        fresh = self._reader.features(windows[len(self._rows) :])
        self._rows += [row[None] for row in fresh[:-1]]
        reading = self._reader.said(np.concatenate([*self._rows, fresh[-1:]]))
        # A window without a voiced frame counts as much as one that has a single one, so that some weight is left.
        return reading.pool(range(len(windows)), [max(1, int(window.voiced.sum())) for window in windows])
