"""What listeners voted of acted recordings, guessed without the recording: of CREMA-D, votes are at hand, and no sound.

Each clip has votes of three groups of raters: some heard the voice alone, some saw the face, some both. The votes of
the first group are predicted from what the clip was meant to be, who acted it, and the votes of the others.

References:
    Cao et al. (2014), CREMA-D: Crowd-sourced Emotional Multimodal Actors Dataset, IEEE Transactions on Affective
    Computing 5(4), 377-390. Data: Open Database License 1.0.
    Chou (2025), Revisiting Modeling and Evaluation Approaches in Speech Emotion Recognition: Considering Subjectivity
    of Annotators and Ambiguity of Emotions (the rules by which votes become labels, and the penalty).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped
from numpy import ndarray
from torch import Tensor

from mien.datasets.corpus import corpus_folder, read_table
from mien.errors import OptionError
from mien.learn.tables.losses import penalty, soft_cross_entropy
from mien.learn.tables.net import Plan, fit, predict

__all__ = ["FEWEST", "LABELS", "Clips", "VoteOptions", "guess", "held", "read_votes", "together", "unlikely_pairs"]

CORPUS = "speech/cremad_votes"
LABELS = ("anger", "disgust", "fear", "happiness", "neutral", "sadness")
LETTERS, INTENDED = "ADFHNS", ("ANG", "DIS", "FEA", "HAP", "NEU", "SAD")
LEVELS = ("LO", "MD", "HI", "XX")
PARTS = {"train": range(46), "validation": range(46, 68), "test": range(68, 91)}
"""Places of the actors of each part, in an order of chance; no actor is in two."""
FEWEST = 0.05
"""Two labels are an unlikely pair where fewer than this share of the rarer one's clips have both."""
TARGETS = ("soft", "plurality", "majority")


@dataclass(frozen=True, slots=True)
class VoteOptions:
    """What is learnt from.

    Args:
        targets: ``soft`` for the shares of the votes (all clips), ``plurality`` for the label with most votes (ties are
            left out), ``majority`` for the label with more than half of them (other clips are left out).
        penalty: Weight of what is said of labels that are seldom voted for together.
        design_only: Hide the votes of the other raters.
        epochs: Passes over the clips.
    """

    targets: str = "soft"
    penalty: float = 0.0
    design_only: bool = False
    epochs: int = 20


@dataclass(frozen=True, slots=True)
class Clips:
    """Clips of some actors.

    Args:
        design: Intended emotion, level, age, sex and sentence.
        others: Shares of the votes of those who saw the face, and of those who saw and heard.
        shares: Of the votes of those who heard the voice alone.
        intended: Places in ``LABELS``.
        actor: One name a clip.
    """

    design: Float[ndarray, "clips columns"]
    others: Float[ndarray, "clips twelve"]
    shares: Float[ndarray, "clips labels"]
    intended: Int[ndarray, " clips"]
    actor: Shaped[ndarray, " clips"]

    def inputs(self, *, design_only: bool = False) -> Float[ndarray, "clips all_columns"]:
        """Return what the network sees."""
        return self.design if design_only else np.hstack([self.design, self.others])


def read_votes(parts: Sequence[str], root: Path | None = None) -> Clips:
    """Read the clips of the actors of some parts.

    Args:
        parts: Of ``train``, ``validation`` and ``test``.
        root: Folder that holds the corpus; by default ``$MIEN_DATA``.

    Raises:
        OptionError: A part is unknown.
        InputError: The table is missing or broken.
    """
    for part in parts:
        if part not in PARTS:
            raise OptionError(f"the part {part!r} was asked for; allowed: {', '.join(PARTS)}")
    table = read_table(corpus_folder(CORPUS, root) / "cremad_votes.parquet")
    actors = np.array(sorted({row["actor"] for row in table}))
    actors = actors[np.random.default_rng(0).permutation(len(actors))]
    kept = {actors[place] for part in parts for place in PARTS[part] if place < len(actors)}
    by_name: dict[str, dict[str, Any]] = {}
    for row in table:
        if row["actor"] in kept:
            by_name.setdefault(row["fileName"], {})[row["modality"]] = row
    sentences = sorted({row["sentence"] for row in table})
    return _clips([by_name[name] for name in sorted(by_name)], sentences)


