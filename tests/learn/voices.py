"""Made voices in two moods: no recording of anybody."""

from __future__ import annotations

import csv
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
MOODS: Mapping[str, tuple[float, float, float]] = {"lively": (1.5, 5.0, 0.3), "weary": (0.8, 2.5, 1.2)}
"""Height of the pitch, syllables a second, and how fast the harmonics fall."""
SPEAKERS: Mapping[str, float] = {"ada": 190.0, "bo": 110.0, "cleo": 210.0, "dan": 130.0}
Samples = NDArray[np.float32]


def say(mood: str, speaker: str, seed: int, *, seconds: float = 1.2) -> Samples:
    """Return harmonics of a moving pitch under moving resonances, in syllables, with a little noise."""
    height, beat, tilt = MOODS[mood]
    rng = np.random.default_rng([seed, *map(ord, mood + speaker)])
    time = np.arange(int(RATE * seconds)) / RATE
    pitch = SPEAKERS[speaker] * height * rng.uniform(0.95, 1.05)
    moving = pitch * (1 + 0.12 * np.sin(2 * np.pi * 0.9 * time + rng.uniform(0, 6)))
    phase = 2 * np.pi * np.cumsum(moving) / RATE
    sound = np.zeros_like(time)
    for harmonic in range(1, int(4500 / pitch)):
        gain = np.full_like(time, 0.02)
        for order, base in enumerate((600.0, 1500.0, 2500.0)):
            centre = base * (1 + 0.3 * np.sin(np.pi * beat * time + order))
            gain += np.exp(-0.5 * ((harmonic * moving - centre) / 130) ** 2)
        sound += gain / harmonic**tilt * np.sin(harmonic * phase)
    sound *= np.clip(np.sin(2 * np.pi * beat * time) + 0.7, 0, 1)
    return np.asarray(0.3 * sound / np.abs(sound).max() + 1e-4 * rng.normal(size=len(time)), dtype=np.float32)


def hush(seconds: float = 1.0) -> Samples:
    return np.asarray(1e-4 * np.random.default_rng(1).normal(size=int(RATE * seconds)), dtype=np.float32)


def write_wave(path: Path, samples: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def record(folder: Path) -> list[dict[str, str]]:
    """Write 24 recordings, each of four speakers in both moods, and return their rows."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for seed in range(3):
        for speaker in SPEAKERS:
            for mood in MOODS:
                name = f"{mood}-{speaker}-{seed}.wav"
                write_wave(folder / name, say(mood, speaker, seed))
                rows.append({"file": f"{folder.name}/{name}", "label": mood, "speaker": speaker})
    return rows
