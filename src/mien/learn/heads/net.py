"""A trunk or its upper blocks with heads of several corpora at once, where each row knows only some of the answers."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from mien.learn.own.fitting import Linear
from mien.learn.text.batches import Rows, collate, encode_rows, endless
from mien.learn.text.net import Encoder
from mien.learn.text.reload import reload_trunk
from mien.learn.text.steps import Plan, Steps
from mien.learn.text.upper import UpperBlocks, lower_states
from mien.perceive.text.tokens import name_emoji
from mien.runtime import Asset

__all__ = ["HeadNet", "Lower", "fit", "masked_loss", "plan_of"]

_log = logging.getLogger(__name__)


class HeadNet(nn.Module):
    """A trunk, or upper blocks of one, with one linear layer for all columns.

    Args:
        trunk: The whole trunk, which takes token ids, or upper blocks, which take states.
        columns: How many answers there are.
        dropout: Rate of the dropout before the linear layer.
    """

    def __init__(self, trunk: UpperBlocks | Encoder, columns: int, dropout: float) -> None:
        super().__init__()
        self.trunk, self.drop = trunk, nn.Dropout(dropout)
        self.out = nn.Linear(trunk.shape.width, columns)

    def forward(self, inputs: Tensor, mask: Tensor) -> Tensor:
        """Return logits [batch, columns]."""
        return self.out(self.drop(self.trunk(inputs, mask))).float()

    def head(self, columns: slice) -> Linear:
        """Return the head of some columns."""
        weight, bias = self.out.weight.detach().double().numpy(), self.out.bias.detach().double().numpy()
        return Linear(weight[columns].T, bias[columns])


@dataclass(frozen=True, slots=True, eq=False)
class Lower:
    """The lower blocks of a model's trunk, with its tokenizer.

    Args:
        encoder: The trunk.
        tokenizer: Its tokenizer.
        emoji_names: Read emoji by their names.
    """

    encoder: Encoder
    tokenizer: Tokenizer
    emoji_names: bool = False

    @classmethod
    def of(cls, lender: Asset, *, dropout: float, emoji_names: bool = False) -> Lower:
        """Return the trunk of a model; `dropout` is that of upper blocks which are copied from it."""
        encoder = reload_trunk(lender.file("trunk.onnx"), dropout=dropout)
        return cls(encoder, Tokenizer.from_file(str(lender.file("tokenizer.json"))), emoji_names)

    def upper(self, blocks: int) -> UpperBlocks:
        """Return copies of the trunk's last blocks."""
        return UpperBlocks(self.encoder, blocks)

    def tokens(self, texts: Sequence[str], truth: np.ndarray, *, max_tokens: int) -> Rows:
        """Return the token ids of texts, with their truth."""
        named = [name_emoji(text) if self.emoji_names else text for text in texts]
        return encode_rows(self.tokenizer, named, truth, max_tokens=max_tokens)

    def rows(self, texts: Sequence[str], truth: np.ndarray, below: int, *, max_tokens: int) -> Rows:
        """Return the states of texts after so many blocks, with their truth."""
        return lower_states(self.encoder, self.tokens(texts, truth, max_tokens=max_tokens), below)


def plan_of(options: Any, **more: Any) -> Plan:
    """Return the numbers of a training that a recipe's options name, with others."""
    known = {field.name for field in fields(Plan)}
    named = {field.name: getattr(options, field.name) for field in fields(options) if field.name in known}
    return Plan(**{**named, **more})


def fit(net: HeadNet, rows: Rows, plan: Plan, weights: Tensor, seed: int) -> HeadNet:
    """Train upper blocks and heads on states with their truth in [0, 1], NaN where unknown; return the net."""
    count = math.ceil(len(rows) / plan.batch) * plan.epochs
    steps, batches = Steps(net, plan, count), endless(rows, plan.batch, seed)
    net.train()
    for step in range(count):
        states, mask, truth = collate(rows, next(batches))
        with steps.half():
            logits = net(states, mask)
        loss = steps.take(masked_loss(logits, truth, weights))
        if step % 100 == 0:
            _log.info("step %d of %d, loss %.3f", step, count, loss)
    return net.eval()


def masked_loss(logits: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    """Return the cross-entropy of shares and labels, summed over the known columns of a row, by row.

    Args:
        logits: Shape ``[batch, columns]``.
        truth: In [0, 1]; NaN where unknown.
        weights: How much each column counts, shape ``[columns]``, or each of a row, ``[batch, columns]``.
    """
    known = ~truth.isnan()
    target = torch.where(known, truth, torch.zeros(()))
    losses = nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none") * weights
    return (losses * known).sum() / len(truth)
