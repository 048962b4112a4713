"""Fine-tuning an encoder, or its upper blocks alone, on a user's labels, with heads of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mien.learn.own.fitting import Linear
from mien.learn.own.table import Labels
from mien.learn.text.batches import Rows, collate
from mien.learn.text.batches import plan as batches_of
from mien.learn.text.net import Encoder
from mien.learn.text.steps import Plan, Steps
from mien.learn.text.upper import UpperBlocks
from mien.metrics.categorical import macro_f1
from mien.metrics.dimensional import pearson

__all__ = ["Plan", "Tuned", "tune"]


@dataclass(frozen=True, slots=True, eq=False)
class Tuned:
    """What was fine-tuned, with its heads.

    Args:
        trunk: The encoder, or upper blocks.
        classes: The head for labels, if there are any.
        ratings: The head for ratings, if there are any.
        logits: Of the rows that were left out, shape ``(left, labels)``.
        means: Of the rows that were left out, shape ``(left, dimensions)``.
    """

    trunk: Encoder | UpperBlocks
    classes: Linear | None
    ratings: Linear | None
    logits: np.ndarray
    means: np.ndarray


class Net(nn.Module):
    """An encoder or upper blocks with one linear layer for all outputs: the labels first, then the dimensions."""

    def __init__(self, trunk: Encoder | UpperBlocks, n_labels: int, n_dimensions: int, dropout: float) -> None:
        super().__init__()
        self.trunk, self.n_labels = trunk, n_labels
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(trunk.shape.width, n_labels + n_dimensions)

    def forward(self, inputs: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits [batch, labels] and means [batch, dimensions] from ids or states."""
        outputs = self.out(self.drop(self.trunk(inputs, mask))).float()
        return outputs[:, : self.n_labels], outputs[:, self.n_labels :]


def tune(  # noqa: PLR0913 - what a training consists of
    trunk: Encoder | UpperBlocks,
    rows: Rows,
    labels: Labels,
    left: np.ndarray,
    *,
    plan: Plan,
    seed: int,
    kept: Path | None,
    say: Callable[[str], None],
) -> Tuned:
    """Train on the rows that are not left out; keep the epoch that does best on those that are.

    Args:
        trunk: Where training begins; it is changed.
        rows: The token ids of every text, or, for upper blocks, the states below them.
        labels: What they are labelled with.
        left: Rows that are left out.
        plan: Numbers of the training.
        seed: Of the order, the dropout and the new layer.
        kept: File that holds what was reached after each epoch; a training that finds it goes on from there. Without
            one, nothing is kept.
        say: Called with a sentence after each epoch.
    """
    torch.manual_seed(seed)
    net = Net(trunk, len(labels.classes), len(labels.dimensions), plan.dropout)
    run = _Run(net, rows, labels, left, plan, seed)
    if kept is not None and kept.exists():
        run.resume(kept)
    while run.epoch < plan.epochs:
        loss = run.train_epoch()
        score = run.judge()
        if kept is not None:
            run.save(kept)
        say(f"epoch {run.epoch} of {plan.epochs}: loss {loss:.3f}, on rows that were left out {score:.3f}")
    return run.best()


class _Run:
    """The state of one fine-tuning."""

    def __init__(self, net: Net, rows: Rows, labels: Labels, left: np.ndarray, plan: Plan, seed: int) -> None:
        self._net, self._rows, self._labels, self._left, self._plan, self._seed = net, rows, labels, left, plan, seed
        self._train = np.setdiff1d(np.arange(len(rows)), left)
        # A small table makes small batches, so that there are steps enough to learn in.
        self._batch = min(plan.batch, max(4, len(self._train) // 20))
        self._steps = Steps(net, plan, math.ceil(len(self._train) / self._batch) * plan.epochs)
        self._kept, self._reached = deepcopy(net.state_dict()), -math.inf
        self.epoch = 0

    def resume(self, path: Path) -> None:
        """Go on from the file of an earlier run of the same training."""
        stored = torch.load(path, weights_only=True)
        self._net.load_state_dict(stored["net"])
        self._steps.load_state_dict(stored["steps"])
        self._kept, self._reached, self.epoch = stored["kept"], stored["reached"], stored["epoch"]
        torch.set_rng_state(stored["random"])

    def save(self, path: Path) -> None:
        """Keep everything that going on needs."""
        state = {
            "net": self._net.state_dict(),
            "steps": self._steps.state_dict(),
            "kept": self._kept,
            "reached": self._reached,
            "epoch": self.epoch,
            "random": torch.get_rng_state(),
        }
        temporary = path.with_suffix(".tmp")
        torch.save(state, temporary)
        temporary.replace(path)

    def train_epoch(self) -> float:
        """Train on every row once; return the mean loss."""
        self._net.train()
        part = Rows(tuple(self._rows.ids[row] for row in self._train), self._rows.truth[self._train])
        losses = []
        for batch in batches_of(part, self._batch, np.random.default_rng([self._seed, self.epoch])):
            inputs, mask, truth = collate(part, batch)
            with self._steps.half():
                logits, means = self._net(inputs, mask)
            losses.append(self._steps.take(self._loss(logits, means, truth)))
        self.epoch += 1
        return float(np.mean(losses))

    def judge(self) -> float:
        """Return how well the rows are read that were left out, and keep the weights if never better."""
        logits, means = self._answers()
        scores = []
        if self._labels.classes:
            scores.append(macro_f1(self._labels.codes[self._left], logits.argmax(axis=1)))
        truth = self._labels.ratings[self._left]
        scores += [pearson(truth[:, place], means[:, place]) for place in range(truth.shape[1])]
        score = float(np.mean(scores))
        if score > self._reached:
            self._kept, self._reached = deepcopy(self._net.state_dict()), score
        return score

    def best(self) -> Tuned:
        """Return the best weights, with what they say of the rows that were left out."""
        self._net.load_state_dict(self._kept)
        logits, means = self._answers()
        weight = self._net.out.weight.detach().double().numpy().T
        bias = self._net.out.bias.detach().double().numpy()
        count = self._net.n_labels
        return Tuned(
            self._net.trunk.eval(),
            Linear(weight[:, :count], bias[:count]) if count else None,
            Linear(weight[:, count:], bias[count:]) if count < len(bias) else None,
            logits,
            means,
        )

    @torch.no_grad()
    def _answers(self) -> tuple[np.ndarray, np.ndarray]:
        self._net.eval()
        order = sorted(self._left, key=lambda row: len(self._rows.ids[row]))
        found = {}
        for start in range(0, len(order), self._plan.batch):
            chosen = np.array(order[start : start + self._plan.batch])
            inputs, mask, _ = collate(self._rows, chosen)
            logits, means = (part.double().numpy() for part in self._net(inputs, mask))
            found.update({row: (logits[place], means[place]) for place, row in enumerate(chosen)})
        return np.stack([found[row][0] for row in self._left]), np.stack([found[row][1] for row in self._left])

    def _loss(self, logits: Tensor, means: Tensor, truth: Tensor) -> Tensor:
        loss = torch.zeros(())
        if self._net.n_labels:
            loss = loss + nn.functional.cross_entropy(logits, truth[:, 0].long())
        if means.shape[1]:
            target = truth[:, -means.shape[1] :]
            loss = loss + ((means - target) ** 2 / self._spread()).mean()
        return loss

    def _spread(self) -> Tensor:
        """Return the variance of each dimension, so that labels and ratings count alike."""
        return torch.from_numpy(self._labels.ratings[self._train].var(axis=0)).float().clamp_min(1e-4)
