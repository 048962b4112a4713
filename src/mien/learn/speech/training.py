"""Training of the speech network: first on other corpora, then on the chosen speakers of the main one."""

import copy
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor
from torch.nn import functional

from mien.learn.speech.augment import batch, disturb, mix
from mien.learn.speech.cache import Clips
from mien.learn.speech.net import AffectNet

__all__ = ["Plan", "Targets", "predict", "recall", "train"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: passes, step sizes, sizes of batches and weights of the losses."""

    epochs: int
    rate: float = 2e-3
    decay: float = 0.02
    batch_size: int = 32
    longest: int = 180
    teacher: float = 1.0
    soft: float = 1.0
    heat: float = 2.0
    smoothing: float = 0.1
    average: float = 0.995


@dataclass(frozen=True, slots=True)
class Targets:
    """What a clip should give: a label of one head (-1: none), the teacher's numbers, and the probe's logits."""

    head: str
    labels: Int[ndarray, " clips"]
    teacher: Float[ndarray, "clips numbers"]
    soft: Float[ndarray, "clips labels"] | None = None


Corpus = tuple[Clips, Int[ndarray, " chosen"], Targets]
Score = Callable[[AffectNet], float]


def train(net: AffectNet, corpora: list[Corpus], plan: Plan, *, seed: int, score: Score | None = None) -> AffectNet:
    """Train a network and return the running average of its weights.

    Args:
        net: Network to start from; its weights change.
        corpora: Clips, indices of those to learn from, and their targets (rows as the indices).
        plan: Passes and step sizes.
        seed: Seed of order, crops and noise.
        score: Chooses among the averages of the later passes; None takes the last.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    steps = sum(-(-len(chosen) // plan.batch_size) for _, chosen, _ in corpora) * plan.epochs
    optimiser = torch.optim.AdamW(net.parameters(), lr=plan.rate, weight_decay=plan.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps + 1, pct_start=0.2)
    average = copy.deepcopy(net).eval()
    best, kept = -1.0, copy.deepcopy(average)
    for epoch in range(plan.epochs):
        net.train()
        losses = []
        for part in _batches(corpora, plan.batch_size, rng):
            losses.append(_step(net, part, plan, optimiser, rng))
            schedule.step()
            _blend(average, net, plan.average)
        log.info("epoch %d loss %.4f", epoch, float(np.mean(losses)))
        if score is not None and epoch >= plan.epochs // 2:
            value = score(average)
            log.info("epoch %d score %.4f", epoch, value)
            if value >= best:
                best, kept = value, copy.deepcopy(average)
    return average if score is None else kept


def predict(
    net: AffectNet, clips: Clips, chosen: Int[ndarray, " chosen"], head: str, *, batch_size: int = 32
) -> Float[ndarray, "chosen labels"]:
    """Logits of one head for whole clips."""
    net.eval()
    order = np.argsort([len(clips[int(index)]) for index in chosen], kind="stable")
    logits = np.zeros((len(chosen), net.heads[head].out_features), dtype=np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), batch_size):
            part = order[start : start + batch_size]
            mel, mask = batch([clips[int(index)] for index in chosen[part]], longest=0)
            logits[part] = net(mel, mask)[0][head].float().numpy()
    return logits


def recall(labels: Int[ndarray, " clips"], logits: Float[ndarray, "clips labels"]) -> float:
    """Unweighted average recall."""
    answers = logits.argmax(axis=1)
    return float(np.mean([(answers[labels == label] == label).mean() for label in np.unique(labels)]))


def _batches(
    corpora: list[Corpus], size: int, rng: np.random.Generator
) -> Iterator[tuple[Clips, Int[ndarray, " part"], Targets, Int[ndarray, " part"]]]:
    parts = []
    for number, (clips, chosen, _) in enumerate(corpora):
        lengths = np.array([len(clips[int(index)]) for index in chosen]) * rng.uniform(0.8, 1.25, len(chosen))
        order = np.argsort(lengths)  # like lengths together, so that little is padded
        parts += [(number, order[start : start + size]) for start in range(0, len(order), size)]
    for place in rng.permutation(len(parts)):
        number, rows = parts[place]
        if len(rows) > 1:
            clips, chosen, targets = corpora[number]
            yield clips, chosen[rows], targets, rows


def _step(
    net: AffectNet,
    part: tuple[Clips, Int[ndarray, " part"], Targets, Int[ndarray, " part"]],
    plan: Plan,
    optimiser: torch.optim.Optimizer,
    rng: np.random.Generator,
) -> float:
    clips, indices, targets, rows = part
    rows = rows[(order := rng.permutation(len(rows)))]
    mel, mask = batch([clips[int(index)] for index in indices[order]], longest=plan.longest, rng=rng)
    mel, mask, share = mix(disturb(mel, rng=rng), mask, rng=rng)
    with torch.autocast("cpu", torch.bfloat16):
        logits, teacher = net(mel, mask)
    loss = _loss(logits, teacher.float(), (targets, rows), share, plan)
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
    optimiser.step()
    return float(loss.detach())


def _loss(
    logits: Mapping[str, Tensor],
    teacher: Float[Tensor, "batch numbers"],
    truth: tuple[Targets, Int[ndarray, " batch"]],
    share: Float[Tensor, " batch"],
    plan: Plan,
) -> Float[Tensor, ""]:
    targets, rows = truth
    answer = logits[targets.head].float()
    hard = functional.one_hot(torch.from_numpy(targets.labels[rows]), answer.shape[1]).float()
    loss = functional.cross_entropy(answer, _blend_rows(hard, share), label_smoothing=plan.smoothing)
    wanted = _blend_rows(torch.from_numpy(targets.teacher[rows]), share)
    loss = loss + plan.teacher * functional.mse_loss(teacher, wanted)
    if targets.soft is not None and plan.soft > 0.0:
        soft = torch.softmax(torch.from_numpy(targets.soft[rows]) / plan.heat, dim=1)
        loss = loss + plan.soft * functional.cross_entropy(answer, _blend_rows(soft, share))
    return loss


def _blend_rows(rows: Float[Tensor, "batch n"], share: Float[Tensor, " batch"]) -> Float[Tensor, "batch n"]:
    return share[:, None] * rows + (1.0 - share[:, None]) * rows.roll(1, 0)


@torch.no_grad()
def _blend(average: AffectNet, net: AffectNet, keep: float) -> None:
    for mean, value in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
        if mean.dtype.is_floating_point:
            mean.lerp_(value, 1.0 - keep)
        else:
            mean.copy_(value)
