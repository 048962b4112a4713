"""Noise and other people's voices, added at a stated distance in level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from mien.dsp.degrade.level import RATE, active_level, gained, rms
from mien.errors import OptionError

__all__ = ["babble", "coloured_noise", "noisy"]

SPOKEN = -20.0
"""Active speech level in dB that each voice of a babble is given."""
LOWEST = 20.0
"""Hz below which coloured noise holds nothing, as the power of pink noise would grow without end."""


def coloured_noise(n: int, exponent: float, *, seed: int | np.random.Generator) -> Float[np.ndarray, " time"]:
    """Return Gaussian noise whose power falls as ``1 / frequency ** exponent`` from 20 Hz on, with a mean square of 1.

    Args:
        n: Samples at 16 kHz.
        exponent: 0 is white, 1 pink, 2 brown.
        seed: Seed, or a generator to go on with.

    Raises:
        OptionError: No sample is asked for.

    Example:
        >>> pink = coloured_noise(16000, 1.0, seed=0)
        >>> pink.shape, round(float(np.mean(pink**2)), 3)
        ((16000,), 1.0)
    """
    if n < 1:
        raise OptionError(f"noise of {n} samples was asked for; allowed: 1 or more")
    # Shorter noise would hold no frequency at all above the lowest, so it is cut out of a longer one.
    size = 1 << max(12, (n - 1).bit_length())
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(size))
    hertz = np.fft.rfftfreq(size, 1.0 / RATE)
    weight = np.where(hertz >= LOWEST, np.maximum(hertz, LOWEST) ** (-exponent / 2.0), 0.0)
    noise = np.fft.irfft(spectrum * weight, size)[:n]
    return np.asarray(noise / rms(noise), dtype=np.float32)


def babble(
    voices: Sequence[Float[np.ndarray, " _"]], n: int, *, seed: int | np.random.Generator
) -> Float[np.ndarray, " time"]:
    """Return several voices at once, each equally loud, from a random place of each on.

    Args:
        voices: One array at 16 kHz a speaker; one that is too short starts over.
        n: Samples.
        seed: Seed, or a generator to go on with.

    Raises:
        OptionError: There is no voice, or one holds nothing but silence where it is cut out.
    """
    if not voices or not all(len(voice) for voice in voices):
        raise OptionError("babble of no voices was asked for; give one array or more, each with samples in it")
    rng = np.random.default_rng(seed)
    whole = np.zeros(n, dtype=np.float32)
    for voice in voices:
        start = int(rng.integers(len(voice)))
        part = np.take(voice, np.arange(start, start + n), mode="wrap")
        whole += gained(part, SPOKEN - active_level(part))
    return whole


def noisy(
    samples: Float[np.ndarray, " time"], noise: Float[np.ndarray, " time"], *, snr: float
) -> Float[np.ndarray, " time"]:
    """Return speech with noise beside it; the speech itself stays as loud as it is.

    Args:
        samples: Speech.
        noise: As long; how loud does not matter.
        snr: Active speech level over the level of the whole noise, in dB.

    Raises:
        OptionError: The lengths differ, or one of the two is silent.

    Example:
        >>> tone = np.sin(2 * np.pi * 440 * np.arange(32000) / 16000).astype(np.float32)
        >>> added = noisy(tone, coloured_noise(32000, 0.0, seed=0), snr=10.0) - tone
        >>> round(active_level(tone) - 10 * float(np.log10(np.mean(added**2))), 1)
        10.0
    """
    if len(noise) != len(samples):
        raise OptionError(
            f"noise of {len(noise)} samples was given for {len(samples)} samples of speech; allowed: as many"
        )
    loudness = rms(noise)
    if not loudness > 0:
        raise OptionError("the noise is silent, so that no level makes it heard; give noise that is not all zero")
    wanted = active_level(samples) - snr
    return np.asarray(samples + gained(noise, wanted - 20.0 * np.log10(loudness)), dtype=np.float32)
