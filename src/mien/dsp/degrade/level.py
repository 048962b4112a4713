"""The level of speech while it is spoken, and changes of level."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float

from mien.dsp.degrade.convolve import convolved
from mien.errors import OptionError

__all__ = ["active_level", "fitted", "gained", "rms"]

RATE = 16_000
SMOOTHING = 0.03
"""Time constant in seconds of each of the two stages that smooth the envelope."""
HANGOVER = 200
"""Milliseconds for which speech is said to go on after its envelope fell."""
MARGIN = 15.9
"""Decibels by which the level lies above the threshold of activity."""
STEP = RATE // 1000
THRESHOLDS = -np.arange(60.0, -0.5, -1.0)
"""Thresholds that are tried, in dB against the highest point of the envelope."""


def rms(samples: Float[np.ndarray, " time"]) -> float:
    """Return the root of the mean square."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0


def active_level(samples: Float[np.ndarray, " time"]) -> float:
    """Return the active speech level in dB against full scale: pauses do not count.

    The threshold that parts speech from pauses lies 15.9 dB below the level that results from it.

    Args:
        samples: One channel at 16 kHz.

    Raises:
        OptionError: There is no sound but silence.

    References:
        ITU-T Recommendation P.56 (2011), Objective measurement of active speech level, method B. Here thresholds lie
        1 dB apart instead of 6, and the envelope is looked at every millisecond.

    Example:
        >>> tone = np.sin(2 * np.pi * 440 * np.arange(32000) / 16000).astype(np.float32)
        >>> round(active_level(tone), 1), round(active_level(np.pad(tone, (0, 99000))), 1)
        (-3.0, -3.6)
    """
    energy = np.square(samples, dtype=np.float64).sum()
    if not energy > 0:
        raise OptionError(f"{len(samples)} samples of silence have no speech level; give sound that is not all zero")
    envelope = convolved(np.abs(samples), _smoother())[: len(samples)][::STEP]
    threshold = 20.0 * np.log10(envelope.max()) + THRESHOLDS
    active = _active(envelope, 10.0 ** (threshold / 20.0)).sum(axis=1) * STEP
    level = 10.0 * np.log10(energy / active)
    above = level - threshold
    place = max(1, int(np.argmax(np.append(above[:-1], -np.inf) <= MARGIN)))
    share = np.clip((above[place - 1] - MARGIN) / (above[place - 1] - above[place]), 0.0, 1.0)
    return float(level[place - 1] + share * (level[place] - level[place - 1]))


def gained(samples: Float[np.ndarray, " time"], decibels: float) -> Float[np.ndarray, " time"]:
    """Return sound that is louder by so many decibels, or softer; what exceeds full scale is not cut.

    Example:
        >>> gained(np.array([0.1, -0.2], dtype=np.float32), 20.0).round(3).tolist()
        [1.0, -2.0]
    """
    return np.asarray(samples * np.float32(10.0 ** (decibels / 20.0)), dtype=np.float32)


def fitted(samples: Float[np.ndarray, " time"]) -> Float[np.ndarray, " time"]:
    """Return sound made softer as a whole where it exceeds full scale, as a recordist would.

    Example:
        >>> fitted(np.array([0.5, -2.0], dtype=np.float32)).tolist()
        [0.25, -1.0]
    """
    peak = float(np.abs(samples).max(initial=0.0))
    return np.asarray(samples / np.float32(peak), dtype=np.float32) if peak > 1.0 else samples


@lru_cache(maxsize=1)
def _smoother() -> Float[np.ndarray, " time"]:
    """Response of two one-pole low-pass filters, one after the other."""
    decay = np.exp(-1.0 / (SMOOTHING * RATE))
    place = np.arange(RATE // 2)
    smoother = (1.0 - decay) ** 2 * (place + 1) * decay**place
    smoother.setflags(write=False)
    return np.asarray(smoother)


def _active(
    envelope: Float[np.ndarray, " steps"], thresholds: Float[np.ndarray, " thresholds"]
) -> Bool[np.ndarray, "thresholds steps"]:
    place = np.arange(len(envelope))
    reached = np.where(envelope[None] >= thresholds[:, None] * (1 - 1e-9), place[None], -HANGOVER - 1)
    return np.asarray(place[None] - np.maximum.accumulate(reached, axis=1) <= HANGOVER)
