"""The sentence encoder and its two heads, in plain torch.

References:
    Devlin et al. (2019), "BERT: Pre-training of Deep Bidirectional Transformers", NAACL.
    Wang et al. (2020), "MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression", NeurIPS.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """Sizes of the encoder; the defaults are those of MiniLM-L6."""

    vocabulary: int = 30522
    positions: int = 512
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    epsilon: float = 1e-12


class SharedDropout(nn.Module):
    """Dropout with one mask for all tokens of a text, which also draws far fewer random numbers.

    References:
        Gal and Ghahramani (2016), "A Theoretically Grounded Application of Dropout in Recurrent Neural Networks", NIPS.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, states: Tensor) -> Tensor:
        """Drop the same features of every token of `states` [batch, time, width]; nothing while evaluating."""
        if not self.training or self.rate == 0:
            return states
        keep = torch.rand(states.shape[0], 1, states.shape[2], device=states.device) >= self.rate
        return states * (keep.to(states.dtype) / (1 - self.rate))


class Block(nn.Module):
    """One post-norm transformer layer with merged query, key and value weights."""

    def __init__(self, shape: EncoderShape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.mix = nn.Linear(shape.width, shape.width)
        self.mix_norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.down_norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.drop = SharedDropout(dropout)

    def attend(self, states: Tensor, keep: Tensor, bias: Tensor | None = None) -> Tensor:
        """Self-attention over `states` [batch, time, width].

        `keep` [batch, 1, 1, time] is True at real tokens; `bias` [1, heads, time, time] is added to the scores.
        """
        batch, time, width = states.shape
        merged = self.qkv(states).view(batch, time, 3, self.heads, width // self.heads)
        query, key, value = merged.permute(2, 0, 3, 1, 4).unbind(0)
        # Written out: on sentences of 20 tokens the fused kernel's way back takes a third of the whole step.
        scores = query @ key.transpose(2, 3) / math.sqrt(width // self.heads)
        scores = scores if bias is None else scores + bias
        shares = scores.masked_fill(~keep, -math.inf).softmax(-1)
        mixed = shares.to(value.dtype) @ value
        return self.mix(mixed.transpose(1, 2).reshape(batch, time, width))

    def forward(self, states: Tensor, keep: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return the next states, same shape as `states`."""
        states = self.mix_norm(states + self.drop(self.attend(states, keep, bias)))
        inner = nn.functional.gelu(self.up(states))
        return self.down_norm(states + self.drop(self.down(inner)))


class Encoder(nn.Module):
    """Token ids to one vector a sentence: the mean of the last states over the real tokens."""

    def __init__(self, shape: EncoderShape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.positions, shape.width)
        self.embed_norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.blocks = nn.ModuleList(Block(shape, dropout) for _ in range(shape.layers))
        self.drop = SharedDropout(dropout)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return [batch, width] from `ids` and `mask` [batch, time]."""
        return self.pool(self.states(ids, mask), mask)

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return one vector a token, [batch, time, width]; `mask` is 1 at real tokens, 0 at padding."""
        return self.climb(self.embed(ids), mask)

    def embed(self, ids: Tensor) -> Tensor:
        """Return the states below the first layer, [batch, time, width]."""
        places = torch.arange(ids.shape[1], device=ids.device)
        states: Tensor = self.drop(self.embed_norm(self.words(ids) + self.places(places)))
        return states

    def climb(self, states: Tensor, mask: Tensor, *, first: int = 0, last: int | None = None) -> Tensor:
        """Take states through the layers from `first` up to, not including, `last`; by default through all."""
        keep = mask.bool()[:, None, None, :]
        for block in self.blocks[first:last]:
            states = block(states, keep)
        return states

    @staticmethod
    def pool(states: Tensor, mask: Tensor) -> Tensor:
        """Return the mean of the states over the real tokens, [batch, width]."""
        weights = mask.to(states.dtype)[..., None]
        return (states * weights).sum(1) / weights.sum(1)


class CategoryHead(nn.Module):
    """Independent logits, one a label."""

    def __init__(self, width: int, labels: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(width, labels)

    def forward(self, sentence: Tensor) -> Tensor:
        """Return logits [batch, labels] from sentence vectors [batch, width]."""
        return self.out(self.drop(sentence))


class DimensionHead(nn.Module):
    """Mean and log standard deviation of valence, arousal and dominance, in standard units of the training truth."""

    def __init__(self, width: int, dimensions: int = 3, dropout: float = 0.1) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.inner = nn.Linear(width, width)
        self.mean = nn.Linear(width, dimensions)
        self.log_std = nn.Linear(width, dimensions)
        nn.init.zeros_(self.log_std.weight)

    def forward(self, sentence: Tensor) -> tuple[Tensor, Tensor]:
        """Return means and log standard deviations, both [batch, dimensions]."""
        inner = nn.functional.gelu(self.inner(self.drop(sentence)))
        return self.mean(inner), self.log_std(inner)


class TextNet(nn.Module):
    """One trunk, two heads."""

    def __init__(self, shape: EncoderShape, labels: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.trunk = Encoder(shape, dropout)
        self.categories = CategoryHead(shape.width, labels, dropout)
        self.dimensions = DimensionHead(shape.width, dropout=dropout)
