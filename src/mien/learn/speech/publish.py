"""The folders of the two speech models: graph, card, golden answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.learn.card import file_row, table
from mien.learn.card import write_card as write_markdown
from mien.perceive.heads import DIMENSIONS
from mien.perceive.speech import SpeechPerceiver
from mien.runtime.card import Calibration, Group, Score
from mien.types import Affect, Audio, Sound

__all__ = ["VOICES", "golden_sounds", "write_card", "write_golden"]

LICENCE = "CC BY-NC-SA 4.0"
NOT_FOR = [
    "deciding about a person: hiring, credit, insurance, schooling, policing, asylum, border control",
    "judging whether someone lies, is ill or is at risk",
    "listening to people without their knowledge and consent",
]
VOICES: dict[str, Any] = {
    "name": "speech-voices",
    "version": "1.1.0",
    "modality": "speech",
    "line": "research",
    "licence": LICENCE,
    "summary": "Tells voices of one recording apart, so that each gets a track; it does not recognise persons.",
    "recipe": "recipes/speech-voices",
    "taxonomies": [],
    "not_for": ["recognising or verifying a person", *NOT_FOR],
    "limits": [
        "Learnt from the voices of twenty-nine actors and changed copies of them; that is few.",
        "Where two people speak at once, the words go to one of them; that it happens is marked, with many errors.",
        "Where one follows another without a pause, a change is found only if each has spoken for 0.6 s or more.",
        "Voices of like pitch and colour are joined; one voice in two moods or rooms may be split.",
    ],
}
RAVDESS = {
    "corpus": "ravdess",
    "licence": "CC BY-NC-SA 4.0",
    "tier": "C",
    "commercial": False,
    "note": "Livingstone and Russo 2018, speech of actors 1 to 16",
}
NEMO_PART = {
    "corpus": "nemo",
    "licence": "CC BY-NC-SA 4.0",
    "tier": "C",
    "commercial": False,
    "note": "Christop 2024, Polish, six of nine speakers",
}
EMODB_PART = {
    "corpus": "emodb",
    "licence": "free for research, no licence file",
    "tier": "C",
    "commercial": False,
    "note": "Burkhardt et al. 2005, German, seven of ten speakers",
}


def write_card(
    folder: Path,
    head: Mapping[str, Any],
    options: Mapping[str, Any],
    rows: Sequence[Calibration | Score | Group] = (),
) -> None:
    """Write ``card.toml`` for the graphs that lie in the folder, and CARD.md after it.

    Args:
        folder: The model's folder.
        head: What the card says that is neither fitted nor measured, such as `VOICES`.
        options: What the perceiver needs; values that are tables become tables.
        rows: Calibration, scores and groups.
    """
    names = {Calibration: "calibration", Score: "scores", Group: "groups"}
    tables: list[tuple[str, Mapping[str, Any]]] = [
        ("files", file_row(path, licence=LICENCE, line="research")) for path in sorted(folder.glob("*.onnx"))
    ]
    tables += [("trained_on", row) for row in (RAVDESS, NEMO_PART, EMODB_PART)]
    tables += sorted(((names[type(row)], asdict(row)) for row in rows), key=lambda named: named[0])
    parts = [table(head), "[options]\n" + table({k: v for k, v in options.items() if not isinstance(v, Mapping)})]
    parts += [f"[options.{name}]\n{table(value)}" for name, value in options.items() if isinstance(value, Mapping)]
    parts += [f"[[{name}]]\n{table(row)}" for name, row in tables]
    (folder / "card.toml").write_text("\n".join(parts), encoding="utf-8")
    write_markdown(folder)


def write_golden(folder: Path, *, voices: str = VOICES["name"]) -> None:
    """Write ``golden.npz``: made sounds and what a model says of them; zeros where it hears no voice.

    Args:
        folder: The folder of the affect model.
        voices: Name or folder of the model that tells voices apart.
    """
    sounds = golden_sounds().astype(np.float16).astype(np.float32)
    perceiver = SpeechPerceiver(model=str(folder), voices=voices, threads=1)
    affects = perceiver.read([Sound(Audio(sound[None], 16000)) for sound in sounds])
    nothing = np.zeros(len(perceiver.taxonomy))
    said: dict[str, Any] = {
        f"output_{name}": np.array([_mean(affect, name) for affect in affects])
        for name in DIMENSIONS
        if any(affect is not None and getattr(affect, name) is not None for affect in affects)
    }
    probs = np.stack([nothing if a is None or a.categories is None else a.categories.probs for a in affects])
    np.savez_compressed(folder / "golden.npz", input_sounds=sounds.astype(np.float16), output_probs=probs, **said)


def _mean(affect: Affect | None, name: str) -> float:
    return 0.0 if affect is None else float(getattr(affect, name).mean)


def golden_sounds(rate: int = 16000, *, seconds: float = 1.6) -> Float[ndarray, "sounds time"]:
    """Five made voices, of a moving pitch and three moving resonances, in syllables; and noise."""
    rng = np.random.default_rng(7)
    time = np.arange(int(rate * seconds)) / rate
    sounds = [_voice(time, rate, 90.0 * 1.45**number, 2.5 + number, rng) for number in range(5)]
    return np.stack([*sounds, 0.05 * rng.normal(size=len(time))]).astype(np.float32)


def _voice(
    time: Float[ndarray, " time"], rate: int, pitch: float, beat: float, rng: np.random.Generator
) -> Float[ndarray, " time"]:
    """Add up the harmonics of a moving pitch, each as strong as three moving resonances make it."""
    moving = pitch * (1.0 + 0.15 * np.sin(2.0 * np.pi * 0.7 * time + rng.uniform(0, 6)))
    phase = 2.0 * np.pi * np.cumsum(moving) / rate
    centres = [base * (1.0 + 0.3 * np.sin(np.pi * beat * time + rng.uniform(0, 6))) for base in (550.0, 1500.0, 2600.0)]
    sound = np.zeros_like(time)
    for harmonic in range(1, int(5000 / pitch)):
        hertz = harmonic * moving
        gain = sum(np.exp(-0.5 * ((hertz - centre) / 120.0) ** 2) for centre in centres)
        sound += (gain + 0.02) / harmonic**0.5 * np.sin(harmonic * phase)
    syllables = np.clip(np.sin(2.0 * np.pi * beat * time) + 0.6, 0.0, 1.0)
    sound = sound * syllables + 0.002 * rng.normal(size=len(time))
    return np.asarray(0.3 * sound / np.abs(sound).max())
