"""Level, pauses and syllable nuclei: how loud, how steadily and how fast somebody speaks.

References:
    N. H. de Jong and T. Wempe (2009). Praat script to detect syllable nuclei and measure speech rate automatically.
    Behavior Research Methods 41, 385-390.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from mien.dsp.autocorrelation import Window, centres

__all__ = ["Intensity", "intensity", "sounding", "stretches", "syllable_nuclei"]

LOWEST = 50.0
"""Pitch in Hz below which a level shows single periods."""
SHAPE = 20.24
"""Of the Kaiser window; its effective length is half."""
BLOCK = 128
FLOOR = 1e-12
"""Mean square that silence is said to have: -120 dB."""
BELOW = 25.0
"""Decibels below the loudest (99th percentile) at which silence begins."""
DIP = 2.0
"""Decibels that the level falls before a new nucleus."""
PAUSE, SOUND = 0.3, 0.1
"""Seconds of the shortest pause, and of the shortest sound between two."""


@dataclass(frozen=True, slots=True)
class Intensity:
    """A smooth level curve.

    Attributes:
        times: Centres of the frames in seconds, every 16 ms.
        level: Decibels against a square wave of full scale; at least -120.
    """

    times: Float[ndarray, " frames"]
    level: Float[ndarray, " frames"]

    @property
    def step(self) -> float:
        """Seconds from one frame to the next."""
        return 0.8 / LOWEST


def intensity(samples: Float[ndarray, " time"], *, rate: int = 16000) -> Intensity:
    """Follow the level of a signal through Kaiser windows of 64 ms (effective length), as Praat does.

    Args:
        samples: One channel in [-1, 1].
        rate: Samples a second.

    Example:
        >>> tone = np.sin(2 * np.pi * 200 * np.arange(16000) / 16000)
        >>> round(float(intensity(tone).level.mean()), 2)
        -3.01
    """
    window = Window.of(6.4 / LOWEST, rate)
    times = centres(len(samples), window, rate, 0.8 / LOWEST)
    level = np.empty(len(times))
    if len(times):
        weights = np.kaiser(window.length, SHAPE)
        weights /= weights.sum()
        views = np.lib.stride_tricks.sliding_window_view(np.asarray(samples, dtype=np.float64), window.length)
        starts = np.clip(np.round(times * rate).astype(np.int64) - window.length // 2, 0, len(views) - 1)
        for first in range(0, len(starts), BLOCK):
            cut = views[starts[first : first + BLOCK]]
            power = (cut - cut.mean(axis=1, keepdims=True)) ** 2 @ weights
            level[first : first + BLOCK] = 10.0 * np.log10(np.maximum(power, FLOOR))
    return Intensity(times, level)


def sounding(curve: Intensity) -> Bool[ndarray, " frames"]:
    """Mark the frames with sound: within 25 dB of the loudest, less short sounds, and with short pauses filled.

    The loudest is the 99th percentile, so that one click does not set it. A pause lasts 0.3 s or more, a sound 0.1 s.

    Args:
        curve: A level curve.

    References:
        de Jong and Wempe (2009), as above.
    """
    if not len(curve.level) or curve.level.max() <= 10.0 * np.log10(FLOOR):
        return np.zeros(len(curve.level), dtype=bool)
    marks = curve.level >= _threshold(curve)
    for first, end in stretches(marks):
        if (end - first) * curve.step < SOUND:
            marks[first:end] = False
    for first, end in stretches(~marks):
        if (end - first) * curve.step < PAUSE and first > 0 and end < len(marks):
            marks[first:end] = True
    return marks


def syllable_nuclei(curve: Intensity, voiced: Bool[ndarray, " frames"]) -> Float[ndarray, " nuclei"]:
    """Times in seconds of the nuclei of syllables: voiced peaks of the level, each after a dip of 2 dB or more.

    Args:
        curve: A level curve.
        voiced: Whether there is a voice at each of its frames.

    References:
        de Jong and Wempe (2009), as above.
    """
    level = curve.level
    if len(level) < 3:
        return np.zeros(0)
    tops = np.flatnonzero((level[1:-1] > level[:-2]) & (level[1:-1] >= level[2:])) + 1
    tops = tops[level[tops] > _threshold(curve)]
    starts = np.concatenate([[0], tops[:-1]]) if len(tops) else tops
    dips = np.array([level[start : top + 1].min() for start, top in zip(starts, tops, strict=True)])
    kept = tops[(level[tops] - dips >= DIP) & voiced[tops] & sounding(curve)[tops]] if len(tops) else tops
    return np.asarray(curve.times[kept])


def stretches(marks: Bool[ndarray, " frames"]) -> list[tuple[int, int]]:
    """Starts and ends of the unbroken runs of marked frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _threshold(curve: Intensity) -> float:
    return max(float(np.quantile(curve.level, 0.99)) - BELOW, float(curve.level.min()))
