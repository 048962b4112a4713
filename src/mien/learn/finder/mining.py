"""Which empty pictures fool the network now, so that it meets them more often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from mien.learn.finder.pictures import Picture, Studio
from mien.perceive.face.finder import letterbox
from mien.types.signals import Image

SIDES = (448, 192)
"""Longer sides, in pixels, at which an empty picture is looked at."""


@dataclass(frozen=True, slots=True)
class Miner:
    """Weighs empty pictures by the best score that the network gives to anything in them.

    Args:
        start: First step at which pictures are weighed.
        every: Steps between weighings.
        share: Share of the draws that go by weight; the rest stays even.
    """

    start: int
    every: int
    share: float

    def due(self, step: int) -> bool:
        """Whether pictures are weighed at this step."""
        return step >= self.start and step % self.every == 0

    def mine(self, network: nn.Module, studio: Studio, step: int) -> None:
        """Set the studio's weights of empty pictures, unless it is too early."""
        if step < self.start or not len(studio.without):
            return
        network.eval()
        scores = np.array([best_score(network, studio.pictures[index]) for index in studio.without])
        weights = scores**2 + 1e-6
        studio.weights = self.share * weights / weights.sum() + (1 - self.share) / len(weights)


@torch.no_grad()
def best_score(network: nn.Module, picture: Picture) -> float:
    """The highest score that the network gives to any cell of the picture, on [0, 1]."""
    best = 0.0
    for side in SIDES:
        board, _ = letterbox(Image(np.asarray(picture.image)), side, enlarge=4.0)
        grids = network(torch.from_numpy(board).permute(2, 0, 1)[None].float())
        best = max(best, *(float(grid[:, 0].max().sigmoid()) for grid in grids))
    return best
