"""Made voices and conversations: no recording of anybody."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mien.types import Audio, Sound

RATE = 16_000
Samples = NDArray[np.float32]


def speak(seconds: float = 2.0, *, pitch: float = 120.0, beat: float = 4.0, tube: float = 1.0) -> Samples:
    """Harmonics of a moving pitch under moving resonances, in syllables; a longer tube lowers the resonances."""
    time = np.arange(int(RATE * seconds)) / RATE
    moving = pitch * (1.0 + 0.12 * np.sin(2 * np.pi * 0.9 * time))
    phase = 2 * np.pi * np.cumsum(moving) / RATE
    sound = np.zeros_like(time)
    for harmonic in range(1, int(4500 / pitch)):
        gain = np.full_like(time, 0.02)
        for order, base in enumerate((600.0, 1500.0, 2500.0)):
            centre = base / tube * (1.0 + 0.3 * np.sin(np.pi * beat * time + order))
            gain += np.exp(-0.5 * ((harmonic * moving - centre) / 130.0) ** 2)
        sound += gain / np.sqrt(harmonic) * np.sin(harmonic * phase)
    sound *= np.clip(np.sin(2 * np.pi * beat * time) + 0.7, 0.0, 1.0)
    noise = np.random.default_rng(0).normal(size=len(time))
    return np.asarray(0.3 * sound / np.abs(sound).max() + 1e-4 * noise, dtype=np.float32)


def quiet(seconds: float = 1.0) -> Samples:
    return np.asarray(1e-4 * np.random.default_rng(1).normal(size=int(RATE * seconds)), dtype=np.float32)


@pytest.fixture(scope="session")
def talk() -> Samples:
    """Two voices in turns, with pauses: about 14 seconds."""
    low, high = {"pitch": 105.0, "tube": 1.15}, {"pitch": 230.0, "tube": 0.85}
    parts = [quiet(0.7)]
    for voice in (low, high, low, high):
        parts += [speak(2.5, **voice), quiet(0.8)]
    return np.concatenate(parts)


def cut(samples: Samples, sizes: list[int], start: float = 0.0) -> list[Sound]:
    """Cut a sound into pieces whose sizes repeat."""
    pieces, place = [], 0
    while place < len(samples):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(Sound(Audio(samples[None, place : place + size], RATE), start + place / RATE))
        place += size
    return pieces
