"""The recipe of `speech-affect` from corpora to the shipped folder; each stage goes on where it broke off."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Shaped
from numpy import ndarray

from mien.errors import OptionError
from mien.learn.recipe import Recipe
from mien.learn.speech.affect import OPTIONS, Corpora, across, folds, ship
from mien.learn.speech.export import write_affect
from mien.learn.speech.material import BESIDE, MAIN, open_material
from mien.learn.speech.measure import calibration, cross_scores, groups, hear, scores, temperature
from mien.learn.speech.net import Mixture
from mien.learn.speech.publish import AFFECT, write_card, write_golden
from mien.metrics.bootstrap import interval
from mien.metrics.categorical import accuracy, uar
from mien.runtime import find_asset

__all__ = ["publish", "run"]

STAGES = ("ship", "folds", "across")
VOICES = "speech-voices"
FOLDS, ACROSS = "ravdess-folds.json", "across.json"

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


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Make the model; the folds and the corpora left out give figures only.

    Raises:
        OptionError: An option or stage is unknown.
        InputError: A corpus or the teacher's file is missing.
    """
    options = recipe.option(OPTIONS)
    for stage in options["stages"]:
        if stage not in STAGES:
            raise OptionError(f"recipe {recipe.name} has no stage {stage!r}; known: {', '.join(STAGES)}")
    torch.set_num_threads(int(options["threads"]))
    corpora = {name: open_material(name, options, out, seed=seed) for name in (MAIN, *BESIDE)}
    if "folds" in options["stages"]:
        write_folds(corpora, options, out)
    if "across" in options["stages"]:
        write_across(corpora, options, out, seed)
    if "ship" in options["stages"]:
        publish(ship(corpora, options, out, seed), out / "asset", out=out, seed=seed)


def write_folds(corpora: Corpora, options: Mapping[str, Any], out: Path) -> None:
    """Run the six folds with each seed, and write the answers and their scores."""
    start, answers = time.monotonic(), []
    for seed in options["fold_seeds"]:
        answers.append(folds(corpora, options, out, seed))
        np.savez(out / f"folds-{seed}.npz", allow_pickle=False, **answers[-1])
    row = _row("speech/ravdess-folds", answers, options["fold_seeds"], time.monotonic() - start)
    _write(out / FOLDS, [row])


def write_across(corpora: Corpora, options: Mapping[str, Any], out: Path, seed: int) -> None:
    """Test on each corpus beside the main one without having heard it, and write the scores."""
    start = time.monotonic()
    found = across(corpora, options, out, seed)
    seconds = time.monotonic() - start
    for name, answers in found.items():
        np.savez(out / f"across-{name}-{seed}.npz", allow_pickle=False, **answers)
    _write(out / ACROSS, [_row(f"speech/across-{name}", [found[name]], [seed], seconds) for name in found])


def publish(net: Mixture, folder: Path, *, out: Path, seed: int) -> None:
    """Write the shipped folder: graph, card with what the perceiver itself scores, golden answers."""
    write_affect(net, folder / "affect.onnx")
    voices = find_asset(VOICES).folder
    write_card(folder, AFFECT, dict(PERCEIVER) | {"temperature": 1.0})
    before = hear("val", folder=folder, voices=voices)
    options = dict(PERCEIVER) | {"temperature": round(temperature(before), 4)}
    write_card(folder, AFFECT, options)
    rows: list[Any] = [calibration(before, hear("val", folder=folder, voices=voices), options["temperature"])]
    rows += scores(hear("test", folder=folder, voices=voices), seed)
    rows += [row for name in (FOLDS, ACROSS) if (out / name).exists() for row in cross_scores(out / name)]
    answered = out / f"folds-{seed}.npz"
    if answered.exists():
        with np.load(answered) as answers:
            rows += groups(answers["logits"].argmax(axis=1), answers["labels"], answers["sex"])
    write_card(folder, AFFECT, options, rows)
    write_golden(folder, voices=str(voices))


def _row(
    task: str, runs: Sequence[Mapping[str, Shaped[ndarray, "..."]]], seeds: Sequence[int], seconds: float
) -> dict[str, Any]:
    """The committed form of scores: the mean over the seeds; whole speakers are drawn for the intervals."""
    measured = {}
    for name, metric in (("uar", uar), ("accuracy", accuracy)):
        values = [
            interval(metric, run["labels"], run["logits"].argmax(axis=1), groups=run["speaker"], n=300) for run in runs
        ]
        measured[name] = {
            key: round(float(np.mean([getattr(value, key) for value in values])), 4) for key in ("value", "low", "high")
        }
    return {
        "task": task,
        "model": AFFECT["name"],
        "n": len(runs[0]["labels"]),
        "seconds": round(seconds, 1),
        "metrics": measured,
        "version": AFFECT["version"],
        "seeds": list(seeds),
        "command": "python -m mien.learn recipes/speech-affect",
    }


def _write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    path.write_text(json.dumps(list(rows), indent=2) + "\n", encoding="utf-8")
