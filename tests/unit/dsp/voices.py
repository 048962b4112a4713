"""Voices made by rule, whose pitch, jitter, shimmer and noise are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Samples = NDArray[np.float64]


def pulse_train(
    seconds: float = 1.5, *, pitch: float = 120.0, jitter: float = 0.0, shimmer: float = 0.0, seed: int = 0
) -> tuple[Samples, Samples, Samples]:
    """Return a train of smooth pulses, their times in seconds and their heights.

    Periods and heights alternate around their means, so that local jitter and shimmer are what is asked for, times a
    random factor of mean one.
    """
    rng = np.random.default_rng(seed)
    n_pulses = int(seconds * pitch)
    sign = np.where(np.arange(n_pulses) % 2, 0.5, -0.5)
    periods = (1.0 + jitter * sign * rng.uniform(0.5, 1.5, n_pulses)) / pitch
    heights = 1.0 + shimmer * sign * rng.uniform(0.5, 1.5, n_pulses)
    times = 0.02 + np.cumsum(periods)
    place = np.arange(int((times[-1] + 0.02) * RATE)) / RATE + 0.5 / RATE
    sound = np.zeros(len(place))
    for time, height in zip(times, heights, strict=True):
        near = slice(max(0, int((time - 0.003) * RATE)), int((time + 0.003) * RATE))
        away = (place[near] - time) / 0.0004
        sound[near] += height * (1.0 - away**2) * np.exp(-0.5 * away**2)
    return 0.5 * sound, times, heights


def noisy(pitch: float = 150.0, *, decibels: float = 15.0, seconds: float = 2.0) -> Samples:
    """Return a sawtooth-like tone with white noise so many decibels below it."""
    time = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * order * time) / order for order in range(1, int(4000 / pitch)))
    noise = np.random.default_rng(0).normal(size=len(time))
    return np.asarray(0.1 * (tone + noise * np.std(tone) * 10.0 ** (-decibels / 20.0)))


def syllables(n: int, *, pitch: float = 150.0, pause: float = 0.0) -> Samples:
    """Return n bumps of a tone of 0.2 s each, with a pause after the first half of them."""
    time = np.arange(int(0.2 * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * order * time) / order for order in range(1, 20))
    bump = 0.2 * tone * np.sin(np.pi * time / 0.2) ** 2
    parts = [bump] * (n // 2) + [np.zeros(int(pause * RATE))] + [bump] * (n - n // 2)
    return np.concatenate([np.zeros(RATE // 5), *parts, np.zeros(RATE // 5)])
