"""Log-mel spectra as other rooms, noises and lines would give them: quick, made anew for each batch.

Beside the copies of `mien.learn.speech.disturb`, which change the sound itself and are made once.

References:
    Park et al. (2019), SpecAugment, Interspeech (bands and moments left out).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.signal import lfilter

from mien.errors import OptionError

__all__ = ["Spoil", "spoilt"]

SHORTEST = 100
FLOOR = 1e-12
DEEPEST = 8.0
FRAMES_A_SECOND = 100.0
DECAY = 13.8
"""What falls by 60 dB falls by e to this in power."""

Mel = Float[ndarray, "frames bands"]


@dataclass(frozen=True, slots=True)
class Spoil:
    """How often what happens to a clip, from 0 to 1.

    Args:
        some: Anything of the next three happens at all.
        room: It is said in a room.
        noise: There is steady or flickering noise.
        line: It goes over a line that carries the middle bands only.
        masks: Bands and a moment are left out.

    Raises:
        OptionError: One of them is out of range.
    """

    some: float = 0.35
    room: float = 0.4
    noise: float = 0.6
    line: float = 0.2
    masks: float = 1.0

    def __post_init__(self) -> None:
        for item in fields(self):
            if not 0 <= getattr(self, item.name) <= 1:
                raise OptionError(f"odds of {getattr(self, item.name)} were given for {item.name}; allowed: 0 to 1")


def spoilt(mel: Mel, rng: np.random.Generator, odds: Spoil, *, crop: float = 0.65) -> Mel:
    """Return a part of a clip, spoilt.

    Args:
        mel: Decades of power.
        rng: What chance is drawn from; the same state gives the same result.
        odds: How often what happens.
        crop: The shortest part of a clip of more than a second that stands for it.
    """
    mel = _part(np.asarray(mel, dtype=np.float32), rng, crop)
    if rng.random() < odds.some:
        for share, step in ((odds.room, _roomy), (odds.noise, _noisy), (odds.line, _narrow)):
            if rng.random() < share:
                mel = step(mel, rng)
    if rng.random() < odds.masks:
        mel = _masked(mel, rng)
    return np.asarray(mel, dtype=np.float32)


def _part(mel: Mel, rng: np.random.Generator, crop: float) -> Mel:
    if len(mel) <= SHORTEST:
        return mel.copy()
    n = int(len(mel) * rng.uniform(crop, 1.0))
    start = int(rng.integers(0, len(mel) - n + 1))
    return mel[start : start + n].copy()


def _roomy(mel: Mel, rng: np.random.Generator) -> Mel:
    """Let the power of each band die away as in a room of .15 to .8 s, with the sound itself at -6 to 10 dB of it."""
    power = 10.0**mel
    keep = np.exp(-DECAY / (rng.uniform(0.15, 0.8) * FRAMES_A_SECOND))
    late = lfilter([0.0, 1.0 - keep], [1.0, -keep], power, axis=0)
    return np.asarray(np.log10(power + late * 10.0 ** rng.uniform(-1.0, 0.6) + FLOOR))


def _noisy(mel: Mel, rng: np.random.Generator) -> Mel:
    """Add noise of some tilt at -3 to 25 dB; sometimes it comes and goes."""
    power = 10.0**mel
    shape = 10.0 ** (rng.uniform(-1.5, 0.5) * np.linspace(0.0, 1.0, mel.shape[1]))
    level = power.sum(axis=1).mean() / 10.0 ** (rng.uniform(-3.0, 25.0) / 10.0)
    noise = level * shape / shape.sum() * rng.gamma(4.0, 0.25, mel.shape)
    if rng.random() < 0.3:
        noise *= np.repeat(rng.gamma(1.5, 0.66, (len(mel) // 8 + 1, 1)), 8, axis=0)[: len(mel)].clip(0.05, 5.0)
    return np.asarray(np.log10(power + noise + FLOOR))


def _narrow(mel: Mel, rng: np.random.Generator) -> Mel:
    mel = mel.copy()
    lowest, highest = int(rng.integers(3, 9)), int(rng.integers(50, 62))
    mel[:, :lowest] = mel[:, highest:] = mel.max() - DEEPEST
    return mel


def _masked(mel: Mel, rng: np.random.Generator) -> Mel:
    mel = mel.copy()
    mean = mel.mean()
    for _ in range(2):
        wide = int(rng.integers(0, 12))
        low = int(rng.integers(0, mel.shape[1] - wide))
        mel[:, low : low + wide] = mean
    long = int(rng.integers(0, min(20, len(mel) // 5) + 1))
    start = int(rng.integers(0, len(mel) - long + 1))
    mel[start : start + long] = mean
    return mel
