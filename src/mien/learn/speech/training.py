"""Training of the emotion network on traits: labels, a probe's soft labels, and the teacher's numbers."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor
from torch.nn import functional

from mien.learn.speech.net import EDGE, AffectNet, Member, Mixture

__all__ = ["Plan", "Targets", "answer", "recall", "train"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: sizes, passes, step sizes and weights of the losses."""

    members: int = 5
    sizes: tuple[int, int] = (256, 128)
    dropout: float = 0.4
    epochs: int = 30
    rate: float = 3e-3
    decay: float = 0.05
    batch: int = 128
    mixed: float = 0.4
    smoothing: float = 0.05
    soft: float = 1.0
    heat: float = 2.0
    imitate: float = 1.0


@dataclass(frozen=True, slots=True)
class Targets:
    """What a clip should give: its label, the logits of a probe on the teacher, and the teacher's numbers."""

    labels: Int[ndarray, " clips"]
    soft: Float[ndarray, "clips labels"]
    teacher: Float[ndarray, "clips numbers"]


def train(traits: Float[ndarray, "clips traits"], targets: Targets, plan: Plan, *, seed: int) -> AffectNet:
    """Train the members one after another, each with its own order and start."""
    centre, spread = traits.mean(axis=0), traits.std(axis=0) + 1e-3
    standard = torch.from_numpy(np.clip((traits - centre) / spread, -EDGE, EDGE).astype(np.float32))
    members = [_member(standard, targets, plan, seed * 100 + number) for number in range(plan.members)]
    return AffectNet(members, centre.astype(np.float32), spread.astype(np.float32)).eval()


def answer(net: AffectNet | Mixture, traits: Float[ndarray, "clips traits"]) -> Float[ndarray, "clips labels"]:
    """Logits of clips."""
    with torch.inference_mode():
        return np.asarray(net.eval()(torch.from_numpy(traits.astype(np.float32))).numpy())


def recall(labels: Int[ndarray, " clips"], logits: Float[ndarray, "clips labels"]) -> float:
    """Unweighted average recall."""
    guesses = logits.argmax(axis=1)
    return float(np.mean([(guesses[labels == label] == label).mean() for label in np.unique(labels)]))


def _member(standard: Float[Tensor, "clips traits"], targets: Targets, plan: Plan, seed: int) -> Member:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    wanted = _wanted(targets, plan)
    n_labels, n_teacher = targets.soft.shape[1], targets.teacher.shape[1]
    member = Member(standard.shape[1], plan.sizes, n_labels=n_labels, n_teacher=n_teacher, dropout=plan.dropout)
    optimiser = torch.optim.AdamW(member.parameters(), lr=plan.rate, weight_decay=plan.decay)
    steps = plan.epochs * (len(standard) // plan.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps + 1, pct_start=0.2)
    for _ in range(plan.epochs):
        order = rng.permutation(len(standard))
        for start in range(0, len(order) - plan.batch + 1, plan.batch):
            rows = torch.from_numpy(order[start : start + plan.batch])
            loss = _loss(member, standard, wanted, (rows, _shares(len(rows), plan.mixed, rng)), plan)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return member.eval()


def _wanted(targets: Targets, plan: Plan) -> tuple[Tensor, Tensor, Tensor]:
    hard = functional.one_hot(torch.from_numpy(targets.labels), targets.soft.shape[1]).float()
    soft = torch.softmax(torch.from_numpy(targets.soft) / plan.heat, dim=1)
    return hard, soft, torch.from_numpy(targets.teacher)


def _loss(
    member: Member,
    standard: Float[Tensor, "clips traits"],
    wanted: tuple[Tensor, Tensor, Tensor],
    mixed: tuple[Int[Tensor, " batch"], Float[Tensor, "batch 1"]],
    plan: Plan,
) -> Float[Tensor, ""]:
    """Loss of a batch in which each clip is mixed with another.

    References:
        Zhang et al. (2018), mixup, ICLR; Hinton, Vinyals and Dean (2015), Distilling the knowledge in a neural network.
    """
    rows, share = mixed

    def blend(table: Tensor) -> Tensor:
        return share * table[rows] + (1.0 - share) * table[rows.roll(1)]

    hard, soft, teacher = (blend(table) for table in wanted)
    logits, guess = member(blend(standard))
    loss = functional.cross_entropy(logits, hard, label_smoothing=plan.smoothing)
    loss = loss + plan.soft * functional.cross_entropy(logits, soft)
    return loss + plan.imitate * functional.mse_loss(guess, teacher)


def _shares(n: int, mixed: float, rng: np.random.Generator) -> Float[Tensor, "batch 1"]:
    share = rng.beta(mixed, mixed, (n, 1)) if mixed > 0.0 else np.ones((n, 1))
    return torch.from_numpy(np.maximum(share, 1.0 - share).astype(np.float32))
