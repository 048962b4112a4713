"""Copies of a clip that sound otherwise but feel the same: another microphone, some noise, other ends."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from mien.dsp.level import decibels
from mien.perceive.speech.frames import Frames

__all__ = ["copies"]

SHORTEST = 60
MOST_SHAVED = 12


def copies(
    clip: tuple[Frames, Bool[ndarray, " frames"]], n: int, rng: np.random.Generator
) -> Iterator[tuple[Frames, Bool[ndarray, " frames"]]]:
    """Yield the clip and `n` disturbed copies of it."""
    yield clip
    frames, voiced = clip
    for _ in range(n):
        start, cut = rng.integers(0, MOST_SHAVED, 2).tolist() if len(frames) > SHORTEST else (0, 0)
        part = slice(start, len(frames) - cut)
        mel = _noisy(frames.mel[part] + _colour(frames.mel.shape[1], rng), rng)
        yield Frames(mel, decibels(mel), frames.pitch[part], frames.periodicity[part]), voiced[part]


def _colour(n_bands: int, rng: np.random.Generator) -> Float[ndarray, " bands"]:
    """A smooth change over the bands, in decades."""
    place = np.linspace(-1.0, 1.0, n_bands)
    waves = [np.cos(np.pi * order * (place + rng.uniform(0, 2))) for order in (0.5, 1.0, 2.0)]
    return np.asarray(sum(rng.normal(0.0, 0.35) * wave for wave in waves), dtype=np.float32)


def _noisy(mel: Float[ndarray, "frames bands"], rng: np.random.Generator) -> Float[ndarray, "frames bands"]:
    """Add steady noise 30 to 65 dB below the loudest point, of a random tilt."""
    below, tilt = rng.uniform(3.0, 6.5), rng.uniform(-1.5, 0.5)
    noise = mel.max() - below + tilt * np.linspace(0.0, 1.0, mel.shape[1]) + rng.normal(0.0, 0.15, mel.shape)
    return np.asarray(np.log10(10.0**mel + 10.0**noise), dtype=np.float32)
