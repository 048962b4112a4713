"""Fewer units in the feed-forward parts of an encoder, chosen and refitted so that its states change least.

References:
    Hassibi and Stork (1993), Second order derivatives for network pruning: optimal brain surgeon, NeurIPS.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from mien.learn.hearing.encoder import WIDTH, Block, Encoder

__all__ = ["prune"]

log = logging.getLogger(__name__)

RIDGE = 1e-3
AT_ONCE = 8
"""In each round one unit in so many goes, at most."""

Batch = tuple[Float[Tensor, "batch frames bands"], Bool[Tensor, "batch frames"]]


def prune(encoder: Encoder, batches: Sequence[Batch], n_inner: int) -> Encoder:
    """Return the encoder with `n_inner` units a layer, if it had more; the same object, changed.

    Layer by layer: the units whose loss costs least in squared error of the layer's output go, a few at a time, and
    what the others give is fitted anew by least squares on the sound.

    Args:
        encoder: The encoder.
        batches: Log-mel frames and which are kept; some minutes of speech.
        n_inner: Units that stay in each layer.
    """
    with torch.no_grad():
        flows = [(encoder.stem(mel, kept), kept[:, ::2]) for mel, kept in batches]
        for block in encoder.blocks:
            flows = [(block.attended(states, kept), kept) for states, kept in flows]
            if block.inner.out_features > n_inner:
                _prune(block, torch.cat([states[kept] for states, kept in flows]), n_inner)
            flows = [(states + block.outer(block.units(states)), kept) for states, kept in flows]
    return encoder


def _prune(block: Block, states: Float[Tensor, "states width"], n_inner: int) -> None:
    units = block.units(states).double()
    wanted = units @ block.outer.weight.T.double()
    centred, aim = units - units.mean(dim=0), wanted - wanted.mean(dim=0)
    gram, cross = centred.T @ centred, centred.T @ aim
    gram.diagonal().add_(RIDGE * gram.diagonal().mean())
    chosen = torch.arange(len(gram))
    while len(chosen) > n_inner:
        n = max(n_inner, len(chosen) - max(1, len(chosen) // AT_ONCE))
        chosen = chosen[_costs(gram, cross, chosen).topk(n).indices.sort().values]
    weights = torch.linalg.solve(gram[chosen][:, chosen], cross[chosen])
    lost = (aim - centred[:, chosen] @ weights).square().sum() / aim.square().sum()
    log.info("%d units of %d stay; %.3f of the variance is lost", n_inner, len(gram), float(lost))
    _replace(block, chosen, weights, (wanted.mean(dim=0) - units[:, chosen].mean(dim=0) @ weights))


def _costs(
    gram: Float[Tensor, "units units"], cross: Float[Tensor, "units width"], chosen: Int[Tensor, " chosen"]
) -> Float[Tensor, " chosen"]:
    """Return by how much the squared error grows if a unit goes and the others are fitted anew."""
    inverse = torch.linalg.inv(gram[chosen][:, chosen])
    weights: Tensor = inverse @ cross[chosen]
    return weights.square().sum(dim=1) / inverse.diagonal()


def _replace(
    block: Block, chosen: Int[Tensor, " chosen"], weights: Float[Tensor, "chosen width"], shift: Float[Tensor, " width"]
) -> None:
    inner, outer = nn.Linear(WIDTH, len(chosen)), nn.Linear(len(chosen), WIDTH)
    inner.weight.data, inner.bias.data = block.inner.weight[chosen].clone(), block.inner.bias[chosen].clone()
    outer.weight.data = weights.T.float().contiguous()
    outer.bias.data = block.outer.bias + shift.float()
    block.inner, block.outer = inner, outer
