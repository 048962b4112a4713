"""The recipe of `speech-affect`: eight emotions of acted speech from log-mel frames.

Stages, each with its own file in the output folder so that a broken run goes on: caches, teacher states, training on
the corpora beside the main one, six folds (the protocol figure), the shipped split, export.
"""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped
from numpy import ndarray

from mien.learn.speech import cache
from mien.learn.speech.cache import Clips
from mien.learn.speech.net import AffectNet, Trunk
from mien.learn.speech.teacher import Whitening, soft_labels
from mien.learn.speech.training import Plan, Targets, predict, recall, train
from mien.types.taxonomies import RAVDESS8

__all__ = ["OPTIONS", "Material", "folds", "pretrain", "ship"]

log = logging.getLogger(__name__)

OPTIONS: Mapping[str, Any] = {
    "speeds": [1.0, 0.9, 1.1],
    "width": 128,
    "teacher_numbers": 128,
    "first_epochs": 8,
    "fold_epochs": 8,
    "teacher": "",
    "stages": ["first", "folds", "ship"],
}
HEADS = {"nemo": 6, "emodb": 7, "ravdess": 8}
MAIN = "ravdess"


@dataclass(frozen=True, slots=True)
class Material:
    """Clips of every corpus with the teacher's states, row by row."""

    clips: Mapping[str, Clips]
    states: Mapping[str, Float[ndarray, "clips wide"]]
    whitening: Whitening

    @classmethod
    def open(cls, folder: Path, n_kept: int) -> "Material":
        """Read the caches and fit the whitening on the corpora beside the main one."""
        clips = {name: cache.load(folder / f"{name}.npz") for name in HEADS}
        states = {name: np.load(folder / f"teacher-{name}.npy").astype(np.float32) for name in HEADS}
        others = np.concatenate([states[name] for name in HEADS if name != MAIN])
        return cls(clips, states, Whitening.fit(others, n_kept))

    def labels(self, name: str) -> Int[ndarray, " clips"]:
        """Labels of a corpus as numbers; the main one in the order of its taxonomy."""
        emotions = self.clips[name].facts["emotion"]
        order = RAVDESS8.labels if name == MAIN else tuple(sorted(set(emotions.tolist())))
        return np.array([order.index(emotion) for emotion in emotions.tolist()])

    def targets(self, name: str, chosen: Int[ndarray, " chosen"], *, soft: bool = False) -> Targets:
        """What the chosen clips should give; soft labels come from probes that saw only the other chosen speakers."""
        labels = self.labels(name)[chosen]
        states = self.states[name][chosen]
        guesses = None
        if soft:
            speakers = self.clips[name].facts["speaker"][chosen]
            guesses = soft_labels(states, labels, speakers, n_labels=HEADS[name])
        return Targets(name, labels, self.whitening(states), guesses)


def pretrain(material: Material, options: Mapping[str, Any], out: Path, seed: int) -> dict[str, Any]:
    """Train on the corpora beside the main one; the main one is not touched."""
    path = out / f"first-{seed}.pt"
    if not path.exists():
        torch.manual_seed(seed)
        net = _net(options)
        corpora = []
        for name in HEADS:
            if name != MAIN:
                chosen = np.arange(len(material.clips[name]))
                corpora.append((material.clips[name], chosen, material.targets(name, chosen)))
        plan = Plan(epochs=options["first_epochs"], rate=3e-3)
        torch.save(train(net, corpora, plan, seed=seed).state_dict(), path)
    return torch.load(path)


def folds(material: Material, options: Mapping[str, Any], out: Path, seed: int) -> dict[str, Shaped[ndarray, "..."]]:
    """Six folds of unseen speakers; returns labels, logits, fold, speaker and sex of every clip, each tested once."""
    clips, labels = material.clips[MAIN], material.labels(MAIN)
    fold = clips.facts["fold_emobox"]
    plain = clips.facts["speed"] == "1.0"
    logits = np.zeros((len(clips), len(RAVDESS8.labels)), dtype=np.float32)
    for name in sorted(set(fold.tolist())):
        path = out / f"fold-{name}-{seed}.npy"
        tested = clips.where((fold == name) & plain)
        if not path.exists():
            inside = fold != name
            held = _held_out(clips, inside)
            start = time.monotonic()
            net = _tune(material, options, (clips.where(inside & ~held), clips.where(held & plain)), (out, seed))
            np.save(path, predict(net, clips, tested, MAIN))
            log.info("fold %s seconds %.0f", name, time.monotonic() - start)
        logits[tested] = np.load(path)
        log.info("fold %s uar %.4f", name, recall(labels[tested], logits[tested]))
    facts = {key: clips.facts[key][plain] for key in ("speaker", "sex", "fold_emobox", "clip_id")}
    return {"labels": labels[plain], "logits": logits[plain], **facts}


def ship(material: Material, options: Mapping[str, Any], out: Path, seed: int) -> AffectNet:
    """Train on the `train` speakers, choose on those of `val`; `test` stays unseen."""
    clips = material.clips[MAIN]
    split, plain = clips.facts["split"], clips.facts["speed"] == "1.0"
    path = out / f"ship-{seed}.pt"
    if not path.exists():
        chosen = (clips.where(split == "train"), clips.where((split == "val") & plain))
        torch.save(_tune(material, options, chosen, (out, seed)).state_dict(), path)
    net = _net(options)
    net.load_state_dict(torch.load(path))
    return net.eval()


def _tune(
    material: Material,
    options: Mapping[str, Any],
    chosen: tuple[Int[ndarray, " train"], Int[ndarray, " held"]],
    run: tuple[Path, int],
) -> AffectNet:
    out, seed = run
    clips, labels = material.clips[MAIN], material.labels(MAIN)
    net = _net(options)
    net.load_state_dict(pretrain(material, options, out, seed))
    corpora = [(clips, chosen[0], material.targets(MAIN, chosen[0], soft=True))]

    def score(average: AffectNet) -> float:
        return recall(labels[chosen[1]], predict(average, clips, chosen[1], MAIN))

    return train(net, corpora, Plan(epochs=options["fold_epochs"]), seed=seed, score=score)


def _held_out(clips: Clips, inside: Shaped[ndarray, " clips"]) -> Shaped[ndarray, " clips"]:
    """Marks two women and two men among the speakers inside, to choose on."""
    speaker, sex = clips.facts["speaker"], clips.facts["sex"]
    held = [sorted(set(speaker[inside & (sex == name)].tolist()))[-2:] for name in ("female", "male")]
    return np.isin(speaker, held[0] + held[1])


def _net(options: Mapping[str, Any]) -> AffectNet:
    return AffectNet(Trunk(width=options["width"]), HEADS, n_teacher=options["teacher_numbers"])


def save_folds(path: Path, answers: Mapping[str, Shaped[ndarray, "..."]]) -> None:
    """Write the answers of the folds; they hold no sound."""
    np.savez(path, allow_pickle=False, **answers)
    path.with_suffix(".json").write_text(json.dumps({"uar": recall(answers["labels"], answers["logits"])}))
