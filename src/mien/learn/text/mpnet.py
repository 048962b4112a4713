"""A larger sentence encoder to learn from: MPNet, whose attention also knows how far two tokens stand apart.

References:
    Song et al. (2020), "MPNet: Masked and Permuted Pre-training for Language Understanding", NeurIPS.
    Raffel et al. (2020), "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", JMLR 21
        (buckets of relative positions).
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
from torch import Tensor, nn

from mien.errors import InputError
from mien.learn.text.base import read_shape
from mien.learn.text.net import Encoder, EncoderShape

BUCKETS, FARTHEST = 32, 128
FIRST_PLACE = 2
"""Places are counted from here; the two before are for padding and for nothing."""
PAD = 1

_RENAMED = {
    "attention.attn.o": "mix",
    "attention.LayerNorm": "mix_norm",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "down_norm",
}


def buckets(length: int) -> Tensor:
    """Return [length, length] numbers of the bucket into which the way from one token to another falls.

    Half of the buckets are for tokens behind; of each half, one half counts steps and the other grows with their
    logarithm up to `FARTHEST`.
    """
    half, exact = BUCKETS // 2, BUCKETS // 4
    places = torch.arange(length)
    ahead = places[None, :] - places[:, None]
    far = ahead.abs().clamp(min=1)
    grown = exact + (torch.log(far / exact) / math.log(FARTHEST / exact) * (half - exact)).long()
    steps = torch.where(ahead.abs() < exact, ahead.abs(), grown.clamp(max=half - 1))
    return steps + half * (ahead > 0)


class MPNet(Encoder):
    """Token ids to one vector a sentence, with the interface of `Encoder`."""

    def __init__(self, shape: EncoderShape, dropout: float = 0.1) -> None:
        super().__init__(shape, dropout)
        self.apart = nn.Embedding(BUCKETS, shape.heads)

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return one vector a token, [batch, time, width]; `mask` is 1 at real tokens, 0 at padding."""
        places = FIRST_PLACE + torch.arange(ids.shape[1])
        states = self.drop(self.embed_norm(self.words(ids) + self.places(places)))
        bias = self.apart(buckets(ids.shape[1])).permute(2, 0, 1)[None]
        keep = mask.bool()[:, None, None, :]
        for block in self.blocks:
            states = block(states, keep, bias)
        return states


def load_mpnet(folder: Path, dropout: float = 0.1) -> MPNet:
    """Return the pretrained MPNet of a folder with `config.json` and `model.safetensors` (float32).

    Raises:
        InputError: The folder has no such files.
    """
    from safetensors.torch import load_file

    if not (folder / "model.safetensors").is_file():
        raise InputError(f"{folder} has no model.safetensors; it must be the folder of an MPNet sentence encoder")
    stored = load_file(folder / "model.safetensors")
    weights = {
        "words.weight": stored["embeddings.word_embeddings.weight"],
        "places.weight": stored["embeddings.position_embeddings.weight"],
        "embed_norm.weight": stored["embeddings.LayerNorm.weight"],
        "embed_norm.bias": stored["embeddings.LayerNorm.bias"],
        "apart.weight": stored["encoder.relative_attention_bias.weight"],
    }
    shape = read_shape(folder)
    for index in range(shape.layers):
        weights |= _block_weights(stored, index)
    encoder = MPNet(shape, dropout)
    encoder.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
    return encoder


def _block_weights(stored: dict[str, Tensor], index: int) -> dict[str, Tensor]:
    old, new = f"encoder.layer.{index}.", f"blocks.{index}."
    weights = {}
    for kind in ("weight", "bias"):
        weights[f"{new}qkv.{kind}"] = torch.cat([stored[f"{old}attention.attn.{part}.{kind}"] for part in "qkv"])
        for source, target in _RENAMED.items():
            weights[f"{new}{target}.{kind}"] = stored[f"{old}{source}.{kind}"]
    return weights
