"""The expression network: one convolutional trunk and two linear heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths of the network.

    Attributes:
        stem: Channels of the first convolution, at full size.
        widths: Channels of each stage; every stage halves height and width.
        blocks: Residual blocks of each stage.
    """

    stem: int = 24
    widths: Sequence[int] = (32, 64, 96, 192)
    blocks: Sequence[int] = (1, 1, 2, 1)


class Residual(nn.Module):
    """Two 3x3 convolutions beside a shortcut (He et al. 2016), with a squeeze gate (Hu et al. 2018)."""

    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outer)
        self.second = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outer)
        self.gate = nn.Sequential(nn.Conv2d(outer, outer // 8, 1), nn.ReLU(), nn.Conv2d(outer // 8, outer, 1))
        self.shortcut = nn.Sequential() if inner == outer and stride == 1 else _project(inner, outer, stride)

    def forward(self, maps: Tensor) -> Tensor:
        """Return maps of ``outer`` channels, halved where the stride is 2."""
        deep = torch.relu(self.first_norm(self.first(maps)))
        deep = self.second_norm(self.second(deep))
        deep = deep * torch.sigmoid(self.gate(deep.mean((2, 3), keepdim=True)))
        return torch.relu(deep + self.shortcut(maps))


class Trunk(nn.Module):
    """Grey face, 48 x 48 in [0, 1] -> one vector per face.

    References:
        He et al., "Deep Residual Learning for Image Recognition", CVPR 2016.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, shape.stem, 3, 1, 1, bias=False)
        self.stem_norm = nn.BatchNorm2d(shape.stem)
        stages: list[nn.Module] = []
        inner = shape.stem
        for index, (width, count) in enumerate(zip(shape.widths, shape.blocks, strict=True)):
            stages += [nn.MaxPool2d(2)] if index == 0 else []
            stages.append(Residual(inner, width, 1 if index == 0 else 2))
            stages += [Residual(width, width, 1) for _ in range(count - 1)]
            inner = width
        self.stages = nn.Sequential(*stages)
        self.size = inner

    def forward(self, faces: Tensor) -> Tensor:
        """Map ``(n, 1, 48, 48)`` to ``(n, size)``; each face is set to zero mean and unit spread first."""
        mean = faces.mean((1, 2, 3), keepdim=True)
        spread = (faces - mean).square().mean((1, 2, 3), keepdim=True).sqrt()
        maps = torch.relu(self.stem_norm(self.stem((faces - mean) / (spread + 0.03))))
        return self.stages(maps).mean((2, 3))


class Expression(nn.Module):
    """The trunk with a head of FER+ votes (8 classes) and a head of FER2013 labels (7 classes)."""

    def __init__(self, shape: Shape | None = None, dropout: float = 0.3) -> None:
        super().__init__()
        self.trunk = Trunk(shape or Shape())
        self.dropout = nn.Dropout(dropout)
        self.ferplus = nn.Linear(self.trunk.size, 8)
        self.fer2013 = nn.Linear(self.trunk.size, 7)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of both heads, ``(n, 8)`` and ``(n, 7)``."""
        vector = self.dropout(self.trunk(faces))
        return self.ferplus(vector), self.fer2013(vector)


def _project(inner: int, outer: int, stride: int) -> nn.Sequential:
    pool = [nn.AvgPool2d(2)] if stride == 2 else []
    return nn.Sequential(*pool, nn.Conv2d(inner, outer, 1, bias=False), nn.BatchNorm2d(outer))
