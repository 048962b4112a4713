"""A room around a voice, by its impulse response, and how long it reverberates."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from mien.dsp.degrade.convolve import convolved
from mien.dsp.degrade.level import RATE, rms
from mien.errors import OptionError

__all__ = ["reverberated", "reverberation_time"]

ONSET = 0.1
MILLISECOND = RATE // 1000
BEGIN, END = -5.0, -25.0


def reverberated(
    samples: Float[np.ndarray, " time"], response: Float[np.ndarray, " taps"]
) -> Float[np.ndarray, " time"]:
    """Return sound as it is heard in a room, with the level (root mean square) that it has.

    Args:
        samples: One channel at 16 kHz.
        response: Impulse response at 16 kHz. The time up to the direct sound is left out, so that nothing comes later;
            what resounds after the end of the samples is left out, too.

    Raises:
        OptionError: The response is silent.

    Example:
        >>> click, room = np.zeros(8, dtype=np.float32), np.array([0.0, 0.0, 1.0, 0.0, 0.5], dtype=np.float32)
        >>> click[1] = 1.0
        >>> [abs(round(float(heard), 2)) for heard in reverberated(click, room)]
        [0.0, 0.89, 0.0, 0.45, 0.0, 0.0, 0.0, 0.0]
    """
    heard = convolved(samples, _from_direct(response))[: len(samples)]
    loudness = rms(heard)
    return np.asarray(heard * (rms(samples) / loudness if loudness > 0 else 1.0), dtype=np.float32)


def reverberation_time(response: Float[np.ndarray, " taps"]) -> float:
    """Return the seconds in which sound falls by 60 dB, from the slope of its decay between -5 and -25 dB (T20).

    Args:
        response: Impulse response at 16 kHz.

    Raises:
        OptionError: The response is silent, or does not decay by 25 dB.

    References:
        M. R. Schroeder (1965). New method of measuring reverberation time. JASA 37(3), 409-412.
        ISO 3382-2 (2008). Measurement of room acoustic parameters, part 2.

    Example:
        >>> decay = 10.0 ** (-3.0 * np.arange(16000) / 16000 / 0.4)  # 60 dB in 0.4 s
        >>> noise = np.random.default_rng(0).standard_normal(16000)
        >>> round(reverberation_time(decay * noise), 2)
        0.4
    """
    energy = np.cumsum(np.square(_from_direct(response), dtype=np.float64)[::-1])[::-1]
    fall = 10.0 * np.log10(np.maximum(energy / energy[0], 1e-30))
    begin, end = (int(np.argmax(fall <= edge)) for edge in (BEGIN, END))
    if end - begin < MILLISECOND:
        raise OptionError(
            "the impulse response does not decay from -5 to -25 dB, so its slope tells no time; give more"
        )
    slope, _ = np.polyfit(np.arange(begin, end) / RATE, fall[begin:end], 1)
    return float(-60.0 / slope)


def _from_direct(response: Float[np.ndarray, " taps"]) -> Float[np.ndarray, " taps"]:
    """The response from the direct sound on: its peak within 1 ms of what first reaches a tenth of the highest."""
    loud = np.abs(response)
    top = float(loud.max(initial=0.0))
    if not top > 0:
        raise OptionError("the impulse response is silent; give one that is not all zero")
    first = int(np.argmax(loud >= ONSET * top))
    return np.asarray(response[first + int(np.argmax(loud[first : first + MILLISECOND])) :])
