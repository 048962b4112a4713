"""The recipe of `speech-affect` from corpora to the shipped folder; each stage goes on where it broke off."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Shaped
from numpy import ndarray

from mien.datasets.corpus import corpus_folder
from mien.errors import OptionError
from mien.learn.recipe import Recipe
from mien.learn.speech import cache
from mien.learn.speech.affect import CORPUS, OPTIONS, Material, folds, open_material, ship
from mien.learn.speech.encoder import read_weights, teach
from mien.learn.speech.export import write_affect
from mien.learn.speech.measure import calibration, groups, hear, scores, temperature
from mien.learn.speech.net import AffectNet
from mien.learn.speech.publish import AFFECT, golden_sounds, write_card
from mien.metrics.bootstrap import interval
from mien.metrics.categorical import accuracy, uar
from mien.perceive.speech import SpeechPerceiver
from mien.runtime import find_asset
from mien.types import Audio, Sound

__all__ = ["publish", "run"]

STAGES = ("ship", "folds")
VOICES = "speech-voices"


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Make the model.

    Raises:
        OptionError: An option or stage is unknown.
        InputError: A corpus or the teacher's file is missing.
    """
    options = recipe.option(OPTIONS)
    for stage in options["stages"]:
        if stage not in STAGES:
            raise OptionError(f"recipe {recipe.name} has no stage {stage!r}; known: {', '.join(STAGES)}")
    torch.set_num_threads(int(options["threads"]))
    material = _material(options, out, seed)
    if "folds" in options["stages"]:
        write_folds(material, options, out, seed)
    if "ship" in options["stages"]:
        publish(ship(material, options, out, seed), out / "asset", out=out, seed=seed)


def write_folds(material: Material, options: Mapping[str, Any], out: Path, seed: int) -> None:
    """Run the six folds and write their answers and `ravdess-folds.json`."""
    start = time.monotonic()
    answers = folds(material, options, out, seed)
    np.savez(out / f"folds-{seed}.npz", allow_pickle=False, **answers)
    row = fold_row(answers, seed, time.monotonic() - start)
    (out / "ravdess-folds.json").write_text(json.dumps([row], indent=2) + "\n", encoding="utf-8")


def fold_row(answers: Mapping[str, Shaped[ndarray, "..."]], seed: int, seconds: float) -> dict[str, Any]:
    """The committed form of the folds' scores; whole speakers are drawn for the intervals."""
    labels, guesses = answers["labels"], answers["logits"].argmax(axis=1)
    measured = {
        name: interval(metric, labels, guesses, groups=answers["speaker"])
        for name, metric in (("uar", uar), ("accuracy", accuracy))
    }
    return {
        "task": "speech/ravdess-folds",
        "model": AFFECT["name"],
        "n": len(labels),
        "seconds": round(seconds, 1),
        "metrics": {
            name: {key: round(float(getattr(m, key)), 4) for key in ("value", "low", "high")}
            for name, m in measured.items()
        },
        "version": AFFECT["version"],
        "seeds": [seed],
        "command": "python -m mien.learn recipes/speech-affect",
    }


def publish(net: AffectNet, folder: Path, *, out: Path, seed: int) -> None:
    """Write the shipped folder: graph, card with what the perceiver itself scores, golden answers."""
    write_affect(net, folder / "affect.onnx")
    voices = find_asset(VOICES).folder
    options = dict(PERCEIVER)
    write_card(folder, AFFECT, options | {"temperature": 1.0})
    before = hear("val", folder=folder, voices=voices)
    warmth = round(temperature(before), 4)
    write_card(folder, AFFECT, options | {"temperature": warmth})
    rows: list[Any] = [calibration(before, hear("val", folder=folder, voices=voices), warmth)]
    rows += scores(hear("test", folder=folder, voices=voices), seed)
    answered = out / f"folds-{seed}.npz"
    if answered.exists():
        with np.load(answered) as answers:
            rows += groups(answers["logits"].argmax(axis=1), answers["labels"], answers["sex"])
    write_card(folder, AFFECT, options | {"temperature": warmth}, rows)
    write_golden(folder, voices)


def write_golden(folder: Path, voices: Path) -> None:
    """Write ``golden.npz``: made sounds and what the perceiver says of them; zeros where it hears no voice."""
    sounds = golden_sounds().astype(np.float16).astype(np.float32)
    perceiver = SpeechPerceiver(model=str(folder), voices=str(voices), threads=1)
    affects = perceiver.read([Sound(Audio(sound[None], 16000)) for sound in sounds])
    nothing = np.zeros(len(perceiver.taxonomy))
    probs = np.stack([nothing if a is None or a.categories is None else a.categories.probs for a in affects])
    np.savez_compressed(folder / "golden.npz", input_sounds=sounds.astype(np.float16), output_probs=probs)


PERCEIVER: Mapping[str, Any] = {
    "activity": {
        "periodicity": 0.5,
        "breadth": 12,
        "above": 6.0,
        "least_level": -62.0,
        "memory": 4.0,
        "motion": 0.1,
    },
    "segments": {
        "pause": 0.4,
        "margin": 0.15,
        "longest": 6.0,
        "least_voiced": 0.12,
        "every": 0.8,
        "dense": 6,
    },
}
"""Options of the card that were set by hand on made signals and on the training speakers."""


def _material(options: Mapping[str, Any], out: Path, seed: int) -> Material:
    folder = out / "frames"
    clips = cache.load(cache.build(corpus_folder(f"speech/{CORPUS}"), CORPUS, folder, speeds=tuple(options["speeds"])))
    path = folder / f"teacher-{CORPUS}.npy"
    if not path.exists():
        np.save(path, teach(read_weights(Path(options["teacher"])), clips, int(options["teacher_layer"])))
    return open_material(out, options, seed=seed)
