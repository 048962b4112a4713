"""An encoder whose attention weighs what words say and how far apart they stand by separate terms.

References:
    He et al. (2021), "DeBERTa: Decoding-enhanced BERT with Disentangled Attention", ICLR. Here distances have the
        projections of the words, as in its second version, so that the encoder is no larger than one with places.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from mien.learn.text.net import Block, Encoder, EncoderShape

REACH = 16
"""Distances in tokens, each way, that are told apart; farther ones count as this far."""


class DisentangledBlock(Block):
    """A layer whose scores are content to content, content to distance, and distance to content."""

    def attend(self, states: Tensor, keep: Tensor, bias: Tensor | None = None) -> Tensor:
        """Self-attention over `states` [batch, time, width].

        `keep` [batch, 1, 1, time] is True at real tokens; `bias` [2 * REACH, width] holds a vector for each distance.
        """
        if bias is None:
            return super().attend(states, keep)
        batch, time, width = states.shape
        size = width // self.heads
        merged = self.qkv(states).view(batch, time, 3, self.heads, size)
        query, key, value = merged.permute(2, 0, 3, 1, 4).unbind(0)
        far_query, far_key, _ = self.qkv(bias).view(-1, 3, self.heads, size).permute(1, 2, 0, 3).unbind(0)
        steps = distances(time).expand(batch, self.heads, -1, -1)
        scores = query @ key.transpose(2, 3)
        scores = scores + (query @ far_key.transpose(1, 2)).gather(3, steps)
        scores = scores + (key @ far_query.transpose(1, 2)).gather(3, steps).transpose(2, 3)
        shares = (scores / math.sqrt(3 * size)).masked_fill(~keep, -math.inf).softmax(-1)
        mixed = shares.to(value.dtype) @ value
        return self.mix(mixed.transpose(1, 2).reshape(batch, time, width))


def distances(time: int) -> Tensor:
    """Return how far token j stands behind token i, clipped and counted from 0, int64 [time, time]."""
    places = torch.arange(time)
    return (places[:, None] - places[None] + REACH).clamp(0, 2 * REACH - 1)


class DisentangledEncoder(Encoder):
    """Token ids to one vector a sentence; words carry no place of their own, attention knows their distances."""

    def __init__(self, shape: EncoderShape, dropout: float = 0.1) -> None:
        super().__init__(shape, dropout)
        self.places = nn.Embedding(2 * REACH, shape.width)
        self.blocks = nn.ModuleList(DisentangledBlock(shape, dropout) for _ in range(shape.layers))

    def embed(self, ids: Tensor) -> Tensor:
        """Return the states below the first layer, [batch, time, width]."""
        states: Tensor = self.drop(self.embed_norm(self.words(ids)))
        return states

    def climb(self, states: Tensor, mask: Tensor, *, first: int = 0, last: int | None = None) -> Tensor:
        """Take states through the layers from `first` up to, not including, `last`; by default through all."""
        keep = mask.bool()[:, None, None, :]
        for block in self.blocks[first:last]:
            states = block(states, keep, self.places.weight)
        return states
