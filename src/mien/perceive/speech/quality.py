"""How steady and how clear the voice of a segment is: jitter, shimmer, and harmonics against noise."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.dsp.fundamental import harmonicity
from mien.dsp.glottal import glottal_pulses, jitter, shimmer
from mien.dsp.pitch import WINDOW
from mien.perceive.speech.frames import HOP, RATE
from mien.perceive.speech.segments import SECONDS, Segment

__all__ = ["Heard", "Quality", "quality", "samples_of"]

EVERY = 10
"""Voiced frames for each at which noise is measured: about one a step of the curves, since it costs much."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured of a segment; NaN is what could not be.

    Attributes:
        jitter: Local jitter, as a share of the period.
        shimmer: Local shimmer, as a share of the amplitude.
        harmonicity: Harmonics-to-noise ratio in dB, of some of the voiced frames.
    """

    jitter: float
    shimmer: float
    harmonicity: Float[ndarray, " frames"]


class Heard:
    """The latest samples of a stream, counted from its beginning."""

    def __init__(self) -> None:
        self._pieces: deque[tuple[int, Float[ndarray, " time"]]] = deque()
        self._end = 0

    def push(self, samples: Float[ndarray, " time"]) -> None:
        """Take the next samples in."""
        self._pieces.append((self._end, samples))
        self._end += len(samples)

    def part(self, start: int, end: int) -> Float[ndarray, " time"]:
        """Samples between two numbers, as far as they are held."""
        parts = [piece[max(0, start - first) : max(0, end - first)] for first, piece in self._pieces]
        return np.concatenate([*parts, np.zeros(0, dtype=np.float32)])

    def drop_before(self, start: int) -> None:
        """Forget the pieces that end before a number."""
        while self._pieces and self._pieces[0][0] + len(self._pieces[0][1]) <= start:
            self._pieces.popleft()


def quality(segment: Segment, samples: Float[ndarray, " time"]) -> Quality:
    """Measure the voice of a segment, by the pitch that is known already.

    Args:
        segment: Its frames, with their pitch.
        samples: The sound from its first frame on, at 16 kHz.
    """
    times = np.arange(len(segment.frames)) * SECONDS + 0.5 * WINDOW / RATE
    pulses = glottal_pulses(samples, times, np.where(segment.voiced, segment.frames.pitch, np.nan), rate=RATE)
    heard = np.full(len(times), np.nan)
    places = np.flatnonzero(segment.voiced)[::EVERY]
    heard[places] = harmonicity(samples, times[places], rate=RATE)
    return Quality(jitter(pulses), shimmer(samples, pulses, rate=RATE), heard)


def samples_of(segment: Segment) -> tuple[int, int]:
    """Numbers of the first sample of a segment and of the first after it."""
    return segment.start * HOP, (segment.end - 1) * HOP + WINDOW
