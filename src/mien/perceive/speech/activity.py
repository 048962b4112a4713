"""Where somebody speaks: periodic, broad and moving sound that stands above the background.

A frame is voiced where the sound repeats itself at the pitch of a voice, spreads over many bands (a whistle does not)
and lies above a running estimate of the background. Voiced frames close to each other are one region; a region that
does not move, such as a hum, is no speech. Whispering is not found.

References:
    Martin (2001), Noise power spectral density estimation based on optimal smoothing and minimum statistics, IEEE
    Transactions on Speech and Audio Processing 9, 504-512.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from mien.errors import OptionError
from mien.perceive.speech.frames import Frames

__all__ = ["ActivityOptions", "Background", "motion", "voiced"]

DEPTH = 3.0
STEP = 3


@dataclass(frozen=True, slots=True)
class ActivityOptions:
    """Thresholds of the detector.

    Attributes:
        periodicity: Least periodicity of a voiced frame.
        breadth: Least number of mel bands within 30 dB of a frame's loudest.
        above: Decibels that a voiced frame stands above the background.
        least_level: Level in dB below which nothing is heard.
        memory: Seconds over which the quietest moment is the background.
        motion: Least median change of a region's spectrum over 30 ms, in decades of power a band.
    """

    periodicity: float = 0.5
    breadth: int = 12
    above: float = 6.0
    least_level: float = -62.0
    memory: float = 4.0
    motion: float = 0.1

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> "ActivityOptions":
        """Take options from a card.

        Raises:
            OptionError: A name is unknown.
        """
        known = [item.name for item in fields(cls)]
        for name in options:
            if name not in known:
                raise OptionError(f"voice activity has no option {name!r}; known: {', '.join(known)}")
        return cls(**options)


class Background:
    """The level of the quietest tenths of a second in the last few seconds, block by block."""

    def __init__(self, blocks: int) -> None:
        self._lows: deque[float] = deque(maxlen=max(1, blocks))

    def push(self, level: Float[ndarray, " frames"]) -> float:
        """Take one block in and give the background in dB, this block included."""
        size = min(10, len(level))
        means = np.convolve(level, np.ones(size) / size, mode="valid")
        self._lows.append(float(means.min()))
        return min(self._lows)


def voiced(block: Frames, background: float, options: ActivityOptions) -> Bool[ndarray, " frames"]:
    """Mark the frames of one block that sound like a voice."""
    breadth = (block.mel > block.mel.max(axis=1, keepdims=True) - DEPTH).sum(axis=1)
    # Where the background is itself loud there may be no pause yet, so only a clear period counts.
    apart = block.level > background + options.above
    clear = block.periodicity > 0.5 * (1.0 + options.periodicity)
    heard = (block.level > options.least_level) & (breadth >= options.breadth)
    return np.asarray(heard & (block.periodicity > options.periodicity) & (apart | clear))


def motion(mel: Float[ndarray, "frames bands"]) -> Float[ndarray, " frames"]:
    """Mean change of the bands over 30 ms, level aside, in decades; the first frames repeat the fourth."""
    if len(mel) <= STEP:
        return np.zeros(len(mel), dtype=np.float32)
    heard = np.maximum(mel, mel.max(axis=1, keepdims=True) - DEPTH)
    shape = heard - heard.mean(axis=1, keepdims=True)
    change = np.abs(shape[STEP:] - shape[:-STEP]).mean(axis=1)
    return np.concatenate([np.full(STEP, change[0]), change]).astype(np.float32)


def blocks_of(seconds: float, block: float) -> int:
    """Number of blocks that cover a time."""
    return int(np.ceil(seconds / block))


def runs(marks: Bool[ndarray, " frames"]) -> Iterator[tuple[int, int]]:
    """Starts and ends of the unbroken runs of marked frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
