"""Loudness of a signal and the syllable-like beats in it."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

__all__ = ["SILENCE", "decibels", "pulses"]

SILENCE = -100.0
"""Level in dB that digital silence is said to have."""


def decibels(mel: Float[ndarray, "frames bands"], *, lowest: int = 3, highest: int = 64) -> Float[ndarray, " frames"]:
    """Level of each log-mel frame between two bands, in dB against an arbitrary fixed reference, at least -100.

    Args:
        mel: Log-mel frames (log10 of power).
        lowest: First band counted; the bands below hold hum.
        highest: First band not counted.
    """
    power = np.sum(10.0 ** mel[:, lowest:highest], axis=1)
    return np.asarray(np.maximum(10.0 * np.log10(power), SILENCE), dtype=np.float32)


def pulses(level: Float[ndarray, " frames"], *, rise: float = 3.0, apart: int = 10) -> Int[ndarray, " beats"]:
    """Frames where the level peaks after a rise: about one for each syllable.

    Args:
        level: Levels in dB at 100 Hz.
        rise: Decibels that the level must climb from the last dip.
        apart: Frames that two peaks lie apart at least.

    References:
        Mermelstein (1975), Automatic segmentation of speech into syllabic units, JASA 58, 880-883.
    """
    if len(level) < 7:
        return np.zeros(0, dtype=np.int64)
    taper = np.hanning(9)[1:-1]
    smooth = np.convolve(np.pad(level, 3, mode="edge"), taper / taper.sum(), mode="valid").tolist()
    tops: list[int] = []
    dip, top = smooth[0], 0
    for place, value in enumerate(smooth):
        if value > smooth[top]:
            top = place
        risen, fallen = smooth[top] - dip >= rise, smooth[top] - value >= rise
        if risen and (fallen or place == len(smooth) - 1):
            if not tops or top - tops[-1] >= apart:
                tops.append(top)
            dip, top = value, place
        elif value < dip or fallen:
            dip, top = min(dip, value) if not fallen else value, place
    return np.array(tops, dtype=np.int64)
