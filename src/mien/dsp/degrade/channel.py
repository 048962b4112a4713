"""What lines and recorders do to sound: the band and the eight bits of a telephone, and clipping."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float

from mien.dsp.degrade.convolve import convolved
from mien.dsp.degrade.level import RATE
from mien.errors import OptionError

__all__ = ["LAWS", "clipped", "telephone"]

LAWS = ("mu", "a")
LOW, HIGH = 250.0, 3550.0
"""Edges in Hz at which the filter has fallen by half; from 300 to 3,400 Hz it is flat within half a decibel."""
HALF_WIDTH = 240
STEEPNESS = 5.0


def telephone(samples: Float[np.ndarray, " time"], *, law: str = "mu") -> Float[np.ndarray, " time"]:
    """Return sound as a telephone of the fixed network carries it: 300 to 3,400 Hz, 8 kHz, eight bits a sample.

    Args:
        samples: One channel at 16 kHz; what exceeds full scale is cut.
        law: How the eight bits are spread: ``mu`` (North America, Japan) or ``a`` (elsewhere).

    Returns:
        As many samples at 16 kHz, without delay.

    Raises:
        OptionError: The law is unknown.

    References:
        ITU-T Recommendation G.712 (2001), Transmission performance characteristics of pulse code modulation channels.
        ITU-T Recommendation G.711 (1988), Pulse code modulation (PCM) of voice frequencies.

    Example:
        >>> bass = np.sin(2 * np.pi * 100 * np.arange(16000) / 16000).astype(np.float32)
        >>> bool(np.abs(telephone(bass)[4000:12000]).max() < 0.01)
        True
    """
    if law not in LAWS:
        raise OptionError(f"the law {law!r} was asked for; allowed: {', '.join(LAWS)}")
    # The band ends below 4 kHz, so that every second sample says all; the zeros between are filtered away again.
    carried = _quantised(_filtered(samples)[::2], _levels(law))
    spread = np.zeros(len(samples))
    spread[::2] = 2.0 * carried
    return np.asarray(_filtered(spread), dtype=np.float32)


def clipped(samples: Float[np.ndarray, " time"], *, share: float) -> Float[np.ndarray, " time"]:
    """Return sound whose loudest samples are cut off, as by a microphone set too high.

    Args:
        samples: One channel.
        share: Part of the samples that lies beyond what is left, from 0 to less than 1.

    Raises:
        OptionError: The share is out of range.

    Example:
        >>> clipped(np.array([0.125, -0.25, 0.5, -1.0, 0.25], dtype=np.float32), share=0.25).tolist()
        [0.125, -0.25, 0.5, -0.5, 0.25]
    """
    if not 0 <= share < 1:
        raise OptionError(f"a share of {share} of the samples was to be clipped; allowed: from 0 to less than 1")
    if not len(samples):
        return samples
    edge = np.quantile(np.abs(samples), 1.0 - share)
    return np.asarray(np.clip(samples, -edge, edge), dtype=np.float32)


def _filtered(samples: Float[np.ndarray, " time"]) -> Float[np.ndarray, " time"]:
    return np.asarray(convolved(samples, _band())[HALF_WIDTH : HALF_WIDTH + len(samples)])


@lru_cache(maxsize=1)
def _band() -> Float[np.ndarray, " taps"]:
    """A linear-phase band-pass: the difference of two low-passes, under a Kaiser window."""
    place = np.arange(-HALF_WIDTH, HALF_WIDTH + 1)
    high, low = (2.0 * edge / RATE * np.sinc(2.0 * edge / RATE * place) for edge in (HIGH, LOW))
    taps = (high - low) * np.kaiser(len(place), STEEPNESS)
    taps.setflags(write=False)
    return np.asarray(taps)


@lru_cache(maxsize=2)
def _levels(law: str) -> Float[np.ndarray, " levels"]:
    """The values that a law's eight bits stand for, in order: eight segments of sixteen steps to each side of zero."""
    segment, step = np.arange(8)[:, None], np.arange(16)[None, :]
    if law == "mu":
        positive = (((2 * step + 33) << segment) - 33).ravel() / 8159.0
    else:
        positive = np.where(segment == 0, 2 * step + 1, (2 * step + 33) << np.maximum(segment - 1, 0)).ravel() / 4096.0
    levels = np.unique(np.concatenate([-positive, positive]))
    levels.setflags(write=False)
    return np.asarray(levels)


def _quantised(samples: Float[np.ndarray, " time"], levels: Float[np.ndarray, " levels"]) -> Float[np.ndarray, " time"]:
    """Return the nearest level of each sample."""
    return np.asarray(levels[np.searchsorted((levels[1:] + levels[:-1]) / 2.0, samples)])
