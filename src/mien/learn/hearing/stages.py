"""The trainings of an encoder's upper part: six folds of unseen speakers, and the shipped split."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped
from numpy import ndarray
from torch import Tensor

from mien.learn.hearing.distil import Imitation, imitate
from mien.learn.hearing.encoder import Encoder, open_encoder
from mien.learn.hearing.fit import Mel
from mien.learn.hearing.material import BESIDE, MAIN, Chosen, Material
from mien.learn.hearing.nets import BaseNet
from mien.learn.hearing.prune import prune
from mien.learn.hearing.spoil import Spoil
from mien.learn.hearing.states import States, open_states
from mien.learn.hearing.upper import Lesson, Tuning, Upper, begin, said, tune
from mien.metrics.categorical import uar
from mien.perceive.speech.batches import batches, stack
from mien.types.taxonomies import RAVDESS8

__all__ = ["SHIP", "Answers", "UpperTrainer", "folds_of", "lower_layers", "open_trainer"]

log = logging.getLogger(__name__)

SHIP = "ship"
PRUNING_CLIPS = 400

Answers = dict[str, Shaped[ndarray, "..."]]
Soft = Callable[[str], Float[ndarray, "clips labels"]]


@dataclass(frozen=True, slots=True)
class UpperTrainer:
    """Trains the uppermost of an encoder's layers; every training that is done is kept in a file.

    Args:
        main: The main corpus.
        encoder: The encoder, pruned.
        lower: States before its last layer, of each copy.
        pooled: Statistics of the states after its last layer, of each copy.
        plan: How to train.
        out: Folder of the files.
        soft: For a fold, or `SHIP`, a teacher's logits of all clips.
    """

    main: Material
    encoder: Encoder
    lower: Sequence[States]
    pooled: Sequence[Float[ndarray, "clips twice_width"]]
    plan: Tuning
    out: Path
    soft: Soft | None = None

    def net(self, part: str, seed: int) -> Upper:
        """Return the upper part that never heard the speakers of a fold, or, for `SHIP`, those of `val` and `test`."""
        path = self.out / f"{part}-{seed}.pt"
        if not path.exists():
            log.info("training %s, seed %d", part, seed)
            torch.save(self._trained(part, seed), path)
        net: Upper = torch.load(path, weights_only=False)
        return net

    def fold(self, part: str, seed: int) -> Float[ndarray, "tested labels"]:
        """Return the logits of the clips of a fold."""
        return said(self.net(part, seed), self.lower[0], np.flatnonzero(~heard_in(self.main, part)))

    def teach(self, part: str, seeds: Sequence[int]) -> Float[ndarray, "clips labels"]:
        """Return the mean logits of all clips by the networks of a fold, for a smaller one to learn from."""
        every = np.arange(len(self.main.labels))
        return np.asarray(np.mean([said(self.net(part, seed), self.lower[0], every) for seed in seeds], axis=0))

    def whole(self, seed: int) -> BaseNet:
        """Return the network for the shipped split, from log-mel frames to answers."""
        upper, encoder = self.net(SHIP, seed), deepcopy(self.encoder)
        encoder.blocks[-1] = upper.blocks[0]
        return BaseNet(encoder, upper.answers).eval()

    def _trained(self, part: str, seed: int) -> Upper:
        rows = np.flatnonzero(heard_in(self.main, part))
        answers = begin(self.pooled, self.main.labels, rows, penalty=self.plan.penalty)
        soft = None if self.soft is None else self.soft(part)
        lesson = Lesson(self.lower, self.main.labels, rows, soft)
        return tune(Upper([deepcopy(self.encoder.blocks[-1])], answers), lesson, self.plan, seed=seed)


def open_trainer(
    corpora: Mapping[str, Material], options: Mapping[str, Any], out: Path, soft: Soft | None = None
) -> UpperTrainer:
    """Return the trainer that a recipe's options describe; states that have no file yet are computed.

    Raises:
        InputError: The encoder's file is missing.
    """
    encoder = lower_layers(corpora, options, out)
    n, main = int(options["layers"]), corpora[MAIN]
    lower, upper = open_states(encoder, main.copies, (n - 1, n), out / "states" / MAIN)
    plan = Tuning(**{item.name: options[item.name] for item in fields(Tuning) if item.name in options})
    return UpperTrainer(main, encoder, lower, [states.pooled() for states in upper], plan, out, soft)


def lower_layers(corpora: Mapping[str, Material], options: Mapping[str, Any], out: Path) -> Encoder:
    """Return the encoder's lower layers, pruned and taught what one more layer says, on the corpora beside alone.

    The main corpus is not heard in this, so that all folds can share it; nor is any label.

    Raises:
        InputError: The encoder's file is missing.
    """
    path, n = out / "encoder.pt", int(options["layers"])
    if not path.exists():
        encoder = open_encoder(Path(options["encoder"]), n)
        clips = [
            [copy[row] for copy in corpora[name].copies] for name in BESIDE for row in range(len(corpora[name].labels))
        ]
        encoder = prune(encoder, _pieces([copies[0] for copies in clips]), int(options["inner"]))
        if options["imitation"]:
            teacher = open_encoder(Path(options["encoder"]), n + 1).eval()
            plan, spoil = Imitation(**options["imitation"]), Spoil(**options["spoil"])
            encoder = imitate(encoder, teacher, clips, plan, spoil, kept_in=out / "imitation.pt")
        torch.save(encoder.eval(), path)
    found: Encoder = torch.load(path, weights_only=False)
    return found


def _pieces(mels: Sequence[Mel]) -> list[tuple[Float[Tensor, "batch frames bands"], Bool[Tensor, "batch frames"]]]:
    """Return some clips in batches."""
    drawn = [mels[row] for row in np.random.default_rng(0).choice(len(mels), min(len(mels), PRUNING_CLIPS), False)]
    pieces = []
    for rows in batches([len(mel) for mel in drawn]):
        frames, kept = stack([np.asarray(drawn[row], dtype=np.float32) for row in rows])
        pieces.append((torch.from_numpy(frames), torch.from_numpy(kept)))
    return pieces


def heard_in(main: Material, part: str) -> Chosen:
    """Mark the clips that a training may hear: all but those of the fold's speakers, or those of `train`."""
    if part == SHIP:
        return np.asarray(main.facts["split"] == "train")
    return np.asarray(main.facts["fold_emobox"] != part.removeprefix("fold-"))


def folds_of(main: Material, answer: Callable[[str], Float[ndarray, "tested labels"]]) -> Answers:
    """Return labels, logits and facts of every clip, each answered once, by who never heard its speaker.

    Nothing is chosen within a fold: the number of passes is fixed, so no speaker needs to be held out for it.
    """
    logits = np.zeros((len(main.labels), len(RAVDESS8)), dtype=np.float32)
    for name in sorted(set(main.facts["fold_emobox"].tolist())):
        tested = main.facts["fold_emobox"] == name
        logits[tested] = answer(f"fold-{name}")
        log.info("fold %s: uar %.4f", name, _recall(main.labels[tested], logits[tested]))
    facts = {key: main.facts[key] for key in ("speaker", "sex", "intensity", "text", "fold_emobox", "clip_id")}
    return {"labels": main.labels, "logits": logits, **facts}


def _recall(labels: Int[ndarray, " clips"], logits: Float[ndarray, "clips labels"]) -> float:
    return float(uar(labels, logits.argmax(axis=1)))
