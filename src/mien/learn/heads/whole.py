"""A whole trunk trained with the heads for tweets, on their truth alone or beside what a teacher says of them.

References:
    Hinton et al. (2015). Distilling the knowledge in a neural network. arXiv 1503.02531 (soft targets).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from mien.learn.heads.net import HeadNet, masked_loss
from mien.learn.text.batches import Rows, collate, endless, taken
from mien.learn.text.train import Course, begin, go_on, skip

__all__ = ["Objective", "WholeOptions", "answer", "fit"]

AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class WholeOptions(Course):
    """Numbers of the training; lengths in tokens.

    Args:
        degree_weight: How much one rating counts beside one label.
        emoji_names: Read emoji by their names.
    """

    epochs: float = 3.0
    batch: int = 64
    dropout: float = 0.1
    max_tokens: int = 96
    degree_weight: float = 8.0
    emoji_names: bool = True
    average: float = 0.96
    average_every: int = 2
    checkpoint_every: int = 50


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """The loss of a batch of tweets.

    Args:
        weights: How much each column counts, [columns].
        share: Share of the teacher in the truth of a column that was rated, in [0, 1].
        unknown: How much a column that only the teacher knows counts beside a rated one.
    """

    weights: Tensor
    share: float = 0.0
    unknown: float = 0.0

    def __call__(self, logits: Tensor, truth: Tensor, soft: Tensor | None) -> Tensor:
        """Return the loss of logits [batch, columns].

        Args:
            logits: What the net says.
            truth: In [0, 1]; NaN where unknown.
            soft: The teacher's probabilities; None where there is no teacher.
        """
        if soft is None:
            return masked_loss(logits, truth, self.weights)
        known = ~truth.isnan()
        target = torch.where(known, (1 - self.share) * truth + self.share * soft, soft)
        return masked_loss(logits, target, self.weights * torch.where(known, 1.0, self.unknown))


def fit(
    net: HeadNet, rows: Rows, options: WholeOptions, objective: Objective, *, out: Path, seed: int
) -> tuple[HeadNet, HeadNet]:
    """Train `net` and return it with the running average of its weights; goes on from `out`/checkpoint.pt if there.

    Args:
        net: A whole trunk with heads; it is changed.
        rows: Token ids with their truth, and what a teacher says of them where there is one.
        options: Numbers of the training.
        objective: The loss of a batch.
        out: Folder of the checkpoint.
        seed: Of the order and the dropout.
    """
    torch.manual_seed(seed)
    n_steps = math.ceil(len(rows) / options.batch * options.epochs)
    state = begin(net, options, n_steps, out)
    batches = skip(endless(rows, options.batch, seed), state.step)

    def losses() -> list[Tensor]:
        chosen = next(batches)
        ids, mask, truth = collate(rows, chosen)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.half):
            logits = net(ids, mask)
        return [objective(logits, truth, taken(rows.soft, chosen))]

    return go_on(state, losses, options, n_steps, out)


@torch.no_grad()
def answer(net: HeadNet, rows: Rows, *, half: bool = True) -> Float[np.ndarray, "n columns"]:
    """Return what a net says of texts, in [0, 1]."""
    order = np.argsort([len(ids) for ids in rows.ids], kind="stable")
    found = []
    net.eval()
    for start in range(0, len(order), AT_ONCE):
        ids, mask, _ = collate(rows, order[start : start + AT_ONCE])
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            found.append(net(ids, mask).sigmoid().numpy())
    said: Float[np.ndarray, "n columns"] = np.concatenate(found)[np.argsort(order, kind="stable")]
    return said
