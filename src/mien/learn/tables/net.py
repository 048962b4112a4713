"""A few small perceptrons over standardised columns, averaged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import torch
from jaxtyping import Float
from numpy import ndarray
from torch import Tensor, nn

from mien.errors import OptionError

__all__ = ["Net", "Plan", "chosen", "fit", "predict"]

EDGE = 5.0
"""Deviations from the mean beyond which a column is cut off."""

Options = TypeVar("Options")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    Args:
        members: Perceptrons, each with its own order and start.
        inner: Width of both hidden layers.
        dropout: Of both.
        epochs: Passes over the rows.
        batch: Rows a step.
        rate: Of AdamW, at its highest.
        decay: Of the weights.
    """

    members: int = 1
    inner: int = 64
    dropout: float = 0.2
    epochs: int = 20
    batch: int = 128
    rate: float = 2e-3
    decay: float = 0.01


class Net(nn.Module):
    """Columns as they are to numbers: standardised, cut off, and answered by the mean of the members."""

    centre: Tensor
    scale: Tensor

    def __init__(self, inputs: Float[ndarray, "rows columns"], n_outputs: int, plan: Plan) -> None:
        super().__init__()
        spread = inputs.std(axis=0)
        self.register_buffer("centre", torch.from_numpy(inputs.mean(axis=0)))
        self.register_buffer("scale", torch.from_numpy(1 / np.where(spread > 1e-6, spread, 1).astype(np.float32)))
        self.members = nn.ModuleList([_member(inputs.shape[1], n_outputs, plan) for _ in range(plan.members)])

    def standard(self, inputs: Float[Tensor, "rows columns"]) -> Float[Tensor, "rows columns"]:
        """Return the columns around 0 with a spread of 1."""
        return ((inputs - self.centre) * self.scale).clamp(-EDGE, EDGE)

    def forward(self, inputs: Float[Tensor, "rows columns"]) -> Float[Tensor, "rows outputs"]:
        """Answer rows."""
        return torch.stack([member(self.standard(inputs)) for member in self.members]).mean(dim=0)


def fit(
    inputs: Float[ndarray, "rows columns"],
    targets: Float[ndarray, "rows outputs"],
    loss: Callable[[Tensor, Tensor], Tensor],
    plan: Plan,
    *,
    seed: int,
) -> Net:
    """Train the members one after another.

    Args:
        inputs: One row an item.
        targets: What the loss compares the outputs with.
        loss: ``(outputs, targets) -> loss`` of a batch.
        plan: How to train.
        seed: Of the starts and orders.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    net = Net(inputs, targets.shape[1], plan)
    rows, wanted = net.standard(torch.from_numpy(inputs)), torch.from_numpy(targets)
    for member in net.members:
        _train(member, rows, wanted, loss, plan)
    return net.eval()


def predict(net: Net, inputs: Float[ndarray, "rows columns"]) -> Float[ndarray, "rows outputs"]:
    """Return the outputs for rows."""
    with torch.inference_mode():
        return np.asarray(net.eval()(torch.from_numpy(inputs)).numpy())


def chosen(kind: type[Options], options: Mapping[str, Any], what: str) -> Options:
    """Return options over their defaults.

    Raises:
        OptionError: An option is unknown; the text lists the known ones.
    """
    known = [one.name for one in fields(kind)]  # type: ignore[arg-type]
    for name in options:
        if name not in known:
            raise OptionError(f"{what} has no option {name!r}; known: {', '.join(known)}")
    return kind(**options)


def _member(n_columns: int, n_outputs: int, plan: Plan) -> nn.Module:
    def layer(width: int) -> list[nn.Module]:
        return [nn.Linear(width, plan.inner), nn.GELU(), nn.Dropout(plan.dropout)]

    return nn.Sequential(*layer(n_columns), *layer(plan.inner), nn.Linear(plan.inner, n_outputs))


def _train(
    member: nn.Module, rows: Tensor, wanted: Tensor, loss: Callable[[Tensor, Tensor], Tensor], plan: Plan
) -> None:
    member.train()
    optimiser = torch.optim.AdamW(member.parameters(), lr=plan.rate, weight_decay=plan.decay)
    n_steps = plan.epochs * -(-len(rows) // plan.batch)
    falling = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / n_steps)
    for _ in range(plan.epochs):
        for batch in torch.randperm(len(rows)).split(plan.batch):
            optimiser.zero_grad(set_to_none=True)
            loss(member(rows[batch]), wanted[batch]).backward()
            optimiser.step()
            falling.step()
