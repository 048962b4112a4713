"""Training on the states of frozen lower layers: first a line through their statistics, then the layer below it, too.

References:
    Kumar et al. (2022), Fine-tuning can distort pretrained features and underperform out-of-distribution, ICLR (the
    line comes first).
    Hinton, Vinyals and Dean (2015), Distilling the knowledge in a neural network, arXiv 1503.02531.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional

from mien.learn.hearing.nets import Statistics
from mien.learn.hearing.states import States
from mien.learn.speech.teacher import probe
from mien.types.taxonomies import RAVDESS8

__all__ = ["Lesson", "Tuning", "Upper", "begin", "said", "tune"]

log = logging.getLogger(__name__)

NEIGHBOURS = 8
"""So many batches are drawn together and sorted by length, which leaves little padding."""
AT_ONCE = 64


class Upper(nn.Module):
    """The upper layers of a network and its answers.

    Args:
        blocks: Layers that read the states of the frozen ones.
        answers: What answers.
    """

    def __init__(self, blocks: Sequence[nn.Module], answers: Statistics) -> None:
        super().__init__()
        self.blocks, self.answers = nn.ModuleList(blocks), answers

    def forward(
        self, states: Float[Tensor, "batch time width"], kept: Bool[Tensor, "batch time"]
    ) -> Float[Tensor, "batch labels"]:
        """Return logits."""
        for block in self.blocks:
            states = block(states, kept)
        logits: Tensor = self.answers(states, kept)
        return logits


@dataclass(frozen=True, slots=True)
class Tuning:
    """How to train.

    Args:
        epochs: Passes; in each, one copy of every clip.
        rate: Highest step size of the line.
        block_rate: Highest step size of the layers.
        batch: Clips at once.
        plain: How often the clip as it is is heard instead of any copy.
        crop: The shortest part of a clip that stands for it.
        smoothing: Share of the label that is spread over all.
        penalty: Weight of the squares of the line's weights.
        soft: Weight of a teacher's answers.
        heat: What their logits are divided by.
    """

    epochs: int = 8
    rate: float = 3e-4
    block_rate: float = 3e-4
    batch: int = 32
    plain: float = 0.25
    crop: float = 0.8
    smoothing: float = 0.1
    penalty: float = 0.03
    soft: float = 1.0
    heat: float = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What is learnt from.

    Args:
        copies: States of each copy of all clips.
        labels: Places in ``RAVDESS8``.
        rows: The clips that are learnt from.
        soft: A teacher's logits of all clips, if one has spoken.
    """

    copies: Sequence[States]
    labels: Int[ndarray, " clips"]
    rows: Int[ndarray, " chosen"]
    soft: Float[ndarray, "clips labels"] | None = None


def begin(
    pooled: Sequence[Float[ndarray, "clips twice_width"]],
    labels: Int[ndarray, " clips"],
    rows: Int[ndarray, " chosen"],
    *,
    penalty: float,
) -> Statistics:
    """Return the line that a softmax regression finds on the statistics of all copies of the chosen clips."""
    numbers = np.concatenate([table[rows] for table in pooled])
    centre, spread = numbers.mean(axis=0), numbers.std(axis=0) + 1e-3
    weights = probe((numbers - centre) / spread, np.tile(labels[rows], len(pooled)), len(RAVDESS8), decay=penalty)
    found = Statistics(torch.from_numpy(centre), torch.from_numpy(spread))
    found.head.weight.data = torch.from_numpy(weights[:-1].T.copy())
    found.head.bias.data = torch.from_numpy(weights[-1].copy())
    return found


def tune(net: Upper, lesson: Lesson, plan: Tuning, *, seed: int) -> Upper:
    """Train all of a network; returns the same object."""
    torch.manual_seed(seed)
    rng, start = np.random.default_rng(seed), time.monotonic()
    optimiser = torch.optim.AdamW(
        [
            {"params": net.blocks.parameters(), "lr": plan.block_rate},
            {"params": net.answers.head.parameters(), "lr": plan.rate},
        ],
        weight_decay=0.01,
    )
    steps = plan.epochs * -(-len(lesson.rows) // plan.batch)
    rates = [plan.block_rate, plan.rate]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps + 1, pct_start=0.15)
    counts = np.bincount(lesson.labels[lesson.rows], minlength=len(RAVDESS8))
    shares = torch.tensor(len(lesson.rows) / counts / len(RAVDESS8)).float()
    for epoch in range(plan.epochs):
        net.train()
        losses = []
        for states, rows in _drawn(lesson, plan, rng):
            loss = _loss(net, states, (lesson, rows), shares, plan)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        log.info("pass %d of %d: loss %.3f, %.0f s", epoch + 1, plan.epochs, np.mean(losses), time.monotonic() - start)
    return net.eval()


def said(net: Upper, copy: States, rows: Int[ndarray, " chosen"]) -> Float[ndarray, "chosen labels"]:
    """Return the logits of some clips."""
    found = []
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(rows), AT_ONCE):
            states, kept = _padded([copy[row] for row in rows[start : start + AT_ONCE]])
            found.append(net.eval()(states, kept).float().numpy())
    return np.concatenate(found)


def _drawn(
    lesson: Lesson, plan: Tuning, rng: np.random.Generator
) -> Iterator[tuple[list[ndarray], Int[ndarray, " batch"]]]:
    order = rng.permutation(lesson.rows)
    many = NEIGHBOURS * plan.batch
    for start in range(0, len(order), many):
        rows = order[start : start + many]
        parts = [_part(lesson, row, plan, rng) for row in rows]
        places = np.argsort([len(part) for part in parts], kind="stable")
        for first in range(0, len(rows), plan.batch):
            chosen = places[first : first + plan.batch]
            yield [parts[place] for place in chosen], rows[chosen]


def _part(lesson: Lesson, row: int, plan: Tuning, rng: np.random.Generator) -> ndarray:
    number = 0 if rng.random() < plan.plain else int(rng.integers(len(lesson.copies)))
    states = lesson.copies[number][row]
    n = int(np.ceil(len(states) * rng.uniform(plan.crop, 1.0)))
    start = int(rng.integers(0, len(states) - n + 1))
    return states[start : start + n]


def _loss(
    net: Upper,
    states: Sequence[ndarray],
    taught: tuple[Lesson, Int[ndarray, " batch"]],
    shares: Float[Tensor, " labels"],
    plan: Tuning,
) -> Float[Tensor, ""]:
    lesson, rows = taught
    with torch.autocast("cpu", torch.bfloat16):
        logits = net(*_padded(states)).float()
    labels = torch.from_numpy(lesson.labels[rows])
    loss = functional.cross_entropy(logits, labels, weight=shares, label_smoothing=plan.smoothing)
    loss = loss + plan.penalty * net.answers.head.weight.square().sum()
    if lesson.soft is None:
        return loss
    aim = torch.softmax(torch.from_numpy(lesson.soft[rows]).float() / plan.heat, dim=1)
    answer = functional.log_softmax(logits / plan.heat, dim=1)
    return loss + plan.soft * plan.heat**2 * functional.kl_div(answer, aim, reduction="batchmean")


def _padded(parts: Sequence[ndarray]) -> tuple[Float[Tensor, "batch time width"], Bool[Tensor, "batch time"]]:
    longest = max(len(part) for part in parts)
    states = torch.zeros(len(parts), longest, parts[0].shape[1])
    kept = torch.zeros(len(parts), longest, dtype=torch.bool)
    for row, part in enumerate(parts):
        states[row, : len(part)] = torch.from_numpy(part.astype(np.float32))
        kept[row, : len(part)] = True
    return states, kept
