"""Make `dialogue.ogg` and `dialogue.srt`: two friends, two voices, a bad morning that ends well.

python -m tools.examples.dialogue examples
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from tools.examples.sound import resample, write_opus
from tools.examples.subtitles import write_subtitles
from tools.examples.voice import MANNERS, RATE, VOICES, Samples, speak

LINES = (
    ("Ada", "neutral", 0.4, "Good morning. Did you get any sleep after the concert?"),
    ("Ben", "sad", 0.5, "Not really. My violin was stolen on the night bus. I feel awful."),
    ("Ada", "surprised", 0.2, "What? The one your grandfather built? When did that happen?"),
    ("Ben", "angry", 0.4, "While I was asleep! Who does that? I am so angry with myself."),
    ("Ada", "tender", 0.6, "I am so sorry, Ben. Let me help you. I will call the bus company now."),
    ("Ben", "neutral", 0.9, "All right. The bus was number forty two, a little after midnight."),
    ("Ada", "happy", 1.2, "Ben, they have it! The driver found your violin and kept it safe!"),
    ("Ben", "surprised", 0.2, "No way! Are you serious? They really have it?"),
    ("Ben", "happy", 0.3, "Oh, that is wonderful! Thank you, thank you! I could dance!"),
    ("Ada", "happy", 0.4, "Get your coat, we are going to pick it up together!"),
)


def dialogue() -> tuple[Samples, list[tuple[float, float, str]]]:
    """Return the samples at the voice's rate and, for each line, start and end in seconds and its text."""
    pieces: list[Samples] = []
    subtitles: list[tuple[float, float, str]] = []
    clock = 0
    for number, (speaker, mood, pause, text) in enumerate(LINES):
        silence = np.zeros(round(pause * RATE))
        spoken = speak(text, MANNERS[mood].on(VOICES[speaker]), seed=number)
        pieces += [silence, spoken]
        start = clock + len(silence)
        clock = start + len(spoken)
        subtitles.append((start / RATE, clock / RATE, f"{speaker}: {text}"))
    pieces.append(np.zeros(RATE // 2))
    return np.concatenate(pieces), subtitles


def main(folder: Path) -> None:
    """Write both files into the folder."""
    samples, subtitles = dialogue()
    noise = np.random.default_rng(0).normal(0.0, 0.0008, len(samples))
    write_opus(folder / "dialogue.ogg", resample(samples + noise, RATE, 48000), bit_rate=40_000)
    write_subtitles(folder / "dialogue.srt", subtitles)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
