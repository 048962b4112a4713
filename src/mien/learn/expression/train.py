"""Train the expression network on FER2013 pictures with both label sets."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor
from torch.nn import functional

from mien.learn.expression.augment import Ranges, augment
from mien.learn.expression.net import Expression, Shape

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces of one split, as the network learns them.

    Attributes:
        pixels: Grey faces.
        votes: Votes for the 8 FER+ classes after the official cleaning; a row of zeros takes no part.
        labels: FER2013's own label of each face, 0 to 6.
    """

    pixels: UInt8[np.ndarray, "face 48 48"]
    votes: Float[np.ndarray, "face 8"]
    labels: Int[np.ndarray, " face"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train."""

    epochs: int = 16
    batch: int = 128
    rate: float = 0.08
    warm: float = 0.15
    decay: float = 5e-4
    average: float = 0.998
    smooth: float = 0.05
    second: float = 0.7
    threads: int = 1
    half: bool = True
    shape: Shape = field(default_factory=Shape)
    ranges: Ranges = field(default_factory=Ranges)


@dataclass(slots=True)
class State:
    """What a checkpoint holds."""

    net: Expression
    mean: Expression
    optimizer: torch.optim.Optimizer
    epoch: int = 0
    best: float = 0.0


def train(faces: Faces, chosen_on: Faces, plan: Plan, out: Path, seed: int) -> Expression:
    """Train on ``faces``; return the averaged network of the epoch that is best on ``chosen_on``.

    Each epoch is written to ``out/state.pt``; a later call goes on from there.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(plan.threads)
    out.mkdir(parents=True, exist_ok=True)
    state = _start(plan)
    if (out / "state.pt").exists():
        _resume(state, out / "state.pt")
    for epoch in range(state.epoch, plan.epochs):
        began = time.monotonic()
        loss = _epoch(state, faces, plan, torch.Generator().manual_seed(1000 * seed + epoch))
        ferplus, fer2013 = accuracy(state.mean, chosen_on)
        state.epoch = epoch + 1
        log.info(
            "epoch %d loss %.4f ferplus %.4f fer2013 %.4f %.0f s",
            epoch,
            loss,
            ferplus,
            fer2013,
            time.monotonic() - began,
        )
        if ferplus + fer2013 / 2 >= state.best:
            state.best = ferplus + fer2013 / 2
            torch.save(state.mean.state_dict(), out / "best.pt")
        _save(state, out / "state.pt")
    state.mean.load_state_dict(torch.load(out / "best.pt", weights_only=True))
    return state.mean.eval()


def logits(net: Expression, pixels: UInt8[np.ndarray, "face 48 48"], flip: bool = False) -> tuple[Tensor, Tensor]:
    """Return the logits of both heads for all faces, in float arithmetic."""
    net.eval()
    with torch.inference_mode():
        parts = [net(torch.flip(part, [3]) if flip else part) for part in _batches(pixels, 256)]
    return torch.cat([a for a, _ in parts]), torch.cat([b for _, b in parts])


def accuracy(net: Expression, faces: Faces) -> tuple[float, float]:
    """Return the accuracy on FER+ rows with a majority, and on all FER2013 labels."""
    ferplus, fer2013 = logits(net, faces.pixels)
    clear = faces.votes.max(1) > 0.5
    right = ferplus.argmax(1).numpy() == faces.votes.argmax(1)
    return float(right[clear].mean()), float((fer2013.argmax(1).numpy() == faces.labels).mean())


def soft_cross_entropy(scores: Float[Tensor, "face class"], votes: Float[Tensor, "face class"]) -> Tensor:
    """Return the mean cross-entropy over the rows that hold a vote.

    References:
        E. Barsoum et al. (2016). Training deep networks for facial expression recognition with crowd-sourced label
        distribution. ICMI, 279-283 (the cross-entropy form).
    """
    weight = (votes.sum(1) > 0).float()
    rows = -(votes * functional.log_softmax(scores, 1)).sum(1)
    return (rows * weight).sum() / weight.sum().clamp(min=1)


def _start(plan: Plan) -> State:
    net = Expression(plan.shape).to(memory_format=torch.channels_last)
    bare = [p for p in net.parameters() if p.ndim == 1]
    heavy = [p for p in net.parameters() if p.ndim > 1]
    groups = [{"params": heavy, "weight_decay": plan.decay}, {"params": bare, "weight_decay": 0.0}]
    return State(net, deepcopy(net), torch.optim.SGD(groups, plan.rate, momentum=0.9, nesterov=True))


def _epoch(state: State, faces: Faces, plan: Plan, source: torch.Generator) -> float:
    state.net.train()
    order = torch.randperm(len(faces.pixels), generator=source)[: len(faces.pixels) // plan.batch * plan.batch]
    steps = len(order) // plan.batch
    total = 0.0
    for step, rows in enumerate(order.split(plan.batch)):
        rate = plan.rate * one_cycle((state.epoch * steps + step) / (plan.epochs * steps), plan.warm)
        for group in state.optimizer.param_groups:
            group["lr"] = rate
        total += _step(state, faces, plan, rows.numpy(), source)
        _follow(
            state.mean,
            state.net,
            min(plan.average, (1 + state.epoch * steps + step) / (10 + state.epoch * steps + step)),
        )
    return total / steps


def _step(state: State, faces: Faces, plan: Plan, rows: Int[np.ndarray, " row"], source: torch.Generator) -> float:
    pixels = torch.from_numpy(faces.pixels[rows]).unsqueeze(1).float() / 255
    changed = augment(pixels, plan.ranges, source).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=plan.half):
        ferplus, fer2013 = state.net(changed)
    votes, labels = torch.from_numpy(faces.votes[rows]).float(), torch.from_numpy(faces.labels[rows]).long()
    loss = soft_cross_entropy(ferplus.float(), votes)
    loss = loss + plan.second * functional.cross_entropy(fer2013.float(), labels, label_smoothing=plan.smooth)
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()
    state.optimizer.step()
    return loss.item()


def one_cycle(part: float, warm: float) -> float:
    """Return the learning rate at ``part`` of the training, relative to the highest: a rise, then a cosine to 0."""
    return part / warm if part < warm else 0.5 + 0.5 * math.cos(math.pi * (part - warm) / (1 - warm))


def _follow(mean: Expression, net: Expression, keep: float) -> None:
    with torch.no_grad():
        for ours, theirs in zip(mean.state_dict().values(), net.state_dict().values(), strict=True):
            ours.lerp_(theirs, 1 - keep) if ours.is_floating_point() else ours.copy_(theirs)


def _batches(pixels: UInt8[np.ndarray, "face 48 48"], size: int) -> Iterator[Tensor]:
    for start in range(0, len(pixels), size):
        yield torch.from_numpy(pixels[start : start + size]).unsqueeze(1).float() / 255


def _save(state: State, path: Path) -> None:
    parts = {"net": state.net.state_dict(), "mean": state.mean.state_dict(), "optimizer": state.optimizer.state_dict()}
    torch.save({**parts, "epoch": state.epoch, "best": state.best}, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def _resume(state: State, path: Path) -> None:
    parts = torch.load(path, weights_only=True)
    state.net.load_state_dict(parts["net"])
    state.mean.load_state_dict(parts["mean"])
    state.optimizer.load_state_dict(parts["optimizer"])
    state.epoch, state.best = parts["epoch"], parts["best"]
