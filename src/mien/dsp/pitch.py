"""Pitch and periodicity of a voice by normalised cross-correlation."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.dsp.mel import frames

__all__ = ["WINDOW", "pitch_track", "semitones"]

WINDOW = 640
"""Samples at 16 kHz that one frame looks at: 40 ms, more than two periods of the lowest voice."""
LOWEST, HIGHEST = 60.0, 500.0
FIRST_PEAK = 0.85
QUIET = 1e-9
HALF = np.array([-0.0315, 0.0, 0.2815, 0.5, 0.2815, 0.0, -0.0315], dtype=np.float32)
BLOCK = 512


def pitch_track(
    samples: Float[ndarray, " time"], *, rate: int = 16000, hop: int = 160
) -> tuple[Float[ndarray, " frames"], Float[ndarray, " frames"]]:
    """Pitch in Hz and periodicity in [0, 1] of each frame; frame i looks at 40 ms from sample `i * hop` on.

    The pitch is a guess for every frame; only where periodicity is high does it mean anything.

    Args:
        samples: One channel at 16 kHz.
        rate: Samples a second.
        hop: Samples from one frame to the next; even.

    References:
        Talkin (1995), A robust algorithm for pitch tracking (RAPT), in Speech Coding and Synthesis, 495-518.

    Example:
        >>> tone = np.sin(2 * np.pi * 200 * np.arange(1600) / 16000).astype(np.float32)
        >>> hertz, periodicity = pitch_track(tone)
        >>> bool(abs(hertz[2] - 200) < 2), bool(periodicity[2] > 0.95)
        (True, True)
    """
    cut = frames(np.asarray(samples, dtype=np.float32), window=WINDOW, hop=hop)
    hertz = np.zeros(len(cut), dtype=np.float32)
    periodicity = np.zeros(len(cut), dtype=np.float32)
    for start in range(0, len(cut), BLOCK):
        part = slice(start, start + BLOCK)
        lags, values = _correlation(_halved(cut[part]), rate / 2.0)
        hertz[part], periodicity[part] = _peaks(lags, values, rate / 2.0)
    return hertz, periodicity


def semitones(hertz: Float[ndarray, "*shape"], reference: float) -> Float[ndarray, "*shape"]:
    """Distance of pitches from a reference, in semitones."""
    return np.asarray(12.0 * np.log2(np.asarray(hertz) / reference))


def _halved(cut: Float[ndarray, "frames window"]) -> Float[ndarray, "frames half"]:
    """Low-pass filter and take every second sample, less the slow drift that would look periodic."""
    padded = np.pad(cut, ((0, 0), (3, 2)))
    n_half = cut.shape[1] // 2
    half = sum(weight * padded[:, place : place + 2 * n_half : 2] for place, weight in enumerate(HALF) if weight)
    half = np.asarray(half, dtype=np.float32)
    rough = np.diff(half, axis=1, prepend=half[:, :1])  # a rising slope of 6 dB an octave whitens a voice
    return np.asarray(0.3 * (half - half.mean(axis=1, keepdims=True)) + rough)


def _correlation(
    half: Float[ndarray, "frames window"], rate: float
) -> tuple[Float[ndarray, " lags"], Float[ndarray, "frames lags"]]:
    n = half.shape[1]
    lags = np.arange(int(rate / HIGHEST) - 1, int(rate / LOWEST) + 2)
    spectrum = np.fft.rfft(half, 2 * n, axis=1)
    products = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, 2 * n, axis=1)[:, lags]
    energy = np.concatenate([np.zeros((len(half), 1)), np.cumsum(half.astype(np.float64) ** 2, axis=1)], axis=1)
    early, late = energy[:, n - lags], energy[:, -1:] - energy[:, lags]
    scale = np.sqrt(early * late) + QUIET * n
    return lags.astype(np.float32), np.asarray(products / scale, dtype=np.float32)


def _peaks(
    lags: Float[ndarray, " lags"], values: Float[ndarray, "frames lags"], rate: float
) -> tuple[Float[ndarray, " frames"], Float[ndarray, " frames"]]:
    middle = values[:, 1:-1]
    peak = (middle >= values[:, :-2]) & (middle > values[:, 2:])
    heights = np.where(peak, middle, 0.0)
    highest = heights.max(axis=1)
    # The first high peak is the period; later ones of the same height are its multiples.
    place = np.argmax(heights >= FIRST_PEAK * highest[:, None] + QUIET, axis=1)
    rows = np.arange(len(values))
    left, top, right = values[rows, place], values[rows, place + 1], values[rows, place + 2]
    bend = left - 2.0 * top + right
    shift = np.where(np.abs(bend) > QUIET, 0.5 * (left - right) / np.where(bend == 0.0, 1.0, bend), 0.0)
    lag = lags[place + 1] + np.clip(shift, -0.5, 0.5)
    return np.asarray(rate / lag, dtype=np.float32), np.clip(np.where(highest > 0, top, 0.0), 0.0, 1.0)
