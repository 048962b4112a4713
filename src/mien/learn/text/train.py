"""Joint fine-tuning of the trunk and both heads, with checkpoints from which it resumes."""

import logging
import math
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from mien.learn.text.batches import Rows, collate, endless, taken
from mien.learn.text.losses import Objective, binary, category_loss
from mien.learn.text.net import TextNet

_log = logging.getLogger(__name__)

CHECKPOINT = "checkpoint.pt"
LOG_EVERY = 50

Net = TypeVar("Net", bound=nn.Module)


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast weights move, for AdamW: the trunk's top layer, the heads, and how it changes by layer and step."""

    rate: float = 1e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warmup: float = 0.06


@dataclass(frozen=True, slots=True)
class Course(Rates):
    """The rates with what else every training with checkpoints knows.

    Args:
        average: What the averaged weights keep of themselves when the net's own are mixed in.
        average_every: Steps between that.
        checkpoint_every: Steps between two checkpoints.
        half: Compute in bfloat16.
    """

    average: float = 0.99
    average_every: int = 10
    checkpoint_every: int = 500
    half: bool = True


@dataclass(frozen=True, slots=True)
class TrainOptions(Course):
    """Numbers of a training run; lengths in tokens."""

    epochs: float = 3.0
    batch: int = 32
    dimension_batch: int = 16
    dimension_every: int = 2
    dimension_weight: float = 0.5
    dropout: float = 0.1
    max_tokens: int = 64
    freeze_words_after: int = 500
    loss: str = "binary"
    soft_weight: float = 0.0
    correlation_weight: float = 0.0
    contrast_weight: float = 0.0

    def objective(self, rows: Rows) -> Objective:
        """Return what is lowered on labelled rows.

        Raises:
            OptionError: No loss has the name asked for.
        """
        shares = torch.from_numpy(rows.truth.mean(axis=0))
        loss = category_loss(self.loss, shares)
        return Objective(loss, self.soft_weight, self.correlation_weight, self.contrast_weight)


def parameter_groups(net: nn.Module, options: Rates) -> list[dict[str, object]]:
    """Group weights with a rate that falls by `layer_decay` a layer towards the input; norms and biases keep theirs.

    Args:
        net: Heads around an `Encoder`, which goes by the name ``trunk``.
        options: The rates.
    """
    depth = len(list(net.get_submodule("trunk.blocks").children()))

    def rate(name: str) -> float:
        if not name.startswith("trunk."):
            return options.head_rate
        height = int(name.split(".")[2]) + 1 if name.startswith("trunk.blocks.") else 0
        return options.rate * options.layer_decay ** (depth - height)

    groups: list[dict[str, object]] = []
    for name, parameter in net.named_parameters():
        decay = options.weight_decay if parameter.ndim > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate(name), "weight_decay": decay})
    return groups


def dimension_loss(mean: Tensor, log_std: Tensor, truth: Tensor) -> Tensor:
    """Squared error of the mean, and Gaussian negative log likelihood that moves the spread alone.

    Letting the likelihood move the mean too lets hard samples hide behind a wide spread.

    References:
        Seitzer et al. (2022), "On the Pitfalls of Heteroscedastic Uncertainty Estimation", ICLR.
    """
    error = (truth - mean) ** 2
    likelihood = log_std + 0.5 * error.detach() * torch.exp(-2 * log_std)
    return (0.5 * error + likelihood).sum(1).mean()


@dataclass(slots=True)
class State(Generic[Net]):
    """A net in training, with the running average of its weights."""

    net: Net
    averaged: Net
    optimizer: torch.optim.Optimizer
    scheduler: torch.optim.lr_scheduler.LRScheduler
    step: int = 0

    def save(self, path: Path) -> None:
        """Keep everything that going on needs."""
        parts = {name: getattr(self, name).state_dict() for name in ("net", "averaged", "optimizer", "scheduler")}
        temporary = path.with_suffix(".tmp")
        torch.save(parts | {"step": self.step, "random": torch.get_rng_state()}, temporary)
        temporary.replace(path)

    def load(self, path: Path) -> None:
        """Go on from what `save` kept."""
        stored = torch.load(path, weights_only=True)
        for name in ("net", "averaged", "optimizer", "scheduler"):
            getattr(self, name).load_state_dict(stored[name])
        self.step = stored["step"]
        torch.set_rng_state(stored["random"])


def start(net: Net, options: Rates, n_steps: int) -> State[Net]:
    """Return the state before the first of `n_steps`: the rate rises over the share `warmup` and then falls to 0."""
    optimizer = torch.optim.AdamW(parameter_groups(net, options), betas=(0.9, 0.98), fused=True)
    n_warm = max(1, int(options.warmup * n_steps))

    def height(step: int) -> float:
        return min((step + 1) / n_warm, max(0.0, (n_steps - step) / (n_steps - n_warm)))

    return State(net, deepcopy(net), optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, height))


