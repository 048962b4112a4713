"""Random changes of grey faces, done to a whole batch at once."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Ranges:
    """How far a face may be changed.

    Attributes:
        turn: Largest rotation, radians.
        scale: Largest relative change of size.
        shift: Largest shift, as a part of the half width.
        gamma: Largest change of brightness, as the logarithm of the exponent.
        blur: Part of the faces that are blurred.
        cut: Side of the square that is cut out, pixels.
        cut_part: Part of the faces that lose a square.
    """

    turn: float = 0.26
    scale: float = 0.15
    shift: float = 0.15
    gamma: float = 0.4
    blur: float = 0.15
    cut: int = 14
    cut_part: float = 0.5


def augment(faces: Tensor, ranges: Ranges, source: torch.Generator) -> Tensor:
    """Flip, move, turn, scale, brighten, blur and cut ``(n, 1, h, w)`` faces in [0, 1]."""
    moved = functional.grid_sample(faces, _grid(faces, ranges, source), padding_mode="border", align_corners=False)
    lit = moved.clamp(1e-4, 1).pow(_spread(len(faces), ranges.gamma, source).exp()[:, None, None, None])
    soft = functional.avg_pool2d(functional.pad(lit, (1, 1, 1, 1), mode="replicate"), 3, 1)
    chosen = torch.rand(len(faces), generator=source) < ranges.blur
    return _cut(torch.where(chosen[:, None, None, None], soft, lit), ranges, source)


def _grid(faces: Tensor, ranges: Ranges, source: torch.Generator) -> Tensor:
    count = len(faces)
    turn, scale = _spread(count, ranges.turn, source), 1 + _spread(count, ranges.scale, source)
    flip = torch.where(torch.rand(count, generator=source) < 0.5, -1.0, 1.0)
    matrix = torch.zeros(count, 2, 3)
    matrix[:, 0, 0], matrix[:, 0, 1] = turn.cos() * scale * flip, -turn.sin() * scale
    matrix[:, 1, 0], matrix[:, 1, 1] = turn.sin() * scale * flip, turn.cos() * scale
    matrix[:, 0, 2], matrix[:, 1, 2] = _spread(count, ranges.shift, source), _spread(count, ranges.shift, source)
    return functional.affine_grid(matrix, list(faces.shape), align_corners=False)


def _cut(faces: Tensor, ranges: Ranges, source: torch.Generator) -> Tensor:
    count, _, height, width = faces.shape
    row = torch.randint(0, height, (count, 1), generator=source)
    column = torch.randint(0, width, (count, 1), generator=source)
    rows = (torch.arange(height)[None] - row).abs() <= ranges.cut // 2
    columns = (torch.arange(width)[None] - column).abs() <= ranges.cut // 2
    hit = rows[:, :, None] & columns[:, None, :]
    hit &= (torch.rand(count, generator=source) < ranges.cut_part)[:, None, None]
    return torch.where(hit[:, None], faces.mean((1, 2, 3), keepdim=True), faces)


def _spread(count: int, limit: float, source: torch.Generator) -> Tensor:
    return (torch.rand(count, generator=source) * 2 - 1) * limit
