"""The training loop of the face finder: resumable, pictures made beside the steps, the same for the same seed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mien.learn.finder.losses import Truth, loss, read
from mien.learn.finder.mining import Miner
from mien.learn.finder.network import FinderNetwork
from mien.learn.finder.pictures import Picture, Studio

WEIGHTS = {"score": 1.0, "box": 2.0, "points": 4.0}


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to train.

    Attributes:
        first: Optimiser steps of the first cycle.
        batch: Samples of ``size`` pixels per step.
        size: Side of a sample.
        rate: Highest learning rate.
        warm: Steps until the highest rate.
        decay: Share of the first cycle after which its rate falls to zero.
        again: Further cycles, each as its steps and its highest rate; their rate falls from the beginning.
        average: Decay of the moving average of the weights.
    """

    first: int
    batch: int
    size: int
    rate: float
    warm: int
    decay: float
    average: float
    again: tuple[tuple[int, float], ...] = ()

    @property
    def steps(self) -> int:
        """Optimiser steps in all."""
        return self.first + sum(steps for steps, _ in self.again)

    def rate_at(self, step: int) -> float:
        """Learning rate: a ramp up, a plateau, a cosine to zero; then a cosine per further cycle."""
        if step < self.first:
            plateau = self.decay * self.first
            return self.rate * min(1.0, (step + 1) / self.warm) * _fall((step - plateau) / (self.first - plateau))
        begun = self.first
        for steps, rate in self.again:
            if step < begun + steps:
                return rate * _fall((step - begun) / steps)
            begun += steps
        return 0.0


def _fall(share: float) -> float:
    return 0.5 + 0.5 * float(np.cos(np.pi * min(max(share, 0.0), 1.0)))


class Trainer:
    """Network, optimiser and averaged weights, kept in ``out`` so that an interrupted run goes on.

    Args:
        network: The network to train.
        plan: How long and how fast.
        out: Folder for ``state.pt`` and ``log.jsonl``.
        seed: Seed of the samples.
    """

    def __init__(self, network: FinderNetwork, plan: Plan, out: Path, seed: int) -> None:
        self.network = network.to(memory_format=torch.channels_last)
        self.plan, self.out, self.seed, self.step = plan, out, seed, 0
        self.averaged = torch.optim.swa_utils.AveragedModel(
            network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(plan.average), use_buffers=True
        )
        self.optimiser = torch.optim.AdamW(_groups(network), lr=plan.rate, betas=(0.9, 0.99))
        if (out / "state.pt").exists():
            self._resume()

    def fit(self, studio: Studio, miner: Miner, *, save_every: int) -> FinderNetwork:
        """Train to the end of the plan and return the averaged network."""
        if self.step:
            miner.mine(self.averaged.module, studio, self.step)
        started, sums = time.perf_counter(), np.zeros(len(WEIGHTS))
        for pixels, truth in self._batches(studio):
            sums += self._advance(pixels, truth)
            if miner.due(self.step):
                miner.mine(self.averaged.module, studio, self.step)
            if self.step % save_every == 0 or self.step == self.plan.steps:
                seconds = time.perf_counter() - started
                self._log(sums / save_every, seconds / save_every)
                self._save()
                started, sums = time.perf_counter(), np.zeros(len(WEIGHTS))
        network: FinderNetwork = self.averaged.module
        return network

    def _batches(self, studio: Studio) -> Iterator[tuple[Tensor, Truth]]:
        """Batches of the steps to come, each made beside the step before it."""

        def make(step: int) -> tuple[Tensor, Truth]:
            rng = np.random.default_rng([self.seed, step])
            return collate([studio.sample(rng, self.plan.size) for _ in range(self.plan.batch)])

        with ThreadPoolExecutor(1) as beside:
            coming = beside.submit(make, self.step)
            for step in range(self.step + 1, self.plan.steps + 1):
                batch, coming = coming.result(), beside.submit(make, step)
                yield batch

    def _advance(self, pixels: Tensor, truth: Truth) -> np.ndarray:
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate_at(self.step)
        self.network.train()
        parts = loss(read(self.network(pixels)), truth)
        total = torch.stack([parts[name] * weight for name, weight in WEIGHTS.items()]).sum()
        self.optimiser.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.averaged.update_parameters(self.network)
        self.step += 1
        return np.array([float(parts[name].detach()) for name in WEIGHTS])

    def _log(self, means: np.ndarray, seconds: float) -> None:
        line = {"step": self.step, **{name: round(float(v), 4) for name, v in zip(WEIGHTS, means, strict=True)}}
        with (self.out / "log.jsonl").open("a") as log:
            log.write(json.dumps({**line, "rate": self.plan.rate_at(self.step), "seconds": round(seconds, 3)}) + "\n")

    def _save(self) -> None:
        state = {
            "step": self.step,
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        torch.save(state, self.out / "state.tmp")
        (self.out / "state.tmp").replace(self.out / "state.pt")

    def _resume(self) -> None:
        state = torch.load(self.out / "state.pt", weights_only=True)
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimiser.load_state_dict(state["optimiser"])


def _groups(network: nn.Module) -> list[dict[str, object]]:
    """Weight decay for kernels only; norms and biases go free."""
    kernels = [value for value in network.parameters() if value.ndim > 1]
    rest = [value for value in network.parameters() if value.ndim <= 1]
    return [{"params": kernels, "weight_decay": 0.02}, {"params": rest, "weight_decay": 0.0}]


def collate(samples: Sequence[Picture]) -> tuple[Tensor, Truth]:
    """Stack samples of one size; pad their faces to the same number."""
    pixels = torch.from_numpy(np.stack([np.asarray(sample.image) for sample in samples])).permute(0, 3, 1, 2).float()
    most = max(1, *(len(sample.boxes) for sample in samples))
    boxes = torch.zeros(len(samples), most, 4)
    points = torch.full((len(samples), most, 5, 2), float("nan"))
    counted = torch.zeros(len(samples), most, dtype=torch.bool)
    ignored = torch.zeros(len(samples), most, dtype=torch.bool)
    for row, sample in enumerate(samples):
        count = len(sample.boxes)
        boxes[row, :count] = torch.from_numpy(sample.boxes)
        points[row, :count] = torch.from_numpy(sample.points)
        counted[row, :count] = torch.from_numpy(~sample.ignore)
        ignored[row, :count] = torch.from_numpy(sample.ignore)
    return pixels, Truth(boxes, points, counted, ignored)
