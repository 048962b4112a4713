"""Autocorrelation of short stretches of a voice, free of the window's own, and its peaks between samples.

Everything is as in the paper below: a frame less its mean is windowed, its autocorrelation divided by that of the
window, and a peak is looked up between the samples by sinc interpolation, which makes weak noise measurable.

References:
    P. Boersma (1993). Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a
    sampled sound. Proceedings of the Institute of Phonetic Sciences 17, 97-110.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from mien.dsp.product import product

__all__ = ["Window", "centres", "local_means", "peaks", "refined", "short_term", "vertex"]

BLOCK = 128
TAPS = 24
"""Samples on either side of a peak that interpolation looks at."""
OFFSETS = np.arange(-5, 6) / 8.0
"""Places around the highest sample, in samples, at which the curve is looked up."""


@dataclass(frozen=True, slots=True)
class Window:
    """The taper of a frame.

    Attributes:
        length: Samples; even.
        gaussian: Whether it is Gaussian, of which only the middle half counts, or a Hann window.
    """

    length: int
    gaussian: bool = False

    @classmethod
    def of(cls, seconds: float, rate: int, *, gaussian: bool = False) -> "Window":
        """Return a window of an effective length in seconds."""
        half = int(seconds * rate / 2.0) * (2 if gaussian else 1)
        return cls(2 * half, gaussian)


def centres(n_samples: int, window: Window, rate: int, step: float) -> Float[ndarray, " frames"]:
    """Times in seconds of the frames that fit in a signal, in its middle; none where it is shorter than the window."""
    if n_samples < window.length:
        return np.zeros(0)
    n_frames = int((n_samples - window.length) / (step * rate) + 1e-9) + 1
    return 0.5 * n_samples / rate + (np.arange(n_frames) - (n_frames - 1) / 2.0) * step


def short_term(
    samples: Float[ndarray, " time"], times: Float[ndarray, " frames"], rate: int, window: Window, longest: int
) -> Iterator[Float[ndarray, "frames lags"]]:
    """Yield normalised autocorrelations for lags of 0 to `longest + TAPS` samples, block by block.

    Args:
        samples: One channel.
        times: Centres of the frames in seconds; frames that reach beyond the signal see zeros there.
        rate: Samples a second.
        window: Length and shape of the frames.
        longest: Longest lag that is looked at, in samples.
    """
    taper, own = _tapers(window, longest + TAPS + 1)
    half = window.length // 2
    padded = np.pad(samples, half)
    starts = np.clip(np.round(times * rate).astype(np.int64), 0, len(samples))
    n_fft = 1 << (window.length + longest + TAPS).bit_length()
    views = np.lib.stride_tricks.sliding_window_view(padded, window.length)
    means = local_means(samples, starts, longest)
    for first in range(0, len(starts), BLOCK):
        part = slice(first, first + BLOCK)
        spectrum = np.fft.rfft((views[starts[part]] - means[part, None]) * taper, n_fft, axis=1)
        curve = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, n_fft, axis=1)[:, : longest + TAPS + 1]
        yield curve / (np.maximum(curve[:, :1], 1e-30) * own)


def local_means(
    samples: Float[ndarray, " time"], places: Int[ndarray, " frames"], reach: int
) -> Float[ndarray, " frames"]:
    """Return the mean of the samples within `reach` of each place: what a slow drift adds there."""
    sums = np.concatenate([[0.0], np.cumsum(samples)])
    first, end = np.maximum(places - reach, 0), np.minimum(places + reach, len(samples))
    return np.asarray((sums[end] - sums[first]) / np.maximum(end - first, 1))


def peaks(curve: Float[ndarray, "frames lags"], shortest: int, longest: int) -> Bool[ndarray, "frames lags"]:
    """Mark the local maxima at lags of `shortest` to `longest` samples."""
    found = np.zeros(curve.shape, dtype=bool)
    middle = curve[:, shortest : longest + 1]
    rising = middle > curve[:, shortest - 1 : longest]
    found[:, shortest : longest + 1] = rising & (middle >= curve[:, shortest + 1 : longest + 2])
    return found


def refined(
    curve: Float[ndarray, "frames lags"], rows: Int[ndarray, " peaks"], lags: Int[ndarray, " peaks"]
) -> tuple[Float[ndarray, " peaks"], Float[ndarray, " peaks"]]:
    """Return lags and heights of peaks between the samples.

    Args:
        curve: Autocorrelations.
        rows: The frame of each peak.
        lags: The sample at which each peak is highest.
    """
    near = np.abs(lags[:, None] + np.arange(-TAPS, TAPS + 1))  # an autocorrelation is even
    fine = product(curve[rows[:, None], near], _sinc())
    top = 1 + fine[:, 1:-1].argmax(axis=1)
    every = np.arange(len(fine))
    shift, height = vertex(fine[every, top - 1], fine[every, top], fine[every, top + 1])
    return lags + OFFSETS[top] + shift / 8.0, height


def vertex(
    left: Float[ndarray, "*shape"], top: Float[ndarray, "*shape"], right: Float[ndarray, "*shape"]
) -> tuple[Float[ndarray, "*shape"], Float[ndarray, "*shape"]]:
    """Return place, from -0.5 to 0.5 of a step, and height of the parabola through three values."""
    bend = left - 2.0 * top + right
    flat = np.abs(bend) < 1e-15
    shift = np.where(flat, 0.0, 0.5 * (left - right) / np.where(flat, 1.0, bend))
    shift = np.clip(shift, -0.5, 0.5)
    return shift, np.asarray(top - 0.25 * (left - right) * shift)


@lru_cache(maxsize=8)
def _tapers(window: Window, n_lags: int) -> tuple[Float[ndarray, " window"], Float[ndarray, " lags"]]:
    """Return a window and its own normalised autocorrelation."""
    place = (np.arange(window.length) + 0.5) / window.length
    if window.gaussian:
        edge = np.exp(-12.0)
        taper = (np.exp(-48.0 * (place - 0.5) ** 2) - edge) / (1.0 - edge)
    else:
        taper = 0.5 - 0.5 * np.cos(2.0 * np.pi * place)
    spectrum = np.fft.rfft(taper, 2 * max(window.length, n_lags))
    own = np.fft.irfft(spectrum.real**2 + spectrum.imag**2)[:n_lags]
    return taper, np.maximum(own / own[0], 1e-6)


@lru_cache(maxsize=1)
def _sinc() -> Float[ndarray, "taps offsets"]:
    """Weights that look a curve up at the offsets: sinc functions under a Hann window."""
    distance = np.arange(-TAPS, TAPS + 1)[:, None] - OFFSETS[None, :]
    return np.sinc(distance) * (0.5 + 0.5 * np.cos(np.pi * distance / (TAPS + 1.0)))
