"""The recipes of the speech models, from corpora to the shipped folder; each training goes on where it broke off."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from numpy import ndarray

from mien.datasets.ravdess import load
from mien.errors import OptionError
from mien.learn.card import About, publish_card
from mien.learn.hearing.across import write_across
from mien.learn.hearing.cards import BASE, PERCEIVER, TINY
from mien.learn.hearing.export import write_graphs
from mien.learn.hearing.material import BESIDE, MAIN, Material, open_material
from mien.learn.hearing.nets import BaseNet, TinyNet
from mien.learn.hearing.report import result, write_results
from mien.learn.hearing.stages import SHIP, folds_of, open_trainer
from mien.learn.hearing.teaching import kept_lessons, lesson_path
from mien.learn.hearing.tiny import TinyTrainer
from mien.learn.recipe import Recipe
from mien.learn.speech.measure import calibration, cross_scores, fusing_scores, groups, hear, scores, temperature
from mien.learn.speech.partials import clips_of, fit_heard, listen
from mien.learn.speech.publish import write_golden
from mien.perceive.speech import SpeechPerceiver
from mien.runtime import find_asset

__all__ = ["run_base", "run_teacher", "run_tiny"]

STAGES = ("folds", "ship")
BASE_STAGES = ("folds", "across", "ship")
VOICES = "speech-voices"
FOLDS, ACROSS = "ravdess-folds.json", "across.json"
UPPER: Mapping[str, Any] = {
    "encoder": "build/speech-base/whisper-base.bin",
    "material": "build/speech-base",
    "layers": 2,
    "inner": 896,
    "read": [2],
    "n_copies": 5,
    "copies": {name: ["plain"] for name in (MAIN, *BESIDE)},
    "fold_seeds": [0, 1, 2],
    "stages": ["folds"],
    "threads": 1,
}
TINIEST: Mapping[str, Any] = {
    "encoder": "build/speech-base/whisper-base.bin",
    "material": "build/speech-base",
    "copies": {name: ["plain"] for name in (MAIN, *BESIDE)},
    "spoil": {},
    "beside": {},
    "main": {},
    "dropout": 0.15,
    "teacher": "build/speech-teacher",
    "fold_seeds": [0, 1, 2],
    "stages": ["folds", "ship"],
    "threads": 1,
}


def run_teacher(recipe: Recipe, out: Path, seed: int) -> None:
    """Fit the teacher, and leave what it says of all clips, for each fold and the shipped split.

    Raises:
        OptionError: An option or stage is unknown.
        InputError: A corpus or the encoder's file is missing.
    """
    options, corpora = _opened(recipe, UPPER, ("folds",))
    trainer = open_trainer(corpora, options, out)
    if "folds" in options["stages"]:
        _fold(out, recipe.name, trainer.main, trainer.fold, options["fold_seeds"])
    for part in (SHIP, *(f"fold-{name}" for name in sorted(set(trainer.main.facts["fold_emobox"].tolist())))):
        np.save(lesson_path(out, part), trainer.lesson(part, seed))


def run_base(recipe: Recipe, out: Path, seed: int) -> None:
    """Make `speech-base`; the folds and the corpora left out give figures only.

    Raises:
        OptionError: An option or stage is unknown.
        InputError: A corpus or the encoder's file is missing.
    """
    options, corpora = _opened(recipe, UPPER, BASE_STAGES)
    trainer = open_trainer(corpora, options, out)
    if "folds" in options["stages"]:
        _fold(out, recipe.name, trainer.main, trainer.fold, options["fold_seeds"])
    if "across" in options["stages"]:
        write_across(corpora, trainer, options, out / ACROSS, recipe.name)
    if "ship" in options["stages"]:
        publish(trainer.whole(seed), BASE, out, seed)


def run_tiny(recipe: Recipe, out: Path, seed: int) -> None:
    """Make `speech-tiny`.

    Raises:
        OptionError: An option or stage is unknown.
        InputError: A corpus, the encoder's file or the teachers are missing.
    """
    options, corpora = _opened(recipe, TINIEST, STAGES)
    trainer = TinyTrainer(corpora, options, out, kept_lessons(Path(options["teacher"]), corpora[MAIN]))
    if "folds" in options["stages"]:
        _fold(out, recipe.name, corpora[MAIN], trainer.fold, options["fold_seeds"])
    if "ship" in options["stages"]:
        publish(trainer.net(SHIP, seed), TINY, out, seed)


def publish(net: BaseNet | TinyNet, about: About, out: Path, seed: int) -> None:
    """Write the shipped folder: graphs, card with what the perceiver itself scores, golden answers."""
    folder, voices = out / "asset", find_asset(VOICES).folder
    folder.mkdir(parents=True, exist_ok=True)
    write_graphs(net, folder)
    publish_card(folder, about, {"temperature": 1.0, **PERCEIVER})
    before = hear("val", folder=folder, voices=voices)
    options = {"temperature": round(temperature(before), 4), **PERCEIVER}
    publish_card(folder, about, options)
    rows = [calibration(before, after := hear("val", folder=folder, voices=voices), options["temperature"])]
    perceiver = SpeechPerceiver(model=str(folder), voices=str(voices), threads=1)
    sure = fit_heard(listen(perceiver, clips_of(load("val"))))
    options, rows = {**options, **sure.options}, [*rows, *sure.rows]
    publish_card(folder, about, options)
    measured = [*scores(hear("test", folder=folder, voices=voices), seed), *fusing_scores(after, seed)]
    measured += [row for name in (FOLDS, ACROSS) if (out / name).exists() for row in cross_scores(out / name)]
    people = _groups(out / f"folds-{seed}.npz")
    publish_card(folder, about, options, calibration=rows, scores=measured, groups=people)
    write_golden(folder, voices=str(voices))


def _opened(
    recipe: Recipe, known: Mapping[str, Any], stages: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Material]]:
    options = recipe.option(known)
    for stage in options["stages"]:
        if stage not in stages:
            raise OptionError(f"recipe {recipe.name} has no stage {stage!r}; known: {', '.join(stages)}")
    torch.set_num_threads(int(options["threads"]))
    return options, {name: open_material(name, options) for name in (MAIN, *BESIDE)}


def _fold(
    out: Path,
    model: str,
    main: Material,
    fold: Callable[[str, int], Float[ndarray, "tested labels"]],
    seeds: Sequence[int],
) -> None:
    """Run the six folds with each seed; write the answers, and their scores."""
    start, runs = time.monotonic(), []
    for seed in seeds:
        runs.append(folds_of(main, _of(fold, seed)))
        np.savez(out / f"folds-{seed}.npz", allow_pickle=False, **runs[-1])
    row = result("speech/ravdess-folds", model, runs, seeds=seeds, seconds=time.monotonic() - start)
    write_results(out / FOLDS, [row])


def _of(
    fold: Callable[[str, int], Float[ndarray, "tested labels"]], seed: int
) -> Callable[[str], Float[ndarray, "tested labels"]]:
    return lambda part: fold(part, seed)


def _groups(path: Path) -> list[Any]:
    if not path.exists():
        return []
    with np.load(path) as answers:
        return list(groups(answers["logits"].argmax(axis=1), answers["labels"], answers["sex"]))
