"""Measurements of a stream of sound, one row every 10 ms, the same however the stream is cut."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.dsp.level import decibels
from mien.dsp.mel import log_mel
from mien.dsp.pitch import WINDOW, pitch_track

__all__ = ["BLOCK", "HOP", "RATE", "Frames", "Measurer"]

RATE = 16000
HOP = 160
BLOCK = 50
"""Frames that are measured together: half a second. Fixed, so that answers do not depend on how the stream is cut."""
PADDED = WINDOW - 400


@dataclass(frozen=True, slots=True)
class Frames:
    """Rows of measurements.

    Attributes:
        mel: Log-mel frames, 80 bands from 0 to 8000 Hz.
        level: Decibels in the bands of the voice.
        pitch: Hertz; meaningful only where periodicity is high.
        periodicity: In [0, 1].
    """

    mel: Float[ndarray, "frames bands"]
    level: Float[ndarray, " frames"]
    pitch: Float[ndarray, " frames"]
    periodicity: Float[ndarray, " frames"]

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.level)

    def __getitem__(self, part: slice) -> "Frames":
        """Some of the rows, as views."""
        return Frames(self.mel[part], self.level[part], self.pitch[part], self.periodicity[part])


class Measurer:
    """Cuts a stream into fixed blocks and measures each; the state is less than one block of samples."""

    def __init__(self) -> None:
        self._waiting: Float[ndarray, " time"] = np.zeros(0, dtype=np.float32)

    def push(self, samples: Float[ndarray, " time"]) -> Iterator[Frames]:
        """Take samples in and give the measurements of each block that is full."""
        needed = (BLOCK - 1) * HOP + WINDOW
        start = 0
        waiting = np.concatenate([self._waiting, np.asarray(samples, dtype=np.float32)])
        while len(waiting) - start >= needed:
            yield measure(waiting[start : start + needed])
            start += BLOCK * HOP
        self._waiting = waiting[start:].copy()

    def finish(self) -> Iterator[Frames]:
        """Measure what is left, followed by silence; the stream may begin anew afterwards."""
        rest, self._waiting = self._waiting, np.zeros(0, dtype=np.float32)
        n_frames = -(-len(rest) // HOP)
        if n_frames:
            yield measure(np.pad(rest, (0, (n_frames - 1) * HOP + WINDOW - len(rest))))


def measure(samples: Float[ndarray, " time"]) -> Frames:
    """Measure samples, as many frames as 40 ms windows fit."""
    mel = log_mel(samples[: len(samples) - PADDED])
    pitch, periodicity = pitch_track(samples)
    return Frames(mel, decibels(mel), pitch, periodicity)
