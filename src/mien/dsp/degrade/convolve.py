"""Convolution by fast Fourier transform."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

__all__ = ["convolved"]


def convolved(samples: Float[np.ndarray, " time"], response: Float[np.ndarray, " taps"]) -> Float[np.ndarray, " both"]:
    """Return the full convolution, shape ``(time + taps - 1,)``.

    Example:
        >>> convolved(np.array([1.0, 2.0]), np.array([1.0, 0.5])).round(6).tolist()
        [1.0, 2.5, 1.0]
    """
    n = len(samples) + len(response) - 1
    size = 1 << (n - 1).bit_length()
    spectrum = np.fft.rfft(samples.astype(np.float64), size) * np.fft.rfft(response.astype(np.float64), size)
    return np.asarray(np.fft.irfft(spectrum, size)[:n])
