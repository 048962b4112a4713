"""A small net over the vectors of a turn and of the turns before it, which in training are sometimes not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from jaxtyping import Float32
from onnx import TensorProto
from torch import Tensor, nn

from mien.learn.heads.turns import DEPTH, Heard
from mien.learn.text.graph import GraphWriter
from mien.perceive.text.turns import MARKS, mark
from mien.types.taxonomies import EKMAN7

__all__ = ["HearingNet", "Rows", "fit", "rows_of", "write_hearing"]


class Training(Protocol):
    """Numbers of the training.

    Args:
        inner: Width of the hidden layer.
        dropout: Rate of the dropout before each layer.
        epochs: Passes over the turns.
        batch: Turns a step.
        rate: Of AdamW at the start; it falls in a straight line to zero.
        decay: Of the weights.
        forget: How often a turn is learnt without those before it.
        nameless: How often a turn is learnt without knowing who spoke before.
    """

    @property
    def inner(self) -> int: ...
    @property
    def dropout(self) -> float: ...
    @property
    def epochs(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def rate(self) -> float: ...
    @property
    def decay(self) -> float: ...
    @property
    def forget(self) -> float: ...
    @property
    def nameless(self) -> float: ...


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Turns by the places of their texts in a table of vectors.

    Args:
        own: Place of each turn, shape ``(n,)``.
        before: Places of the turns before it, the nearest first, shape ``(n, DEPTH)``; -1, the row of zeros, for none.
        marks: Who spoke before, shape ``(n, DEPTH, 2)``.
        allowed: Which labels may be true, shape ``(n, labels)``.
        weights: How much each turn counts.
    """

    own: Tensor
    before: Tensor
    marks: Tensor
    allowed: Tensor
    weights: Tensor

    def alone(self) -> Rows:
        """Return the same turns without those before them."""
        nothing = torch.full_like(self.before, -1)
        return Rows(self.own, nothing, torch.zeros_like(self.marks), self.allowed, self.weights)

    def features(self, table: Tensor, chosen: Tensor) -> Tensor:
        """Return what the net sees of some turns, shape ``(n, width + DEPTH * (width + 2))``."""
        before = torch.cat([table[self.before[chosen]], self.marks[chosen]], dim=2)
        return torch.cat([table[self.own[chosen]], before.flatten(1)], dim=1)


class HearingNet(nn.Module):
    """One hidden layer over all that is seen.

    Args:
        width: Of the trunk's vectors.
        inner: Of the hidden layer.
        dropout: Rate of the dropout before each layer.
    """

    def __init__(self, width: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.inner = nn.Linear(width + DEPTH * (width + MARKS), inner)
        self.out = nn.Linear(inner, len(EKMAN7))

    def forward(self, seen: Tensor) -> Tensor:
        """Return logits [batch, labels]."""
        logits: Tensor = self.out(self.drop(nn.functional.gelu(self.inner(self.drop(seen)))))
        return logits

    @torch.no_grad()
    def logits(self, table: Tensor, rows: Rows) -> np.ndarray:
        """Return the logits of turns, shape ``(n, labels)``."""
        places = torch.arange(len(rows.own)).split(4096)
        found: np.ndarray = np.concatenate([self(rows.features(table, part)).numpy() for part in places])
        return found


def rows_of(turns: Sequence[Heard], places: Mapping[str, int], weights: np.ndarray) -> Rows:
    """Return turns by the places of their texts."""
    before = np.full((len(turns), DEPTH), -1)
    marks = np.zeros((len(turns), DEPTH, MARKS), dtype=np.float32)
    for row, cells, turn in zip(before, marks, turns, strict=True):
        for number, (text, same) in enumerate(turn.before[:DEPTH]):
            row[number], cells[number] = places[text], mark(same)
    own = torch.tensor([places[turn.text] for turn in turns])
    allowed = torch.from_numpy(np.stack([turn.allowed for turn in turns]))
    return Rows(own, torch.from_numpy(before), torch.from_numpy(marks), allowed, torch.from_numpy(weights).float())


def fit(table: Float32[np.ndarray, "texts width"], rows: Rows, training: Training, seed: int) -> HearingNet:
    """Return a net that learnt from turns; the last row of `table` must be zeros, for where there is no turn."""
    torch.manual_seed(seed)
    net, vectors = HearingNet(table.shape[1], training.inner, training.dropout), torch.from_numpy(table)
    optimizer = torch.optim.AdamW(net.parameters(), lr=training.rate, weight_decay=training.decay)
    n_steps = training.epochs * -(-len(rows.own) // training.batch)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / n_steps)
    net.train()
    for _ in range(training.epochs):
        heard = _forgotten(rows, training)
        for chosen in torch.randperm(len(rows.own)).split(training.batch):
            loss = allowed_loss(net(heard.features(vectors, chosen)), rows.allowed[chosen], rows.weights[chosen])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            falling.step()
    return net.eval()


def _forgotten(rows: Rows, training: Training) -> Rows:
    """Return the turns, some without those before them, and some without who spoke."""
    alone = torch.rand(len(rows.own)) < training.forget
    nameless = alone | (torch.rand(len(rows.own)) < training.nameless)
    before = rows.before.masked_fill(alone[:, None], -1)
    return Rows(rows.own, before, rows.marks.masked_fill(nameless[:, None, None], 0), rows.allowed, rows.weights)


def allowed_loss(logits: Tensor, allowed: Tensor, weights: Tensor) -> Tensor:
    """Return the mean negative log-likelihood that the label is among those that may be true.

    Args:
        logits: Shape ``(n, labels)``.
        allowed: Which labels may be true, shape ``(n, labels)``.
        weights: How much each row counts, shape ``(n,)``.

    References:
        Jin and Ghahramani (2002). Learning with multiple labels. NeurIPS.
    """
    possible = logits.masked_fill(~allowed, float("-inf"))
    losses = torch.logsumexp(logits, dim=1) - torch.logsumexp(possible, dim=1)
    return (losses * weights).sum() / weights.sum()


def write_hearing(net: HearingNet, path: Path) -> None:
    """Write ``sentence`` [batch, width of all that is seen] to ``logits`` [batch, labels]."""
    writer = GraphWriter()
    inner = writer.add("Gelu", writer.linear("sentence", net.inner, small=True))
    writer.add("Identity", writer.linear(inner, net.out, small=True), output="logits")
    inputs: dict[str, tuple[int, list[str | int]]] = {"sentence": (TensorProto.FLOAT, ["batch", net.inner.in_features])}
    writer.write(path, inputs, {"logits": ["batch", len(EKMAN7)]})
