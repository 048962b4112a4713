"""From a trained network to the shipped graph: batch norms folded in, weights as int8 per channel, pixels as they are.

Activations stay float, so that an answer depends neither on its batch nor on padding.
"""

from __future__ import annotations

import warnings
from copy import deepcopy
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from mien.learn.finder.network import FinderNetwork

OPSET = 17

LEAST_WEIGHTS = 256
"""Smaller tensors, such as biases, stay float: they cost nothing."""


class Shipped(nn.Module):
    """The network with the camera's layout: ``(batch, height, width, 3)`` of uint8 in, float grids out."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Read pixels as decoded."""
        answer: tuple[Tensor, Tensor, Tensor] = self.network(pixels.permute(0, 3, 1, 2).float())
        return answer


def fold(network: FinderNetwork) -> FinderNetwork:
    """Return a copy whose batch norms are folded into the convolutions before them."""
    network = deepcopy(network).eval()
    for part in list(network.modules()):
        if isinstance(part, nn.Sequential) and len(part) == 2 and isinstance(part[1], nn.BatchNorm2d):
            part[0], part[1] = fuse_conv_bn_eval(part[0], part[1]), nn.Identity()
    return network.to(memory_format=torch.contiguous_format)


def export(network: FinderNetwork, path: Path) -> None:
    """Write the network as an ONNX graph that reads any batch, height and width."""
    names = ("grid8", "grid16", "grid32")
    axes = {name: {0: "batch", 2: f"height_{name}", 3: f"width_{name}"} for name in names}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Shipped(fold(network)),
            (torch.zeros(1, 64, 64, 3, dtype=torch.uint8),),
            str(path),
            input_names=["pixels"],
            output_names=list(names),
            dynamic_axes={"pixels": {0: "batch", 1: "height", 2: "width"}, **axes},
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load(str(path))
    onnx.save(shrink(model), str(path))


def shrink(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store large weights as int8 with one scale per output channel; the runtime unpacks them once, when it loads.

    They are unpacked by Cast and Mul: the runtime folds those ahead, but keeps DequantizeLinear for every run.
    """
    graph = model.graph
    for tensor in list(graph.initializer):
        weights = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or weights.ndim < 2 or weights.size < LEAST_WEIGHTS:
            continue
        scales = np.abs(weights).reshape(len(weights), -1).max(axis=1).clip(1e-8) / 127
        scales = scales.reshape(-1, *[1] * (weights.ndim - 1)).astype(np.float32)
        codes = np.round(weights / scales).astype(np.int8)
        int8, scale, unpacked = (f"{tensor.name}_{part}" for part in ("int8", "scale", "float"))
        graph.initializer.remove(tensor)
        graph.initializer.extend([numpy_helper.from_array(codes, int8), numpy_helper.from_array(scales, scale)])
        graph.node.insert(0, helper.make_node("Mul", [unpacked, scale], [tensor.name]))
        graph.node.insert(0, helper.make_node("Cast", [int8], [unpacked], to=TensorProto.FLOAT))
    return model
