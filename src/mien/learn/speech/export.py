"""From trained speech networks to graphs: int8 weights per channel, float activations, any batch and length."""

import warnings
from collections.abc import Mapping
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from mien.learn.finder.export import OPSET, shrink
from mien.learn.speech.net import Mixture
from mien.learn.speech.voicenet import N_FACTS, VoiceNet

__all__ = ["write", "write_affect", "write_voices"]

BANDS = 80


def write_affect(net: Mixture, path: Path) -> Path:
    """Write the graph `traits -> logits`."""
    return write(net, path, {"traits": torch.zeros(2, net.n_traits)}, "logits")


def write_voices(net: VoiceNet, path: Path) -> Path:
    """Write the graph `(mel, mask, facts) -> vector` of length 1."""
    mask = torch.ones(2, 120, dtype=torch.bool)
    feeds = {"mel": torch.zeros(2, 120, BANDS), "mask": mask, "facts": torch.zeros(2, N_FACTS)}
    return write(net, path, feeds, "vector")


def write(net: nn.Module, path: Path, feeds: Mapping[str, Tensor], output: str) -> Path:
    """Write a network as a graph with weights as int8; ``mel`` and ``mask`` may be of any length.

    Args:
        net: The network.
        path: The file.
        feeds: Its inputs by name, in their order, as an example.
        output: Name of its output.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    axes = {name: {0: "batch", 1: "time"} if name in ("mel", "mask") else {0: "batch"} for name in (*feeds, output)}
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