def held(shares: Float[ndarray, "clips labels"]) -> Bool[ndarray, "clips labels"]:
    """Return which labels hold by the all-inclusive rule: those with more than an equal share of the votes."""
    return np.asarray(shares > 1 / shares.shape[1] + 1e-6)


def together(shares: Float[ndarray, "clips labels"]) -> Float[ndarray, "labels labels"]:
    """Return in what share of the clips of the rarer of two labels both hold; 1 on the diagonal."""
    holds = held(shares).astype(np.float64)
    both = holds.T @ holds
    return np.asarray(both / np.maximum(np.minimum.outer(np.diag(both), np.diag(both)), 1))


def unlikely_pairs(shares: Float[ndarray, "clips labels"]) -> Bool[ndarray, "labels labels"]:
    """Return which pairs of labels hardly ever hold together."""
    return np.asarray(together(shares) < FEWEST)


def guess(learnt: Clips, asked: Clips, options: VoteOptions, *, seed: int) -> Float[ndarray, "clips labels"]:
    """Learn from some actors' clips and return the shares of the votes that others' are thought to get.

    Raises:
        OptionError: The targets have no rule of that name.
    """
    targets = _targets(learnt.shares, options.targets)
    kept = targets.sum(axis=1) > 0
    seldom = torch.from_numpy((1 - together(learnt.shares)).astype(np.float32))

    def loss(logits: Tensor, shares: Tensor) -> Tensor:
        value = soft_cross_entropy(logits, shares)
        return value + options.penalty * penalty(logits, shares, seldom) if options.penalty else value

    inputs = learnt.inputs(design_only=options.design_only)[kept]
    net = fit(inputs, targets[kept], loss, Plan(epochs=options.epochs), seed=seed)
    logits = predict(net, asked.inputs(design_only=options.design_only)).astype(np.float64)
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def _targets(shares: Float[ndarray, "clips labels"], rule: str) -> Float[ndarray, "clips labels"]:
    """Return what a clip should give; zeros where the rule leaves it out."""
    if rule not in TARGETS:
        raise OptionError(f"no rule of targets is called {rule!r}; known: {', '.join(TARGETS)}")
    if rule == "soft":
        return shares
    most = shares.max(axis=1, keepdims=True)
    found = shares > 0.5 if rule == "majority" else (shares == most)
    return np.asarray(found * (found.sum(axis=1, keepdims=True) == 1), dtype=np.float32)


def _clips(rows: Sequence[Mapping[str, Mapping[str, Any]]], sentences: Sequence[str]) -> Clips:
    voices = [row["voice"] for row in rows]
    columns = [
        _one_hot([voice["intended"] for voice in voices], INTENDED),
        _one_hot([voice["level"] for voice in voices], LEVELS),
        _one_hot([voice["sentence"] for voice in voices], sentences),
        np.array([[voice["Age"] / 10, voice["Sex"] == "Female"] for voice in voices], dtype=np.float32),
    ]
    return Clips(
        np.hstack(columns),
        np.hstack([_shares([row[kind] for row in rows]) for kind in ("face", "audiovisual")]),
        _shares(voices),
        columns[0].argmax(axis=1),
        np.array([voice["actor"] for voice in voices]),
    )


def _one_hot(words: Sequence[str], known: Sequence[str]) -> Float[ndarray, "rows words"]:
    return np.array([[word == one for one in known] for word in words], dtype=np.float32)


def _shares(rows: Sequence[Mapping[str, Any]]) -> Float[ndarray, "rows labels"]:
    counts = np.array([[row[letter] for letter in LETTERS] for row in rows], dtype=np.float32)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))
