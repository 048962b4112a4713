"""Log-mel spectrograms, the picture of sound that the speech networks look at."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.dsp.product import product

__all__ = ["frame_count", "frames", "log_mel", "mel_bank"]

FLOOR = 1e-10
BLOCK = 512
LINEAR_STEP = 200.0 / 3.0
LINEAR_END = 1000.0
LOG_STEP = float(np.log(6.4) / 27.0)


def frame_count(n_samples: int, *, window: int = 400, hop: int = 160) -> int:
    """Number of whole windows in a signal; no window reaches beyond either end."""
    return max(0, 1 + (n_samples - window) // hop) if n_samples >= window else 0


def frames(samples: Float[ndarray, " time"], *, window: int = 400, hop: int = 160) -> Float[ndarray, "frames window"]:
    """Cut a signal into overlapping windows, as a view: frame i begins at sample `i * hop`."""
    if len(samples) < window:
        return np.empty((0, window), dtype=samples.dtype)
    views = np.lib.stride_tricks.sliding_window_view(samples, window)[::hop]
    return np.asarray(views)


@lru_cache(maxsize=8)
def mel_bank(rate: int = 16000, n_fft: int = 400, bands: int = 80) -> Float[ndarray, "bands bins"]:
    """Triangular filters of equal area, evenly spaced on Slaney's mel scale from 0 Hz to half the rate.

    References:
        Slaney (1998), Auditory Toolbox, Technical Report 1998-010.
    """
    bins = np.fft.rfftfreq(n_fft, 1.0 / rate)
    edges = _mel_to_hertz(np.linspace(0.0, _hertz_to_mel(rate / 2.0), bands + 2))
    rising = (bins[None, :] - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins[None, :]) / np.diff(edges)[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    bank = (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)
    bank.setflags(write=False)
    return np.asarray(bank)


def log_mel(
    samples: Float[ndarray, " time"], *, rate: int = 16000, window: int = 400, hop: int = 160, bands: int = 80
) -> Float[ndarray, "frames bands"]:
    """Power of each mel band in each window, as log10, never below -10.

    Frames depend only on their own samples, so a stream cut at multiples of `hop` gives the same frames as the whole.

    Args:
        samples: One channel in [-1, 1].
        rate: Samples a second.
        window: Samples a frame; also the length of the Fourier transform.
        hop: Samples from one frame to the next.
        bands: Number of mel bands.

    Example:
        >>> log_mel(np.zeros(16000, dtype=np.float32)).shape
        (98, 80)
    """
    bank = mel_bank(rate, window, bands).T
    cut = frames(np.asarray(samples, dtype=np.float32), window=window, hop=hop)
    taper = _taper(window)
    out = np.empty((len(cut), bands), dtype=np.float32)
    for start in range(0, len(cut), BLOCK):  # blocks keep the spectra in cache and the memory small
        spectrum = np.fft.rfft(cut[start : start + BLOCK] * taper, axis=1)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        out[start : start + BLOCK] = np.log10(np.maximum(product(power, bank), FLOOR))
    return out


@lru_cache(maxsize=8)
def _taper(window: int) -> Float[ndarray, " window"]:
    taper = (0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(window) / window)).astype(np.float32)
    taper.setflags(write=False)
    return taper


def _hertz_to_mel(hertz: float) -> float:
    if hertz < LINEAR_END:
        return hertz / LINEAR_STEP
    return LINEAR_END / LINEAR_STEP + float(np.log(hertz / LINEAR_END)) / LOG_STEP


def _mel_to_hertz(mels: Float[ndarray, " edges"]) -> Float[ndarray, " edges"]:
    knee = LINEAR_END / LINEAR_STEP
    bent = LINEAR_END * np.exp(LOG_STEP * (mels - knee))
    return np.where(mels < knee, mels * LINEAR_STEP, bent)
