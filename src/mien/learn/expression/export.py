"""From the trained network to the shipped graphs: one trunk and two heads."""

from __future__ import annotations

import warnings
from copy import deepcopy
from pathlib import Path

import onnx
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from mien.learn.expression.net import Expression, Residual, Trunk
from mien.learn.finder.export import shrink

OPSET = 17
HEADS = ("ferplus", "fer2013")


def fold(trunk: Trunk) -> Trunk:
    """Return a copy whose batch norms are folded into the convolutions before them."""
    trunk = deepcopy(trunk).eval().to(memory_format=torch.contiguous_format)
    trunk.stem, trunk.stem_norm = _fused(trunk.stem, trunk.stem_norm)
    for part in trunk.modules():
        if isinstance(part, Residual):
            part.first, part.first_norm = _fused(part.first, part.first_norm)
            part.second, part.second_norm = _fused(part.second, part.second_norm)
            if len(part.shortcut):
                part.shortcut[-2], part.shortcut[-1] = _fused(part.shortcut[-2], part.shortcut[-1])
    return trunk


def export(net: Expression, folder: Path) -> None:
    """Write ``trunk.onnx`` (weights int8 per channel, activations float), ``ferplus.onnx`` and ``fer2013.onnx``.

    The trunk reads ``faces``, shape ``(n, 1, 48, 48)`` in [0, 1]; each head reads the trunk's ``vectors`` and answers
    with logits.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write(fold(net.trunk), torch.zeros(1, 1, 48, 48), ("faces", "vectors"), folder / "trunk.onnx")
    onnx.save(shrink(onnx.load(str(folder / "trunk.onnx"))), str(folder / "trunk.onnx"))
    for head in HEADS:
        _write(getattr(net, head), torch.zeros(1, net.trunk.size), ("vectors", "scores"), folder / f"{head}.onnx")


def _fused(convolution: nn.Module, norm: nn.Module) -> tuple[nn.Conv2d, nn.Identity]:
    return fuse_conv_bn_eval(convolution, norm), nn.Identity()


def _write(part: nn.Module, example: torch.Tensor, names: tuple[str, str], path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter announces its successor, which needs another package
        torch.onnx.export(
            part.eval(),
            (example,),
            str(path),
            input_names=[names[0]],
            output_names=[names[1]],
            dynamic_axes={name: {0: "face"} for name in names},
            opset_version=OPSET,
            dynamo=False,
        )
