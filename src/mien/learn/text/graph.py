"""The trained net as ONNX graphs, written node by node, with int8 weights and float activations.

A weight is stored as int8 with one scale an output channel (word vectors: one a word) and turned back into float when
the graph is opened, so that an answer depends neither on its batch nor on padding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from mien.learn.text.net import Block, CategoryHead, DimensionHead, Encoder

OPSET = 20
SHAPE: list[str | int] = ["batch", "time"]
PACKED = 32
"""Columns that share a scale in a matrix of 4 bits."""
MASKED = -1e9
"""Added to the scores of padding; its share after the softmax is exactly zero."""


def quantise(weight: np.ndarray, *, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Return int8 values and float32 scales, one a slice along `axis`, symmetric about zero."""
    others = tuple(other for other in range(weight.ndim) if other != axis)
    scale = np.maximum(np.abs(weight).max(axis=others, keepdims=True), 1e-12) / 127
    return np.round(weight / scale).astype(np.int8), scale.astype(np.float32)


def pack(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a matrix in 4 bits: bytes ``(rows, blocks, 16)`` and float16 scales ``(rows, blocks, 1)``.

    Each block of 32 columns has a scale of its own, and number j of it lies in the lower half of byte j, number j + 16
    in the upper half. What has been packed once comes out of a second time unchanged.
    """
    blocks = weight.reshape(len(weight), -1, PACKED)
    peak = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2, keepdims=True), axis=2)
    scale = (peak / -8).astype(np.float16)
    divisor = np.where(scale == 0, np.float32(1), scale.astype(np.float32))
    values = np.clip(np.round(blocks / divisor) + 8, 0, 15).astype(np.uint8)
    half = PACKED // 2
    return values[..., :half] | (values[..., half:] << 4), scale


class GraphWriter:
    """Collects nodes and weights of one graph."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def constant(self, values: np.ndarray | np.generic) -> str:
        """Store an array and return its name."""
        name = f"w{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.array(values), name))
        return name

    def add(self, kind: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        """Add a node with one output and return the output's name."""
        name = output or f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def split(self, value: str, count: int, *, axis: int) -> list[str]:
        """Split a value into `count` equal ones."""
        names = [f"n{len(self._nodes)}_{part}" for part in range(count)]
        self._nodes.append(helper.make_node("Split", [value], names, axis=axis, num_outputs=count))
        return names

    def floats(self, weight: np.ndarray, *, axis: int) -> str:
        """Store a weight as int8 and return the name of its float form, scaled along `axis`."""
        values, scale = quantise(weight, axis=axis)
        return self.add("DequantizeLinear", self.constant(values), self.constant(scale.reshape(-1)), axis=axis)

    def linear(self, value: str, layer: torch.nn.Linear, *, small: bool = False) -> str:
        """Add a linear layer; a small one keeps its float weights."""
        weight = _array(layer.weight).T
        name = self.constant(weight) if small else self.floats(weight, axis=1)
        return self.add("Add", self.add("MatMul", value, name), self.constant(_array(layer.bias)))

    def norm(self, value: str, layer: torch.nn.LayerNorm, *, output: str | None = None) -> str:
        """Add a layer normalisation over the last axis."""
        scale, bias = self.constant(_array(layer.weight)), self.constant(_array(layer.bias))
        return self.add("LayerNormalization", value, scale, bias, output=output, axis=-1, epsilon=layer.eps)

    def write(
        self, path: Path, inputs: dict[str, tuple[int, list[str | int]]], outputs: dict[str, list[str | int]]
    ) -> None:
        """Check the graph and write it to `path`; `inputs` are type and shape, `outputs` are float of a shape."""
        graph = helper.make_graph(
            self._nodes,
            path.stem,
            [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
            self._weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
        model.producer_name = "mien"
        onnx.checker.check_model(model)
        path.write_bytes(model.SerializeToString())


def _array(tensor: torch.Tensor) -> np.ndarray:
    array: np.ndarray = tensor.detach().float().numpy()
    return array


def write_trunk(trunk: Encoder, path: Path, *, positions: int, packed: bool = False) -> None:
    """Write the encoder: ``ids`` and ``mask`` [batch, time] int64 to ``sentence`` [batch, width] float.

    Beside it, ``states0`` to ``states<layers - 1>`` [batch, time, width] are what each block takes, so that upper
    blocks of another model can begin there.

    Args:
        trunk: The encoder.
        path: Where to write.
        positions: The most tokens of a text.
        packed: Whether the word vectors take 4 bits a number instead of 8.
    """
    writer = GraphWriter()
    words = _packed_words(writer, trunk) if packed else _words(writer, trunk)
    placed = writer.add("Add", words, _places(writer, trunk, positions))
    states = writer.norm(placed, trunk.embed_norm, output="states0")
    keep, bias = _kept(writer)
    width: list[str | int] = ["batch", "time", trunk.shape.width]
    inner = {"states0": width}
    for place, block in enumerate(trunk.blocks, start=1):
        output = f"states{place}" if place < len(trunk.blocks) else None
        states = _block(writer, block, states, bias, output=output)
        inner |= {output: width} if output else {}
    _mean(writer, states, keep, output="sentence")
    inputs = dict.fromkeys(("ids", "mask"), (TensorProto.INT64, SHAPE))
    writer.write(path, inputs, {"sentence": ["batch", trunk.shape.width], **inner})


def write_upper(blocks: Sequence[Block], path: Path, *, pooled: Sequence[int] = ()) -> None:
    """Write upper blocks: ``states`` [batch, time, width] and ``mask`` [batch, time] to ``sentence`` [batch, width].

    Args:
        blocks: The blocks.
        path: Where to write.
        pooled: States of the trunk whose means stand in ``sentence`` before what the blocks make, side by side; they
            are further inputs, ``states<number>``.
    """
    writer, states, width = GraphWriter(), "states", blocks[0].mix.in_features
    names = [f"states{number}" for number in pooled]
    keep, bias = _kept(writer)
    for block in blocks:
        states = _block(writer, block, states, bias)
    means = [_mean(writer, each, keep) for each in (*names, states)]
    writer.add("Concat", *means, output="sentence", axis=1)
    inputs = dict.fromkeys(("states", *names), (TensorProto.FLOAT, [*SHAPE, width]))
    writer.write(path, {**inputs, "mask": (TensorProto.INT64, SHAPE)}, {"sentence": ["batch", len(means) * width]})


def _kept(writer: GraphWriter) -> tuple[str, str]:
    """Return the mask as floats, and what is added to the scores of each token."""
    keep = writer.add("Cast", "mask", to=TensorProto.FLOAT)
    missing = writer.add("Sub", writer.constant(np.float32(1)), keep)
    bias = writer.add("Mul", missing, writer.constant(np.float32(MASKED)))
    return keep, writer.add("Unsqueeze", bias, writer.constant(np.array([1, 2])))


def _mean(writer: GraphWriter, states: str, keep: str, *, output: str | None = None) -> str:
    """Add the mean over the real tokens and return its name."""
    weights = writer.add("Unsqueeze", keep, writer.constant(np.array([2])))
    axes = writer.constant(np.array([1]))
    total = writer.add("ReduceSum", writer.add("Mul", states, weights), axes, keepdims=0)
    return writer.add("Div", total, writer.add("ReduceSum", weights, axes, keepdims=0), output=output)


def _words(writer: GraphWriter, trunk: Encoder) -> str:
    # Only the rows that are looked up become float; the whole table would take 47 MB.
    values, scale = quantise(_array(trunk.words.weight), axis=0)
    rows = writer.add("Cast", writer.add("Gather", writer.constant(values), "ids"), to=TensorProto.FLOAT)
    return writer.add("Mul", rows, writer.add("Gather", writer.constant(scale), "ids"))


def _packed_words(writer: GraphWriter, trunk: Encoder) -> str:
    values, scale = pack(_array(trunk.words.weight))
    rows = writer.add("Gather", writer.constant(values), "ids")
    lower = writer.add("BitwiseAnd", rows, writer.constant(np.uint8(15)))
    upper = writer.add("BitShift", rows, writer.constant(np.uint8(4)), direction="RIGHT")
    whole = writer.add("Cast", writer.add("Concat", lower, upper, axis=-1), to=TensorProto.FLOAT)
    centred = writer.add("Sub", whole, writer.constant(np.float32(8)))
    scales = writer.add("Cast", writer.add("Gather", writer.constant(scale), "ids"), to=TensorProto.FLOAT)
    shape = writer.constant(np.array([0, 0, trunk.shape.width]))
    return writer.add("Reshape", writer.add("Mul", centred, scales), shape)


def _places(writer: GraphWriter, trunk: Encoder, positions: int) -> str:
    time = writer.add("Slice", writer.add("Shape", "ids"), *(writer.constant(np.array([n])) for n in (1, 2)))
    table = writer.constant(_array(trunk.places.weight)[:positions])
    return writer.add("Slice", table, writer.constant(np.array([0])), time, writer.constant(np.array([0])))


def _block(writer: GraphWriter, block: Block, states: str, bias: str, *, output: str | None = None) -> str:
    states = writer.norm(writer.add("Add", states, _attend(writer, block, states, bias)), block.mix_norm)
    inner = writer.add("Gelu", writer.linear(states, block.up))
    return writer.norm(writer.add("Add", states, writer.linear(inner, block.down)), block.down_norm, output=output)


def _attend(writer: GraphWriter, block: Block, states: str, bias: str) -> str:
    width = block.mix.in_features
    heads = writer.constant(np.array([0, 0, block.heads, width // block.heads]))
    query, key, value = (
        writer.add("Reshape", part, heads) for part in writer.split(writer.linear(states, block.qkv), 3, axis=2)
    )
    query = writer.add("Transpose", query, perm=[0, 2, 1, 3])
    key = writer.add("Transpose", key, perm=[0, 2, 3, 1])
    value = writer.add("Transpose", value, perm=[0, 2, 1, 3])
    scores = writer.add("MatMul", query, key)
    scores = writer.add("Mul", scores, writer.constant(np.float32(1 / math.sqrt(width // block.heads))))
    shares = writer.add("Softmax", writer.add("Add", scores, bias), axis=-1)
    mixed = writer.add("Transpose", writer.add("MatMul", shares, value), perm=[0, 2, 1, 3])
    merged = writer.add("Reshape", mixed, writer.constant(np.array([0, 0, width])))
    return writer.linear(merged, block.mix)


def write_categories(head: CategoryHead, path: Path) -> None:
    """Write a category head: ``sentence`` [batch, width] to ``logits`` [batch, labels]."""
    writer = GraphWriter()
    writer.add("Identity", writer.linear("sentence", head.out, small=True), output="logits")
    inputs = {"sentence": (TensorProto.FLOAT, ["batch", head.out.in_features])}
    writer.write(path, inputs, {"logits": ["batch", head.out.out_features]})


def write_dimensions(head: DimensionHead, path: Path, *, centre: np.ndarray, spread: np.ndarray) -> None:
    """Write the dimension head: ``sentence`` to ``mean`` and ``std`` [batch, 3] on [-1, 1].

    Args:
        head: Answers in standard units of the training truth.
        path: Where to write.
        centre: Mean of the training truth, one a dimension.
        spread: Standard deviation of the training truth, one a dimension.
    """
    writer = GraphWriter()
    scale, offset = (writer.constant(values.astype(np.float32)) for values in (spread, centre))
    inner = writer.add("Gelu", writer.linear("sentence", head.inner, small=True))
    writer.add("Add", writer.add("Mul", writer.linear(inner, head.mean, small=True), scale), offset, output="mean")
    std = writer.add("Exp", writer.linear(inner, head.log_std, small=True))
    writer.add("Mul", std, scale, output="std")
    inputs = {"sentence": (TensorProto.FLOAT, ["batch", head.inner.in_features])}
    shape: list[str | int] = ["batch", head.mean.out_features]
    writer.write(path, inputs, {"mean": shape, "std": shape})
