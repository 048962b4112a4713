"""How much each word of a text matters to a label, by the inside of the model: attention, integrated gradients.

`mien.explain.word_weights` asks the same from outside; these are what it is measured against.

References:
    M. Sundararajan, A. Taly and Q. Yan (2017). Axiomatic attribution for deep networks. ICML, 3319-3328.
    S. Jain and B. C. Wallace (2019). Attention is not explanation. NAACL, 3543-3556.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import onnx
import torch
from jaxtyping import Float
from onnx import numpy_helper
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from mien.learn.text.net import Block
from mien.learn.text.reload import reload_trunk
from mien.perceive.text.heads import heads_of
from mien.runtime import Asset

__all__ = ["InsideView"]

Bounds = Sequence[tuple[int, int]]


class InsideView:
    """A text model read back into torch, which says what its words are worth.

    Args:
        asset: A text model with labels.
        steps: Points between the text and the text of masks at which gradients are taken.

    Raises:
        AssetError: The graph holds no encoder of ours.
    """

    def __init__(self, asset: Asset, *, steps: int = 20) -> None:
        self._encoder = reload_trunk(asset.file("trunk.onnx"), dropout=0.0).eval().requires_grad_(False)
        self._weight, self._bias = _linear(asset, heads_of(asset.info).categories)
        self._tokenizer = Tokenizer.from_file(str(asset.file("tokenizer.json")))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(int(asset.info.options["max_tokens"]))
        self._steps = steps

    def attention(self, text: str, words: Bounds) -> Float[np.ndarray, "words"]:
        """Return the share of attention that each word receives in the last layer, the mean over heads and tokens.

        Args:
            text: The text.
            words: Where its words lie, in characters; beyond the longest text that is read, a word gets 0.
        """
        encoding = self._tokenizer.encode(text)
        ids = torch.tensor([encoding.ids])
        last: Block = self._encoder.blocks[-1]
        merged: list[Tensor] = []
        with torch.no_grad(), _hooked(last.qkv, lambda *given: merged.append(given[-1])):
            self._encoder(ids, torch.ones_like(ids))
        query, key, _ = merged[0].view(len(encoding), 3, last.heads, -1).permute(1, 2, 0, 3)
        shares = (query @ key.transpose(1, 2) / math.sqrt(query.shape[-1])).softmax(-1)
        return _by_word(encoding, words, shares.mean((0, 1)).numpy())

    def integrated_gradients(self, text: str, words: Bounds, label: int) -> Float[np.ndarray, "words"]:
        """Return what each word adds to the log odds of a label, against a text of masks of the same length.

        Args:
            text: The text.
            words: Where its words lie, in characters; beyond the longest text that is read, a word gets 0.
            label: Place of the label in the model's taxonomy.
        """
        encoding = self._tokenizer.encode(text)
        return _by_word(encoding, words, self.token_gradients(encoding.ids, label).numpy())

    def token_gradients(self, ids: Sequence[int], label: int) -> Float[Tensor, "tokens"]:
        """Return what each token adds; together they add up to `gain`, but for the error of the sum."""
        given, baseline = self._vectors(ids)
        shares = (torch.arange(self._steps) + 0.5) / self._steps
        between = (baseline + shares[:, None, None] * (given - baseline)).requires_grad_(requires_grad=True)
        (slope,) = torch.autograd.grad(self._logits(between)[:, label].sum(), between)
        return ((given - baseline) * slope.mean(0)).sum(-1)

    def gain(self, ids: Sequence[int], label: int) -> float:
        """Return by how much the log odds of a label are higher for these tokens than for masks."""
        with torch.no_grad():
            given, baseline = (self._logits(vectors[None])[0, label] for vectors in self._vectors(ids))
        return float(given - baseline)

    def _vectors(self, ids: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Return the vectors of the tokens, and of as many masks between the same first and last token."""
        masks = [ids[0], *[self._tokenizer.token_to_id("[MASK]")] * (len(ids) - 2), ids[-1]]
        return self._encoder.words(torch.tensor(ids)), self._encoder.words(torch.tensor(masks))

    def _logits(self, vectors: Tensor) -> Tensor:
        """Return the logits of texts whose tokens have these vectors, shape ``(texts, tokens, width)``."""
        ids = torch.zeros(vectors.shape[:2], dtype=torch.long)
        with _hooked(self._encoder.words, lambda *_: vectors):
            sentence: Tensor = self._encoder(ids, torch.ones_like(ids))
        return sentence @ self._weight + self._bias


def _linear(asset: Asset, graph: str) -> tuple[Tensor, Tensor]:
    weights = [numpy_helper.to_array(each) for each in onnx.load(str(asset.file(f"{graph}.onnx"))).graph.initializer]
    weight, bias = (next(each for each in weights if each.ndim == n) for n in (2, 1))
    return torch.from_numpy(np.array(weight)), torch.from_numpy(np.array(bias))


@contextmanager
def _hooked(module: torch.nn.Module, hook: Callable[..., Tensor | None]) -> Iterator[None]:
    """Call a hook with what a module takes and gives while the block runs; what it returns is given instead."""
    handle = module.register_forward_hook(hook)
    try:
        yield
    finally:
        handle.remove()


def _by_word(encoding: Encoding, words: Bounds, values: np.ndarray) -> np.ndarray:
    """Return the sum over the tokens of each word; tokens between words belong to none."""
    sums = np.zeros(len(words))
    for (start, end), value in zip(encoding.offsets, values, strict=True):
        for place, (first, last) in enumerate(words):
            if first <= start < end <= last:
                sums[place] += value
    return sums
