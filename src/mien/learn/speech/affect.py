"""The trainings of `speech-affect`: six folds of unseen speakers (the protocol figure), and the shipped split."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped
from numpy import ndarray

from mien.learn.speech import cache
from mien.learn.speech.augment import copies
from mien.learn.speech.cache import Clips
from mien.learn.speech.net import AffectNet
from mien.learn.speech.teacher import Whitening, soft_labels
from mien.learn.speech.training import Plan, Targets, answer, recall, train
from mien.perceive.speech.traits import traits
from mien.types.taxonomies import RAVDESS8

__all__ = ["CORPUS", "OPTIONS", "Material", "folds", "measure_copies", "ship"]

log = logging.getLogger(__name__)

CORPUS = "ravdess"
PLAN = {item.name: item.default for item in fields(Plan)} | {"members": 4, "epochs": 10}
OPTIONS: Mapping[str, Any] = PLAN | {
    "speeds": [1.0, 0.9, 1.1],
    "copies": 2,
    "teacher": "build/speech-affect/whisper-base.bin",
    "teacher_layer": 3,
    "teacher_numbers": 64,
    "stages": ["ship", "folds"],
    "threads": 1,
}


@dataclass(frozen=True, slots=True)
class Material:
    """The clips' traits, each with its disturbed copies, and the teacher's states.

    Attributes:
        traits: The clip as it is first, then its copies.
        states: The teacher's pooled states.
        facts: Columns of the corpus.
    """

    traits: Float[ndarray, "clips copies traits"]
    states: Float[ndarray, "clips wide"]
    facts: Mapping[str, Shaped[ndarray, " clips"]]

    @property
    def labels(self) -> Int[ndarray, " clips"]:
        """Places of the emotions in their taxonomy."""
        return np.array([RAVDESS8.index(emotion) for emotion in self.facts["emotion"].tolist()])

    @property
    def plain(self) -> Bool[ndarray, " clips"]:
        """Marks the clips at the speed of the recording."""
        return self.facts["speed"] == "1.0"

    def targets(self, chosen: Bool[ndarray, " clips"], n_kept: int) -> Targets:
        """What the chosen clips and their copies should give; nothing here has seen the other clips."""
        states, labels = self.states[chosen], self.labels[chosen]
        soft = soft_labels(states, labels, self.facts["speaker"][chosen], n_labels=len(RAVDESS8))
        numbers = Whitening.fit(states, n_kept)(states)
        n = self.traits.shape[1]
        return Targets(*(np.repeat(table, n, axis=0) for table in (labels, soft, numbers)))


def measure_copies(clips: Clips, n: int, path: Path, *, seed: int) -> Float[ndarray, "clips copies traits"]:
    """Traits of all clips and `n` disturbed copies of each, kept in a file."""
    if not path.exists():
        rng = np.random.default_rng(seed)
        rows = [[traits(*copy) for copy in copies(clips[index], n, rng)] for index in range(len(clips))]
        np.save(path, np.array(rows, dtype=np.float32))
    return np.asarray(np.load(path))


def open_material(out: Path, options: Mapping[str, Any], *, seed: int) -> Material:
    """Read the caches of a folder."""
    clips = cache.load(out / "frames" / f"{CORPUS}.npz")
    measured = measure_copies(clips, int(options["copies"]), out / f"traits-{CORPUS}.npy", seed=seed)
    states = np.load(out / "frames" / f"teacher-{CORPUS}.npy").astype(np.float32)
    return Material(measured, states, clips.facts)


def folds(material: Material, options: Mapping[str, Any], out: Path, seed: int) -> dict[str, Shaped[ndarray, "..."]]:
    """Six folds of unseen speakers; returns labels, logits, fold, speaker and sex of every clip, each tested once.

    Nothing is chosen within a fold: the number of passes is fixed, so no speaker needs to be held out for it.
    """
    labels, plain, fold = material.labels, material.plain, material.facts["fold_emobox"]
    logits = np.zeros((len(labels), len(RAVDESS8)), dtype=np.float32)
    for name in sorted(set(fold.tolist())):
        path = out / f"fold-{name}-{seed}.npy"
        tested = (fold == name) & plain
        if not path.exists():
            net = _train(material, fold != name, options, seed)
            np.save(path, answer(net, material.traits[tested, 0]))
        logits[tested] = np.load(path)
        log.info("seed %d fold %s uar %.4f", seed, name, recall(labels[tested], logits[tested]))
    facts = {key: material.facts[key][plain] for key in ("speaker", "sex", "fold_emobox", "clip_id")}
    return {"labels": labels[plain], "logits": logits[plain], **facts}


def ship(material: Material, options: Mapping[str, Any], out: Path, seed: int) -> AffectNet:
    """Train on the `train` speakers; those of `val` tell how well, those of `test` stay unseen."""
    path = out / f"ship-{seed}.pt"
    if not path.exists():
        torch.save(_train(material, material.facts["split"] == "train", options, seed), path)
    net: AffectNet = torch.load(path, weights_only=False)
    held = (material.facts["split"] == "val") & material.plain
    log.info("validation uar %.4f", recall(material.labels[held], answer(net, material.traits[held, 0])))
    return net


def _train(material: Material, chosen: Bool[ndarray, " clips"], options: Mapping[str, Any], seed: int) -> AffectNet:
    chosen_options: dict[str, Any] = {name: options[name] for name in PLAN}
    plan = Plan(**chosen_options | {"sizes": tuple(options["sizes"])})
    targets = material.targets(chosen, int(options["teacher_numbers"]))
    return train(material.traits[chosen].reshape(len(targets.labels), -1), targets, plan, seed=seed)
