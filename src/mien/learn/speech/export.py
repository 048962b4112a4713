"""From trained speech networks to graphs: int8 weights per channel, float activations, any batch and length."""

import warnings
from collections.abc import Mapping
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from mien.learn.finder.export import OPSET, shrink
from mien.learn.speech.overlap import OverlapNet
from mien.learn.speech.voicenet import N_FACTS, VoiceNet

__all__ = ["write", "write_frames", "write_overlap", "write_voices"]

BANDS = 80
TIMED = ("mel", "mask", "states", "overlap")
"""Inputs and outputs with a row for each frame."""


def write_frames(net: VoiceNet, path: Path) -> Path:
    """Write the graph `(mel, mask) -> states` of the voice network, a row for each frame."""
    return write(_States(net), path, _timed(), "states")


def write_overlap(net: OverlapNet, path: Path) -> Path:
    """Write the graph `(mel, mask) -> overlap`: how likely two voices are in each frame."""
    return write(_Likely(net), path, _timed(), "overlap")


def write_voices(net: VoiceNet, path: Path) -> Path:
    """Write the graph `(mean, variance, facts) -> vector` of length 1; mean and variance are of states."""
    feeds = {"mean": torch.zeros(2, net.width), "variance": torch.ones(2, net.width), "facts": torch.zeros(2, N_FACTS)}
    return write(_Vector(net), path, feeds, "vector")


def _timed() -> dict[str, Tensor]:
    return {"mel": torch.zeros(2, 120, BANDS), "mask": torch.ones(2, 120, dtype=torch.bool)}


class _States(nn.Module):
    """The convolutions of the voice network alone."""

    def __init__(self, net: VoiceNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, mel: Tensor, mask: Tensor) -> Tensor:
        """Return states, a row for each frame."""
        return self.net.states(mel, mask).transpose(1, 2)


class _Vector(nn.Module):
    """The last step of the voice network alone."""

    def __init__(self, net: VoiceNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, mean: Tensor, variance: Tensor, facts: Tensor) -> Tensor:
        """Return vectors of stretches."""
        return self.net.vector(mean, variance, facts)


class _Likely(nn.Module):
    """The overlap network with probabilities in place of logits."""

    def __init__(self, net: OverlapNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, mel: Tensor, mask: Tensor) -> Tensor:
        """Return a probability for each frame."""
        return torch.sigmoid(self.net(mel, mask))


def write(net: nn.Module, path: Path, feeds: Mapping[str, Tensor], output: str) -> Path:
    """Write a network as a graph with weights as int8; what is in `TIMED` may be of any length.

    Args:
        net: The network.
        path: The file.
        feeds: Its inputs by name, in their order, as an example.
        output: Name of its output.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    axes = {name: {0: "batch", 1: "time"} if name in TIMED else {0: "batch"} for name in (*feeds, output)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of its own retirement
        torch.onnx.export(
            net.eval(),
            tuple(feeds.values()),
            str(path),
            input_names=list(feeds),
            output_names=[output],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.save(shrink(onnx.load(str(path))), str(path))
    return path
