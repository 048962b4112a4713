"""From a trained network to the graphs of a shipped model: what a segment sounds like, and what emotion that is."""

from __future__ import annotations

from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from mien.learn.hearing.encoder import BANDS
from mien.learn.hearing.nets import BaseNet, TinyNet
from mien.learn.speech.export import write

__all__ = ["write_graphs"]


class _Trunk(nn.Module):
    def __init__(self, net: BaseNet | TinyNet) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, mel: Float[Tensor, "batch frames bands"], mask: Bool[Tensor, "batch frames"]
    ) -> Float[Tensor, "batch pooled"]:
        return self.net.pooled(mel, mask)


def write_graphs(net: BaseNet | TinyNet, folder: Path) -> None:
    """Write ``trunk.onnx``, ``(mel, mask) -> states``, and ``affect.onnx``, ``states -> logits``; weights as int8."""
    net = net.eval()
    mask = torch.ones(2, 120, dtype=torch.bool)
    write(_Trunk(net), folder / "trunk.onnx", {"mel": torch.zeros(2, 120, BANDS), "mask": mask}, "states")
    states = torch.zeros(2, net.answers.head.in_features)
    write(net.answers.head, folder / "affect.onnx", {"states": states}, "logits")
