"""Spectral tilt: how much of a voice lies in its lower and how much in its higher frequencies.

References:
    F. Eyben et al. (2016). The Geneva minimalistic acoustic parameter set (GeMAPS) for voice research and affective
    computing. IEEE Transactions on Affective Computing 7, 190-202.
    B. Hammarberg et al. (1980). Perceptual and acoustic correlates of abnormal voice qualities. Acta
    Oto-Laryngologica 90, 441-451.
"""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

__all__ = ["alpha_ratio", "hammarberg_index", "spectra"]

SECONDS = 0.02
FLOOR = 1e-20
BLOCK = 512


def spectra(
    samples: Float[ndarray, " time"], times: Float[ndarray, " frames"], *, rate: int = 16000
) -> tuple[Float[ndarray, "frames bins"], Float[ndarray, " bins"]]:
    """Power spectra of Hamming windows of 20 ms around times, and the frequency of each bin in Hz.

    Args:
        samples: One channel.
        times: Centres of the frames in seconds; what lies beyond the signal counts as zero.
        rate: Samples a second.
    """
    half = max(1, int(0.5 * SECONDS * rate))
    n_fft = 1 << (2 * half).bit_length()
    padded = np.pad(np.asarray(samples, dtype=np.float64), half)
    views = np.lib.stride_tricks.sliding_window_view(padded, 2 * half)
    starts = np.clip(np.round(times * rate).astype(np.int64), 0, len(views) - 1)
    taper = np.hamming(2 * half)
    power = np.empty((len(times), n_fft // 2 + 1))
    for first in range(0, len(times), BLOCK):
        spectrum = np.fft.rfft(views[starts[first : first + BLOCK]] * taper, n_fft, axis=1)
        power[first : first + BLOCK] = spectrum.real**2 + spectrum.imag**2
    return power, np.fft.rfftfreq(n_fft, 1.0 / rate)


def alpha_ratio(power: Float[ndarray, "frames bins"], hertz: Float[ndarray, " bins"]) -> Float[ndarray, " frames"]:
    """Energy between 50 and 1000 Hz against that between 1 and 5 kHz, in dB; higher is softer.

    Args:
        power: Power spectra.
        hertz: Frequencies of their bins.

    References:
        Eyben et al. (2016), as above. openSMILE gives the same with the sign turned.
    """
    low = power[:, (hertz >= 50.0) & (hertz < 1000.0)].sum(axis=1)
    high = power[:, (hertz >= 1000.0) & (hertz <= 5000.0)].sum(axis=1)
    return np.asarray(10.0 * np.log10((low + FLOOR) / (high + FLOOR)))


def hammarberg_index(power: Float[ndarray, "frames bins"], hertz: Float[ndarray, " bins"]) -> Float[ndarray, " frames"]:
    """Strongest peak below 2 kHz against the strongest between 2 and 5 kHz, in dB; higher is softer.

    Args:
        power: Power spectra.
        hertz: Frequencies of their bins.

    References:
        Hammarberg et al. (1980) and Eyben et al. (2016), as above.
    """
    low = power[:, hertz < 2000.0].max(axis=1)
    high = power[:, (hertz >= 2000.0) & (hertz <= 5000.0)].max(axis=1)
    return np.asarray(10.0 * np.log10((low + FLOOR) / (high + FLOOR)))
