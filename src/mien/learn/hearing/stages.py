"""The trainings of a line on an encoder's states: six folds of unseen speakers, and the shipped split."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped
from numpy import ndarray
from torch import Tensor

from mien.learn.hearing.encoder import Encoder, open_encoder
from mien.learn.hearing.fit import Mel
from mien.learn.hearing.material import BESIDE, MAIN, Chosen, Material
from mien.learn.hearing.nets import BaseNet, Statistics
from mien.learn.hearing.prune import prune
from mien.learn.hearing.states import open_states
from mien.learn.hearing.upper import line, said
from mien.metrics.categorical import uar
from mien.perceive.speech.batches import batches, stack
from mien.types.taxonomies import RAVDESS8

__all__ = ["SHIP", "Answers", "LineTrainer", "Soft", "folds_of", "heard_in", "lower_layers", "open_trainer"]

log = logging.getLogger(__name__)

SHIP = "ship"
PRUNING_CLIPS = 600

Answers = dict[str, Shaped[ndarray, "..."]]
Soft = Callable[[str], Float[ndarray, "clips labels"]]
"""For a fold, or `SHIP`, a teacher's logits of all clips of the main corpus."""


@dataclass(frozen=True, slots=True, eq=False)
class LineTrainer:
    """Fits a line on what an encoder makes of the main corpus.

    Args:
        main: The main corpus.
        encoder: The encoder, pruned.
        pooled: Statistics of the states, of each copy.
        n_copies: So many copies beside the clips as they are, drawn by the seed, are learnt from.
    """

    main: Material
    encoder: Encoder
    pooled: Sequence[Float[ndarray, "clips numbers"]]
    n_copies: int

    def answers(self, part: str, seed: int) -> Statistics:
        """Return the line that never heard the speakers of a fold, or, for `SHIP`, those of `val` and `test`."""
        heard, others = heard_in(self.main, part), len(self.pooled) - 1
        drawn = np.random.default_rng(seed).permutation(others)[: self.n_copies] + 1
        numbers = [self.pooled[number][heard] for number in (0, *sorted(drawn.tolist()))]
        return line(numbers, self.main.labels[heard])

    def fold(self, part: str, seed: int) -> Float[ndarray, "tested labels"]:
        """Return the logits of the clips of a fold."""
        return said(self.answers(part, seed), self.pooled[0][~heard_in(self.main, part)])

    def lesson(self, part: str, seed: int) -> Float[ndarray, "clips labels"]:
        """Return the logits of all clips by the line of a fold, for a smaller network to learn from."""
        return said(self.answers(part, seed), self.pooled[0])

    def whole(self, seed: int) -> BaseNet:
        """Return the network for the shipped split, from log-mel frames to answers."""
        return BaseNet(self.encoder, self.answers(SHIP, seed)).eval()


def open_trainer(corpora: Mapping[str, Material], options: Mapping[str, Any], out: Path) -> LineTrainer:
    """Return the trainer that a recipe's options describe; states that have no file yet are computed.

    Raises:
        InputError: The encoder's file is missing.
    """
    encoder, main = lower_layers(corpora, options, out), corpora[MAIN]
    found = open_states(encoder, main.copies, options["read"], out / "states" / MAIN)
    layers = [[copy.pooled() for copy in states] for states in found]
    pooled = [np.concatenate(tables, axis=1) for tables in zip(*layers, strict=True)]
    return LineTrainer(main, encoder, pooled, int(options["n_copies"]))


def lower_layers(corpora: Mapping[str, Material], options: Mapping[str, Any], out: Path) -> Encoder:
    """Return the encoder's lower layers, pruned on the corpora beside the main one, of which they hear nothing.

    Raises:
        InputError: The encoder's file is missing.
    """
    path = out / "encoder.pt"
    if not path.exists():
        out.mkdir(parents=True, exist_ok=True)
        copies = [copy for name in BESIDE for copy in corpora[name].copies]
        clips = [(copy, row) for copy in copies for row in range(len(copy))]
        drawn = np.random.default_rng(0).choice(len(clips), min(len(clips), PRUNING_CLIPS), replace=False)
        encoder = open_encoder(Path(options["encoder"]), int(options["layers"]))
        pieces = _pieces([clips[place][0][clips[place][1]] for place in drawn.tolist()])
        torch.save(prune(encoder, pieces, int(options["inner"])).eval(), path)
    found: Encoder = torch.load(path, weights_only=False)
    return found


def heard_in(main: Material, part: str) -> Chosen:
    """Mark the clips that a training may hear: all but those of the fold's speakers, or those of `train`."""
    if part == SHIP:
        return np.asarray(main.facts["split"] == "train")
    return np.asarray(main.facts["fold_emobox"] != part.removeprefix("fold-"))


def folds_of(main: Material, answer: Callable[[str], Float[ndarray, "tested labels"]]) -> Answers:
    """Return labels, logits and facts of every clip, each answered once, by who never heard its speaker.

    Nothing is chosen within a fold, so no speaker needs to be held out for it.
    """
    logits = np.zeros((len(main.labels), len(RAVDESS8)), dtype=np.float32)
    for name in sorted(set(main.facts["fold_emobox"].tolist())):
        tested = main.facts["fold_emobox"] == name
        logits[tested] = answer(f"fold-{name}")
        log.info("fold %s: uar %.4f", name, _recall(main.labels[tested], logits[tested]))
    facts = {key: main.facts[key] for key in ("speaker", "sex", "intensity", "text", "fold_emobox", "clip_id")}
    return {"labels": main.labels, "logits": logits, **facts}


def _pieces(mels: Sequence[Mel]) -> list[tuple[Float[Tensor, "batch frames bands"], Bool[Tensor, "batch frames"]]]:
    """Return clips in batches."""
    pieces = []
    for rows in batches([len(mel) for mel in mels]):
        frames, kept = stack([np.asarray(mels[row], dtype=np.float32) for row in rows])
        pieces.append((torch.from_numpy(frames), torch.from_numpy(kept)))
    return pieces


def _recall(labels: Int[ndarray, " clips"], logits: Float[ndarray, "clips labels"]) -> float:
    return float(uar(labels, logits.argmax(axis=1)))