def _label_loss(net: TextNet, options: TrainOptions, objective: Objective, rows: Rows, indices: np.ndarray) -> Tensor:
    """Return the loss of labelled texts; where a teacher rated them, too, with that of the ratings' means."""
    ids, mask, truth = collate(rows, indices)
    rated = taken(rows.rated, indices)
    with torch.autocast("cpu", torch.bfloat16, enabled=options.half):
        sentences = net.trunk(ids, mask)
        logits = net.categories(sentences)
        mean = None if rated is None else net.dimensions(sentences)[0]
    loss = objective(logits.float(), sentences, truth, taken(rows.soft, indices))
    if mean is None or rated is None:
        return loss
    return loss + options.dimension_weight * 0.5 * ((rated - mean.float()) ** 2).sum(1).mean()


def _rating_loss(net: TextNet, options: TrainOptions, rows: Rows, indices: np.ndarray) -> Tensor:
    """Return the loss of rated texts; where a teacher named their emotions, too, with that of its probabilities."""
    ids, mask, truth = collate(rows, indices)
    soft = taken(rows.soft, indices)
    with torch.autocast("cpu", torch.bfloat16, enabled=options.half):
        sentences = net.trunk(ids, mask)
        mean, log_std = net.dimensions(sentences)
        logits = None if soft is None else net.categories(sentences)
    loss = options.dimension_weight * dimension_loss(mean.float(), log_std.float(), truth)
    return loss if logits is None or soft is None else loss + options.soft_weight * binary(logits.float(), soft)


def average(state: State[Net], weight: float) -> None:
    """Move the averaged weights towards the net's own, of which `weight` is what they keep."""
    with torch.no_grad():
        for kept, fresh in zip(state.averaged.parameters(), state.net.parameters(), strict=True):
            kept.lerp_(fresh, 1 - weight)


def advance(state: State[Net], losses: list[Tensor]) -> list[float]:
    """Take one step down the sum of the losses and return each."""
    state.optimizer.zero_grad(set_to_none=True)
    torch.stack(losses).sum().backward()
    nn.utils.clip_grad_norm_(state.net.parameters(), 5.0)
    state.optimizer.step()
    state.scheduler.step()
    state.step += 1
    return [loss.item() for loss in losses]


def skip(batches: Iterator[np.ndarray], count: int) -> Iterator[np.ndarray]:
    """Pass over the first `count` batches."""
    for _ in range(count):
        next(batches)
    return batches


def begin(net: Net, options: Course, n_steps: int, out: Path) -> State[Net]:
    """Return the state before the first of `n_steps`, or that of `out`/checkpoint.pt if it is there."""
    state = start(net, options, n_steps)
    if (out / CHECKPOINT).exists():
        state.load(out / CHECKPOINT)
    return state


def go_on(
    state: State[Net], losses: Callable[[], list[Tensor]], options: Course, n_steps: int, out: Path
) -> tuple[Net, Net]:
    """Train to the last of `n_steps` and return the net with the running average of its weights.

    Args:
        state: Where training begins or goes on.
        losses: Computes those of the next batch.
        options: How often to average and to keep a checkpoint.
        n_steps: All steps of the training, those behind included.
        out: Folder of the checkpoint.
    """
    began, first = time.monotonic(), state.step
    state.net.train()
    while state.step < n_steps:
        values = advance(state, losses())
        if state.step % options.average_every == 0:
            average(state, options.average)
        if state.step % LOG_EVERY == 1:
            pace = (time.monotonic() - began) / (state.step - first)
            _log.info("step %d of %d, %.2f s each, losses %s", state.step, n_steps, pace, values)
        if state.step % options.checkpoint_every == 0 or state.step == n_steps:
            state.save(out / CHECKPOINT)
    return state.net.eval(), state.averaged.eval()


def fit(
    net: TextNet, category_rows: Rows, dimension_rows: Rows, options: TrainOptions, *, out: Path, seed: int
) -> tuple[TextNet, TextNet]:
    """Train `net` and return it with the running average of its weights; goes on from `out`/checkpoint.pt if there."""
    torch.manual_seed(seed)
    objective = options.objective(category_rows)
    n_steps = math.ceil(len(category_rows) / options.batch * options.epochs)
    state = begin(net, options, n_steps, out)
    category_batches = skip(endless(category_rows, options.batch, seed), state.step)
    n_seen = math.ceil(state.step / options.dimension_every)
    dimension_batches = skip(endless(dimension_rows, options.dimension_batch, seed + 1), n_seen)

    def losses() -> list[Tensor]:
        # Half of all weights are word vectors: after the first steps they cost much and change little.
        net.trunk.words.weight.requires_grad_(state.step < options.freeze_words_after)
        found = [_label_loss(net, options, objective, category_rows, next(category_batches))]
        if state.step % options.dimension_every == 0:
            found.append(_rating_loss(net, options, dimension_rows, next(dimension_batches)))
        return found

    return go_on(state, losses, options, n_steps, out)
