"""What the face finder is trained on: which cells answer for a face, and how far off they are.

References:
    Feng et al., "TOOD: Task-aligned One-stage Object Detection", 2021 (which cells answer).
    Li et al., "Generalized Focal Loss", 2020 (the score learns the box's overlap).
    Rezatofighi et al., "Generalized Intersection over Union", 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

STRIDES = (8, 16, 32)

SIZE = 4.0
"""Box side, in strides, that a cell answers with before it has learned anything."""

BEST = 9
"""Cells that answer for one face at most."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything the network said, in pixels, one row per cell of all strides.

    Attributes:
        logits: ``(batch, cells)``.
        boxes: ``(batch, cells, 4)``.
        points: ``(batch, cells, 5, 2)``.
        centres: ``(cells, 2)``.
    """

    logits: Tensor
    boxes: Tensor
    points: Tensor
    centres: Tensor


@dataclass(frozen=True, slots=True)
class Truth:
    """Faces of a batch, padded to the most that one sample holds.

    Attributes:
        boxes: ``(batch, faces, 4)``.
        points: ``(batch, faces, 5, 2)``; ``nan`` where unknown.
        counted: ``(batch, faces)`` true for faces to find.
        ignored: ``(batch, faces)`` true for regions without loss.
    """

    boxes: Tensor
    points: Tensor
    counted: Tensor
    ignored: Tensor


def read(grids: Sequence[Tensor]) -> Answers:
    """Turn the three grids into boxes and points in pixels."""
    rows, centres, strides = [], [], []
    for grid, stride in zip(grids, STRIDES, strict=True):
        high, wide = grid.shape[-2:]
        y, x = torch.meshgrid(torch.arange(high), torch.arange(wide), indexing="ij")
        centres.append((torch.stack([x, y], dim=-1).reshape(-1, 2) + 0.5) * stride)
        strides.append(torch.full((high * wide,), float(stride)))
        rows.append(grid.float().flatten(2).transpose(1, 2))
    row, centre, step = torch.cat(rows, dim=1), torch.cat(centres), torch.cat(strides)[:, None]
    middle = centre + row[..., 1:3] * step
    half = row[..., 3:5].clamp(max=5).exp() * step * (SIZE / 2)
    points = centre[:, None] + row[..., 5:].unflatten(-1, (5, 2)) * step[..., None]
    return Answers(row[..., 0], torch.cat([middle - half, middle + half], dim=-1), points, centre)


def overlap(ones: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """Intersection over union of boxes that broadcast, and its generalised form that falls below 0 when apart."""
    shared = (torch.minimum(ones[..., 2:], others[..., 2:]) - torch.maximum(ones[..., :2], others[..., :2])).clamp(0)
    hull = torch.maximum(ones[..., 2:], others[..., 2:]) - torch.minimum(ones[..., :2], others[..., :2])
    inter, outer = shared.prod(dim=-1), hull.prod(dim=-1)
    union = (ones[..., 2:] - ones[..., :2]).prod(dim=-1) + (others[..., 2:] - others[..., :2]).prod(dim=-1) - inter
    plain = inter / union.clamp(min=1e-6)
    return plain, plain - (outer - union) / outer.clamp(min=1e-6)


def inside(centres: Tensor, boxes: Tensor) -> Tensor:
    """Which cells lie in which boxes: ``(batch, faces, cells)``."""
    near = centres - boxes[..., None, :2]
    far = boxes[..., None, 2:] - centres
    return (torch.minimum(near, far) > 0).all(dim=-1)


@torch.no_grad()
def assign(answers: Answers, truth: Truth) -> tuple[Tensor, Tensor]:
    """Choose the cells that answer for each face by how well they already do.

    Returns:
        Target score of each cell ``(batch, cells)``, 0 where it answers for none, and the face it answers for.
    """
    candidate = inside(answers.centres, truth.boxes) & truth.counted[..., None]
    fit, _ = overlap(truth.boxes[:, :, None], answers.boxes[:, None])
    fit = fit * candidate
    aligned = answers.logits.sigmoid()[:, None].sqrt() * fit**4
    kept = aligned.topk(min(BEST, aligned.shape[-1]), dim=-1)
    chosen = torch.zeros_like(candidate).scatter(-1, kept.indices, True) & candidate
    best, face = torch.where(chosen, fit, -1.0).max(dim=1)
    strongest = (aligned * chosen).amax(dim=-1, keepdim=True)
    goal = aligned / strongest.clamp(min=1e-9) * (fit * chosen).amax(dim=-1, keepdim=True)
    goal = goal.gather(1, face[:, None])[:, 0]
    return torch.where(best >= 0, goal, 0.0), face


def loss(answers: Answers, truth: Truth) -> dict[str, Tensor]:
    """Score, box and point losses of a batch; cells inside ignored regions give none."""
    goal, face = assign(answers, truth)
    positive = goal > 0
    blind = (inside(answers.centres, truth.boxes) & truth.ignored[..., None]).any(dim=1) & ~positive
    total = goal.sum().clamp(min=1.0)
    entropy = functional.binary_cross_entropy_with_logits(answers.logits, goal, reduction="none")
    focus = (goal - answers.logits.sigmoid()).abs().pow(2)
    score = (entropy * focus * ~blind).sum() / total
    batch, cell = positive.nonzero(as_tuple=True)
    which, weight = face[batch, cell], goal[batch, cell]
    true = truth.boxes[batch, which]
    _, general = overlap(answers.boxes[batch, cell], true)
    side = (true[:, 2:] - true[:, :2]).mean(dim=-1)[:, None, None]
    away = (answers.points[batch, cell] - truth.points[batch, which]) / side
    known = ~away.isnan().any(dim=-1).any(dim=-1)
    away = functional.smooth_l1_loss(away[known], torch.zeros_like(away[known]), beta=0.02, reduction="none")
    points = (away.mean(dim=(-1, -2)) * weight[known]).sum() / total
    return {"score": score, "box": ((1 - general) * weight).sum() / total, "points": points}
