"""Few, narrow layers taught to give what more layers give: states imitated frame by frame, without any label.

References:
    Chang, Yang and Lee (2022), DistilHuBERT: speech representation learning by layer-wise distillation of hidden-unit
    BERT, ICASSP (a student that begins with its teacher's lower layers).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Float, Float16
from numpy import ndarray
from torch import Tensor, nn

from mien.learn.hearing.encoder import Encoder
from mien.learn.hearing.nets import mean_and_spread
from mien.learn.hearing.spoil import Spoil, spoilt
from mien.perceive.speech.batches import stack

__all__ = ["Imitation", "imitate"]

log = logging.getLogger(__name__)

NEIGHBOURS = 8
MEASURED = 200
"""Clips on which the spread of the teacher's numbers is measured."""

Mels = Sequence[Float16[ndarray, "frames bands"]]


@dataclass(frozen=True, slots=True)
class Imitation:
    """How to train.

    Args:
        epochs: Passes; in each, one copy of every clip.
        rate: Highest step size of the layers.
        stem_rate: Highest step size of the convolutions.
        batch: Clips at once.
        pooled: Weight of the statistics of a clip against its single states.
    """

    epochs: int = 4
    rate: float = 4e-4
    stem_rate: float = 1e-4
    batch: int = 24
    pooled: float = 0.3


def imitate(
    student: Encoder, teacher: Encoder, clips: Sequence[Mels], plan: Imitation, spoil: Spoil, *, kept_in: Path
) -> Encoder:
    """Train the student to give the teacher's last states for whatever it hears; returns the same object.

    Args:
        student: Fewer layers; it is changed.
        teacher: More layers; it stays as it is.
        clips: Copies of each clip.
        plan: How to train.
        spoil: What happens to the sound that both hear.
        kept_in: A file that holds the state after each pass, from which a broken run goes on.
    """
    torch.manual_seed(0)
    spread = _spread(teacher, [copies[0] for copies in clips[:: max(1, len(clips) // MEASURED)]])
    stem = [*student.conv1.parameters(), *student.conv2.parameters()]
    groups = [{"params": student.blocks.parameters(), "lr": plan.rate}, {"params": stem, "lr": plan.stem_rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = plan.epochs * -(-len(clips) // plan.batch)
    rates = [plan.rate, plan.stem_rate]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps + 1, pct_start=0.1)
    training = (student, optimiser, schedule)
    for epoch in range(_resumed(training, kept_in), plan.epochs):
        start, losses = time.monotonic(), []
        for mel, kept in _drawn(clips, plan, spoil, np.random.default_rng(epoch)):
            loss = _loss(student, teacher, (mel, kept), spread, plan)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        log.info("pass %d of %d: loss %.4f, %.0f s", epoch + 1, plan.epochs, np.mean(losses), time.monotonic() - start)
        torch.save((epoch + 1, *(part.state_dict() for part in training)), kept_in)
    return student


def _resumed(
    training: Sequence[nn.Module | torch.optim.Optimizer | torch.optim.lr_scheduler.LRScheduler], path: Path
) -> int:
    if not path.is_file():
        return 0
    epoch, *states = torch.load(path, weights_only=False)
    for part, state in zip(training, states, strict=True):
        part.load_state_dict(state)
    return int(epoch)


def _drawn(
    clips: Sequence[Mels], plan: Imitation, spoil: Spoil, rng: np.random.Generator
) -> Iterator[tuple[Float[Tensor, "batch frames bands"], Bool[Tensor, "batch frames"]]]:
    order = rng.permutation(len(clips)).tolist()
    many = NEIGHBOURS * plan.batch
    for start in range(0, len(order), many):
        rows = order[start : start + many]
        mels = [spoilt(clips[row][int(rng.integers(len(clips[row])))], rng, spoil) for row in rows]
        mels.sort(key=len)
        for first in range(0, len(mels), plan.batch):
            frames, kept = stack(mels[first : first + plan.batch])
            yield torch.from_numpy(frames), torch.from_numpy(kept)


def _loss(
    student: Encoder,
    teacher: Encoder,
    heard: tuple[Float[Tensor, "batch frames bands"], Bool[Tensor, "batch frames"]],
    spread: tuple[Float[Tensor, " width"], Float[Tensor, " twice_width"]],
    plan: Imitation,
) -> Float[Tensor, ""]:
    with torch.autocast("cpu", torch.bfloat16):
        with torch.no_grad():
            aim = teacher(*heard).float()
        given = student(*heard).float()
    kept = heard[1][:, ::2]
    single = ((given - aim) / spread[0])[kept].square().mean()
    pooled = (mean_and_spread(given, kept) - mean_and_spread(aim, kept)) / spread[1]
    loss: Tensor = single + plan.pooled * pooled.square().mean()
    return loss


def _spread(teacher: Encoder, mels: Mels) -> tuple[Float[Tensor, " width"], Float[Tensor, " twice_width"]]:
    """Return the spread of the teacher's states, and of their statistics over clips."""
    states, pooled = [], []
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for mel in mels:
            frames, kept = (torch.from_numpy(table) for table in stack([mel.astype(np.float32)]))
            found = teacher(frames, kept).float()
            states.append(found[0])
            pooled.append(mean_and_spread(found, kept[:, ::2])[0])
    return torch.cat(states).std(dim=0) + 1e-3, torch.stack(pooled).std(dim=0) + 1e-3
