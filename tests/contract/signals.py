"""Small signals of our own making, one set per modality."""

from __future__ import annotations

from typing import Any

import numpy as np

from mien.types import Audio, Frame, Image, Sound, Span, Utterance

RATE = 16_000


def texts() -> list[Utterance]:
    sentences = [
        "I am so happy for you!",
        "That is awful, I want to cry.",
        "",
        "The train leaves at nine.",
        "Why?! Stop it!",
    ]
    return [Utterance(sentence, Span(0, len(sentence), "characters")) for sentence in sentences]


def voice(seconds: float, pitch: float, seed: int = 0) -> np.ndarray:
    """A buzz through three formants, in syllables: enough like a voice to be taken for one."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    glide = pitch * (1 + 0.15 * np.sin(2 * np.pi * 0.7 * time))
    phase = 2 * np.pi * np.cumsum(glide) / RATE
    buzz = sum(np.sin(k * phase) * _formants(k * pitch) for k in range(1, 30))
    syllables = np.clip(np.sin(2 * np.pi * 2.2 * time), 0, None) ** 0.5
    wave = buzz * syllables + 0.002 * rng.standard_normal(len(time))
    return (0.3 * wave / np.abs(wave).max()).astype(np.float32)


def _formants(frequency: float) -> float:
    return float(sum(np.exp(-(((frequency - centre) / 150) ** 2)) for centre in (600, 1200, 2500)) + 0.02)


def sounds() -> list[Sound]:
    waves = [voice(3.0, 120), voice(2.0, 220, seed=1), np.zeros(RATE, np.float32), voice(4.0, 160, seed=2)]
    return [Sound(Audio(wave[None], RATE)) for wave in waves]


def pictures() -> list[Frame]:
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 255, (120, 160, 3), dtype=np.uint8)
    flat = np.full((64, 64, 3), 127, np.uint8)
    dot = np.zeros((1, 1, 3), np.uint8)
    return [Frame(Image(pixels)) for pixels in (noise, flat, dot)]


SIGNALS: dict[str, Any] = {"text": texts, "speech": sounds, "face": pictures}
