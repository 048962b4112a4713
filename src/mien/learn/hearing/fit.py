"""Training of the tiny network on log-mel clips: labels, what a teacher says, and the numbers of its states.

References:
    Hinton, Vinyals and Dean (2015), Distilling the knowledge in a neural network, arXiv 1503.02531.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Float16
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional

from mien.learn.hearing.nets import TinyNet
from mien.learn.hearing.spoil import Spoil, spoilt
from mien.perceive.speech.batches import batches, stack
from mien.types.taxonomies import RAVDESS8

__all__ = ["Clip", "Plan", "answers", "fit"]

log = logging.getLogger(__name__)

NEIGHBOURS = 8
"""So many batches are drawn together and sorted by length, which leaves little padding."""

Mel = Float[ndarray, "frames bands"] | Float16[ndarray, "frames bands"]


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """What the network learns from one clip.

    Args:
        copies: The clip as it is first, then copies of it that sound otherwise.
        label: Place in ``RAVDESS8``.
        imitated: A teacher's numbers.
        soft: A teacher's logits, if one has spoken.
    """

    copies: Sequence[Mel]
    label: int
    imitated: Float[ndarray, " numbers"]
    soft: Float[ndarray, " labels"] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    Args:
        epochs: Passes; in each, one copy of every clip.
        rate: Highest step size.
        batch: Clips at once.
        plain: How often the clip as it is is heard instead of any copy.
        smoothing: Share of the label that is spread over all.
        soft: Weight of the teacher's logits.
        heat: What they are divided by.
        imitate: Weight of the teacher's numbers.
        decay: Weight decay.
    """

    epochs: int = 8
    rate: float = 1.2e-3
    batch: int = 32
    plain: float = 0.3
    smoothing: float = 0.1
    soft: float = 1.0
    heat: float = 2.0
    imitate: float = 0.5
    decay: float = 0.01


def fit(net: TinyNet, clips: Sequence[Clip], plan: Plan, spoil: Spoil, *, seed: int) -> TinyNet:
    """Train a network on clips; returns the same object."""
    torch.manual_seed(seed)
    rng, start = np.random.default_rng(seed), time.monotonic()
    optimiser = torch.optim.AdamW(net.parameters(), lr=plan.rate, weight_decay=plan.decay)
    steps = plan.epochs * -(-len(clips) // plan.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps + 1, pct_start=0.15)
    shares = _shares(clips)
    for epoch in range(plan.epochs):
        net.train()
        losses = []
        for mels, chosen in _drawn(clips, plan, spoil, rng):
            loss = _loss(net, mels, [clips[row] for row in chosen], shares, plan)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        log.info("pass %d of %d: loss %.3f, %.0f s", epoch + 1, plan.epochs, np.mean(losses), time.monotonic() - start)
    return net.eval()


def answers(net: TinyNet, mels: Sequence[Mel]) -> Float[ndarray, "clips labels"]:
    """Return the logits of clips."""
    logits = np.zeros((len(mels), len(RAVDESS8)), dtype=np.float32)
    with torch.inference_mode():
        for rows in batches([len(mel) for mel in mels]):
            logits[rows] = net.eval()(*_tensors([mels[row] for row in rows]))[0].numpy()
    return logits


def _shares(clips: Sequence[Clip]) -> Float[Tensor, " labels"]:
    """Return the weight of each label: as much for a rare one as for a frequent one, up to four times."""
    counts = np.bincount([clip.label for clip in clips], minlength=len(RAVDESS8))
    weights = len(clips) / np.maximum(counts, 1) / np.count_nonzero(counts)
    return torch.from_numpy(np.minimum(weights, 4.0).astype(np.float32))


def _drawn(
    clips: Sequence[Clip], plan: Plan, spoil: Spoil, rng: np.random.Generator
) -> Iterator[tuple[list[Mel], list[int]]]:
    order = rng.permutation(len(clips)).tolist()
    many = NEIGHBOURS * plan.batch
    for start in range(0, len(order), many):
        rows = order[start : start + many]
        mels = [spoilt(_copy(clips[row], plan, rng), rng, spoil) for row in rows]
        places = sorted(range(len(rows)), key=lambda place: len(mels[place]))
        parts = [places[first : first + plan.batch] for first in range(0, len(places), plan.batch)]
        for part in (parts[number] for number in rng.permutation(len(parts))):
            yield [mels[place] for place in part], [rows[place] for place in part]


def _copy(clip: Clip, plan: Plan, rng: np.random.Generator) -> Mel:
    return clip.copies[0 if rng.random() < plan.plain else int(rng.integers(len(clip.copies)))]


def _loss(
    net: TinyNet, mels: Sequence[Mel], clips: Sequence[Clip], shares: Float[Tensor, " labels"], plan: Plan
) -> Float[Tensor, ""]:
    logits, numbers = net(*_tensors(mels))
    labels = torch.tensor([clip.label for clip in clips])
    loss = functional.cross_entropy(logits, labels, weight=shares, label_smoothing=plan.smoothing)
    imitated = torch.from_numpy(np.stack([clip.imitated for clip in clips]))
    loss = loss + plan.imitate * functional.mse_loss(numbers, imitated)
    if clips[0].soft is not None:
        soft = torch.from_numpy(np.stack([clip.soft for clip in clips if clip.soft is not None]))
        loss = loss + plan.soft * functional.cross_entropy(logits, torch.softmax(soft / plan.heat, dim=1))
    return loss


def _tensors(mels: Sequence[Mel]) -> tuple[Float[Tensor, "batch frames bands"], Bool[Tensor, "batch frames"]]:
    frames, kept = stack([np.asarray(mel, dtype=np.float32) for mel in mels])
    return torch.from_numpy(frames), torch.from_numpy(kept)
