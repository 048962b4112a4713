"""The lower part of Whisper's encoder as a network that can be trained, and what it makes of a log-mel spectrum.

References:
    Radford et al. (2023), Robust speech recognition via large-scale weak supervision, ICML (the encoder).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from mien.learn.speech.encoder import read_weights

__all__ = ["WIDTH", "Block", "Encoder", "heard", "open_encoder"]

BANDS, WIDTH, HEADS, INNER = 80, 512, 8, 2048
REACH, LOUDEST = 8.0, 1.0
PERIOD = 10_000.0


class Block(nn.Module):
    """One layer of a transformer that normalises first.

    Args:
        n_inner: Units of its feed-forward part.
    """

    def __init__(self, n_inner: int = INNER) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.asked, self.heard = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.inner, self.outer = nn.Linear(WIDTH, n_inner), nn.Linear(n_inner, WIDTH)

    def forward(
        self, states: Float[Tensor, "batch time width"], kept: Bool[Tensor, "batch time"]
    ) -> Float[Tensor, "batch time width"]:
        """Return the states after the layer; what is not kept is not attended to."""
        states = self.attended(states, kept)
        return states + self.outer(self.units(states))

    def attended(
        self, states: Float[Tensor, "batch time width"], kept: Bool[Tensor, "batch time"]
    ) -> Float[Tensor, "batch time width"]:
        """Return the states after self-attention."""
        asked = self.asked(self.norm1(states)).unflatten(2, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(asked[0], asked[1], asked[2], attn_mask=kept[:, None, None])
        return states + self.heard(mixed.transpose(1, 2).flatten(2))

    def units(self, states: Float[Tensor, "batch time width"]) -> Float[Tensor, "batch time inner"]:
        """Return how active the units of the feed-forward part are."""
        return functional.gelu(self.inner(self.norm2(states)))


class Encoder(nn.Module):
    """Two convolutions, which halve the rate to 50 states a second, and layers of attention.

    Args:
        n_blocks: How many of the encoder's six layers.
        n_inner: Units of each feed-forward part; `mien.learn.hearing.prune.prune` makes them fewer.
    """

    def __init__(self, n_blocks: int, n_inner: int = INNER) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(BANDS, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.blocks = nn.ModuleList([Block(n_inner) for _ in range(n_blocks)])

    def stem(
        self, mel: Float[Tensor, "batch frames bands"], kept: Bool[Tensor, "batch frames"]
    ) -> Float[Tensor, "batch time width"]:
        """Return the states before the first layer; padding leaves those of the kept frames as they are."""
        sound = functional.gelu(self.conv1(heard(mel, kept).transpose(1, 2))) * kept[:, None]
        states = functional.gelu(self.conv2(sound)).transpose(1, 2)
        return states + _places(states)

    def forward(
        self, mel: Float[Tensor, "batch frames bands"], kept: Bool[Tensor, "batch frames"]
    ) -> Float[Tensor, "batch time width"]:
        """Return the states after the last layer, one for two frames."""
        states = self.stem(mel, kept)
        for block in self.blocks:
            states = block(states, kept[:, ::2])
        return states


def heard(
    mel: Float[Tensor, "batch frames bands"], kept: Bool[Tensor, "batch frames"]
) -> Float[Tensor, "batch frames bands"]:
    """Return log-mel frames as the encoder expects them, whatever the gain of the recording; zero where padded.

    Whisper keeps the level; here the loudest point of a segment always lies where it lies in loud speech.
    """
    loudest = mel.masked_fill(~kept[:, :, None], -1e4).amax(dim=(1, 2), keepdim=True)
    return (torch.maximum(mel, loudest - REACH) - loudest + LOUDEST + 4.0) / 4.0 * kept[:, :, None]


def open_encoder(path: Path, n_blocks: int) -> Encoder:
    """Return the lower layers of the encoder whose weights a file holds.

    Raises:
        InputError: The file is missing; the text says where it comes from.
    """
    weights = {name: tensor.float() for name, tensor in read_weights(path).items()}
    encoder = Encoder(n_blocks)
    found = {f"{name}.{kind}": weights[f"{name}/{kind}"] for name in ("conv1", "conv2") for kind in ("weight", "bias")}
    for number in range(n_blocks):
        found |= {f"blocks.{number}.{name}": tensor for name, tensor in _layer(weights, number).items()}
    encoder.load_state_dict(found)
    return encoder


NAMES: Mapping[str, str] = {
    "norm1": "self_attention/layer_norm",
    "asked": "self_attention/linear_0",
    "heard": "self_attention/linear_1",
    "norm2": "ffn/layer_norm",
    "inner": "ffn/linear_0",
    "outer": "ffn/linear_1",
}


def _layer(weights: Mapping[str, Tensor], number: int) -> dict[str, Tensor]:
    found = {}
    for ours, theirs in NAMES.items():
        weight, bias = ("gamma", "beta") if ours.startswith("norm") else ("weight", "bias")
        found[f"{ours}.weight"] = weights[f"layer_{number}/{theirs}/{weight}"]
        found[f"{ours}.bias"] = weights[f"layer_{number}/{theirs}/{bias}"]
    return found


def _places(states: Float[Tensor, "batch time width"]) -> Float[Tensor, "time width"]:
    """Return sines and cosines of the time, which tell the states apart; computed, so that no table is shipped."""
    time = torch.arange(states.shape[1], device=states.device, dtype=torch.float32)
    slow = PERIOD ** (-torch.arange(WIDTH // 2, dtype=torch.float32) / (WIDTH // 2 - 1))
    angles = time[:, None] * slow
    return torch.cat([angles.sin(), angles.cos()], dim=1).to(states.dtype)
