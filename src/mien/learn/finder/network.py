"""The face finder's network: one shot, three strides, fifteen numbers per cell.

A narrow trunk of depthwise-separable residual blocks feeds a top-down pyramid. Every cell of the strides 8, 16 and 32
answers with a score, a box and five points, so that any input whose sides are multiples of 32 is read in one pass.

References:
    Howard et al., "MobileNets", 2017 (depthwise-separable convolution).
    Lin et al., "Feature Pyramid Networks for Object Detection", 2017.
    Ge et al., "YOLOX: Exceeding YOLO Series in 2021" (anchor-free boxes: centre shift and log size in strides).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

OUTPUTS = 15
"""Score, box (dx, dy, log w, log h), then five points (x, y), all in strides from the cell's centre."""

PRIOR = 0.01
"""Score that every cell starts from, so that the many empty cells do not drown the first steps."""


def convolution(inputs: int, outputs: int, kernel: int, *, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Convolution without bias followed by batch normalisation; padding keeps the size up to the stride."""
    layer = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs))


class Separable(nn.Module):
    """Depthwise then pointwise convolution, each normalised; a shortcut where shapes allow it."""

    def __init__(self, inputs: int, outputs: int, *, stride: int = 1, kernel: int = 3) -> None:
        super().__init__()
        self.depthwise = convolution(inputs, inputs, kernel, stride=stride, groups=inputs)
        self.pointwise = convolution(inputs, outputs, 1)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, grid: Tensor) -> Tensor:
        """Map ``(batch, inputs, height, width)`` to ``(batch, outputs, height / stride, width / stride)``."""
        answer: Tensor = self.pointwise(functional.relu(self.depthwise(grid)))
        return functional.relu(answer + grid if self.shortcut else answer)


def stage(inputs: int, outputs: int, blocks: int, *, kernel: int = 3) -> nn.Sequential:
    """Halve the grid once, then refine it by ``blocks`` residual blocks."""
    refine = [Separable(outputs, outputs, kernel=kernel) for _ in range(blocks)]
    return nn.Sequential(Separable(inputs, outputs, stride=2), *refine)


def _head(channels: int) -> nn.Conv2d:
    head = nn.Conv2d(channels, OUTPUTS, 1)
    nn.init.normal_(head.weight, std=0.01)
    bias = torch.zeros(OUTPUTS)
    bias[0] = math.log(PRIOR / (1 - PRIOR))
    head.bias = nn.Parameter(bias)
    return head


class FinderNetwork(nn.Module):
    """Fully convolutional face finder.

    Args:
        widths: Channels of the stem and of the strides 4, 8, 16 and 32.
        blocks: Residual blocks after each halving, for the strides 4, 8, 16 and 32.
        pyramid: Channels of the pyramid and the heads.
    """

    def __init__(self, widths: Sequence[int], blocks: Sequence[int], pyramid: int) -> None:
        super().__init__()
        self.stem = convolution(3, widths[0], 3, stride=2)
        kernels = (3, 3, 3, 5)
        pairs = zip(widths[:-1], widths[1:], blocks, kernels, strict=True)
        self.stages = nn.ModuleList(stage(a, b, n, kernel=k) for a, b, n, k in pairs)
        self.lateral = nn.ModuleList(convolution(width, pyramid, 1) for width in widths[2:])
        self.merge = nn.ModuleList(Separable(pyramid, pyramid, kernel=5) for _ in range(3))
        self.heads = nn.ModuleList(_head(pyramid) for _ in range(3))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Read RGB pixels on 0..255.

        Args:
            pixels: ``(batch, 3, height, width)``; sides are multiples of 32.

        Returns:
            Grids ``(batch, 15, height / s, width / s)`` for the strides s = 8, 16, 32.
        """
        grid = functional.relu(self.stem((pixels - 127.5) * (1 / 64)))
        levels = []
        for part in self.stages:
            grid = part(grid)
            levels.append(grid)
        fine, middle, coarse = (side(level) for side, level in zip(self.lateral, levels[1:], strict=True))
        coarse = self.merge[2](functional.relu(coarse))
        middle = self.merge[1](functional.relu(middle + functional.interpolate(coarse, scale_factor=2.0)))
        fine = self.merge[0](functional.relu(fine + functional.interpolate(middle, scale_factor=2.0)))
        return self.heads[0](fine), self.heads[1](middle), self.heads[2](coarse)
