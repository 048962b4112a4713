"""The trainings of `speech-affect`: the shipped split, six folds of unseen speakers, and corpora left out."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped
from numpy import ndarray

from mien.learn.speech.material import BESIDE, MAIN, Material, Part, collect
from mien.learn.speech.net import AffectNet, Mixture
from mien.learn.speech.training import Plan, answer, recall, train
from mien.types.taxonomies import RAVDESS8

__all__ = ["OPTIONS", "Corpora", "across", "folds", "ship"]

log = logging.getLogger(__name__)

PLAN = {item.name: item.default for item in fields(Plan)} | {"members": 4, "epochs": 10}
OPTIONS: Mapping[str, Any] = PLAN | {
    "speeds": [1.0, 0.9, 1.1],
    "copies": {MAIN: 2, "nemo": 0, "emodb": 1},
    "teacher": "build/speech-affect/whisper-base.bin",
    "teacher_layer": 3,
    "teacher_numbers": 64,
    "fold_seeds": [0, 1, 2],
    "stages": ["ship", "folds", "across"],
    "threads": 1,
}
NEUTRAL, CALM = RAVDESS8.index("neutral"), RAVDESS8.index("calm")

Corpora = Mapping[str, Material]
Answers = dict[str, Shaped[ndarray, "..."]]


def ship(corpora: Corpora, options: Mapping[str, Any], out: Path, seed: int) -> Mixture:
    """Train on the `train` speakers; `val` tells how well, `test` stays unseen."""
    main = corpora[MAIN]
    parts = _parts(corpora, main.facts["split"] == "train", BESIDE)
    net = Mixture([_kept(out / f"ship-{seed}-{name}.pt", parts[name], options, seed) for name in parts])
    held = (main.facts["split"] == "val") & main.plain
    log.info("validation uar %.4f", recall(main.labels[held], answer(net, main.traits[held, 0])))
    return net


def folds(corpora: Corpora, options: Mapping[str, Any], out: Path, seed: int) -> Answers:
    """Six folds of unseen speakers; returns labels, logits, fold, speaker and sex of every clip, each tested once.

    Nothing is chosen within a fold: the number of passes is fixed, so no speaker needs to be held out for it.
    """
    main = corpora[MAIN]
    fold, plain = main.facts["fold_emobox"], main.plain
    logits = np.zeros((len(fold), len(RAVDESS8)), dtype=np.float32)
    for name in sorted(set(fold.tolist())):
        tested = (fold == name) & plain
        for group, parts in _parts(corpora, fold != name, BESIDE).items():
            path = out / f"fold-{name}-{seed}-{group}.npy"
            if not path.exists():
                np.save(path, answer(_train(parts, options, seed), main.traits[tested, 0]))
            logits[tested] += 0.5 * np.load(path)
        log.info("seed %d fold %s uar %.4f", seed, name, recall(main.labels[tested], logits[tested]))
    facts = {key: main.facts[key][plain] for key in ("speaker", "sex", "fold_emobox", "clip_id")}
    return {"labels": main.labels[plain], "logits": logits[plain], **facts}


def across(corpora: Corpora, options: Mapping[str, Any], out: Path, seed: int) -> dict[str, Answers]:
    """Each corpus beside the main one, tested by a network that never heard it; calm counts as neutral."""
    chosen, found = corpora[MAIN].facts["split"] == "train", {}
    for name in BESIDE:
        tested = corpora[name]
        parts = _parts(corpora, chosen, [other for other in BESIDE if other != name])
        files = {"all": out / f"across-{name}-{seed}.pt", "main": out / f"ship-{seed}-main.pt"}
        net = Mixture([_kept(files[group], parts[group], options, seed) for group in parts])
        labels, logits = _shared(tested.labels, answer(net, tested.traits[:, 0]))
        log.info("seed %d across %s uar %.4f", seed, name, recall(labels, logits))
        facts = {key: tested.facts[key] for key in ("speaker", "clip_id")}
        found[name] = {"labels": labels, "logits": logits, **facts}
    return found


def _shared(
    labels: Int[ndarray, " clips"], logits: Float[ndarray, "clips labels"]
) -> tuple[Int[ndarray, " clips"], Float[ndarray, "clips labels"]]:
    """Logits over the labels that the corpus has: calm added to neutral, the others out of the question."""
    logits = logits.copy()
    logits[:, NEUTRAL] = np.logaddexp(logits[:, NEUTRAL], logits[:, CALM])
    absent = [label for label in range(len(RAVDESS8)) if label not in labels]
    logits[:, absent] = -1e9
    return labels, logits


def _parts(corpora: Corpora, chosen: Bool[ndarray, " clips"], beside: Sequence[str]) -> dict[str, list[Part]]:
    """What the two halves of the members learn from: all corpora, which travels better, and the main one alone."""
    main: Part = (corpora[MAIN], chosen)
    return {"all": [main, *((corpora[name], corpora[name].all) for name in beside)], "main": [main]}


def _kept(path: Path, parts: Sequence[Part], options: Mapping[str, Any], seed: int) -> AffectNet:
    if not path.exists():
        torch.save(_train(parts, options, seed), path)
    net: AffectNet = torch.load(path, weights_only=False)
    return net


def _train(parts: Sequence[Part], options: Mapping[str, Any], seed: int) -> AffectNet:
    chosen: dict[str, Any] = {name: options[name] for name in PLAN}
    plan = Plan(**chosen | {"sizes": tuple(options["sizes"])})
    rows, targets = collect(parts, int(options["teacher_numbers"]))
    return train(rows, targets, plan, seed=seed)
