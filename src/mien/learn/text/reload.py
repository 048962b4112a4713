"""The trained encoder, read back from its graph, so that training can go on from a shipped model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from mien.errors import AssetError
from mien.learn.text.net import Encoder, EncoderShape

__all__ = ["reload_trunk"]

HEAD_WIDTH = 32
"""Width of one attention head in every encoder that is written here."""


def reload_trunk(path: Path, *, dropout: float = 0.1) -> Encoder:
    """Return the encoder whose graph `mien.learn.text.graph.write_trunk` wrote, its int8 weights as floats.

    Args:
        path: ``trunk.onnx``.
        dropout: Rate of the dropout while training.

    Raises:
        AssetError: The graph holds other weights than such an encoder has.
    """
    graph = onnx.load(str(path)).graph
    arrays = [numpy_helper.to_array(weight) for weight in graph.initializer]
    # Beside shapes, axes and single numbers, the weights come in the order in which they are computed with.
    stored = iter([array for array in arrays if array.ndim and array.dtype != np.int64])
    try:
        words = _dequantised(stored, axis=0)
        weights = {"words.weight": words, "places.weight": next(stored), **_norm(stored, "embed_norm")}
        layers = 0
        while (first := next(stored, None)) is not None:
            weights |= _block(first, stored, f"blocks.{layers}")
            layers += 1
        inner = weights["blocks.0.up.weight"].shape[0]
        shape = EncoderShape(
            vocabulary=len(words),
            positions=len(weights["places.weight"]),
            width=words.shape[1],
            layers=layers,
            heads=words.shape[1] // HEAD_WIDTH,
            inner=inner,
        )
        encoder = Encoder(shape, dropout)
        encoder.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in weights.items()})
    except (StopIteration, KeyError, IndexError, ValueError, RuntimeError) as error:
        raise AssetError(
            f"the graph {path} holds no encoder that can be trained on; give one of a text model"
        ) from error
    return encoder


def _dequantised(stored: Iterator[np.ndarray], *, axis: int, first: np.ndarray | None = None) -> np.ndarray:
    values = next(stored) if first is None else first
    scale = next(stored).reshape(-1)
    shape = [1, 1]
    shape[axis] = len(scale)
    floats: np.ndarray = values.astype(np.float32) * scale.reshape(shape)
    return floats


def _linear(stored: Iterator[np.ndarray], name: str, first: np.ndarray | None = None) -> dict[str, np.ndarray]:
    weight = _dequantised(stored, axis=1, first=first).T
    return {f"{name}.weight": weight, f"{name}.bias": next(stored)}


def _norm(stored: Iterator[np.ndarray], name: str) -> dict[str, np.ndarray]:
    return {f"{name}.weight": next(stored), f"{name}.bias": next(stored)}


def _block(first: np.ndarray, stored: Iterator[np.ndarray], name: str) -> dict[str, np.ndarray]:
    return {
        **_linear(stored, f"{name}.qkv", first),
        **_linear(stored, f"{name}.mix"),
        **_norm(stored, f"{name}.mix_norm"),
        **_linear(stored, f"{name}.up"),
        **_linear(stored, f"{name}.down"),
        **_norm(stored, f"{name}.down_norm"),
    }
