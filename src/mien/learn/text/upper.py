"""Upper blocks of their own on a frozen trunk: what lies between a head and a fine-tuning.

The lower blocks are run once for each text and their token states kept; only copies of the blocks above them are
trained. Many tasks so share one trunk's lower blocks, and an epoch costs a fraction of one over all blocks.

References:
    Houlsby et al. (2019). Parameter-efficient transfer learning for NLP. ICML (training the top layers alone).
    Lee, Tang and Lin (2019). What would Elsa do? Freezing layers during transformer fine-tuning. arXiv 1911.03090.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn

from mien.learn.text.batches import Rows, collate
from mien.learn.text.net import Encoder

__all__ = ["UpperBlocks", "lower_states", "pooled_states"]

AT_ONCE = 64


class UpperBlocks(nn.Module):
    """Copies of an encoder's last blocks: token states to one vector a text.

    Args:
        encoder: Where training begins; it is not changed.
        count: How many of its blocks are copied.
    """

    def __init__(self, encoder: Encoder, count: int) -> None:
        super().__init__()
        self.shape = encoder.shape
        self.blocks = nn.ModuleList(deepcopy(block) for block in encoder.blocks[-count:])

    @property
    def below(self) -> int:
        """The number of the encoder's blocks that lie below."""
        return self.shape.layers - len(self.blocks)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return [batch, width] from `states` [batch, time, width] and `mask` [batch, time], as the encoder does."""
        keep = mask.bool()[:, None, None, :]
        for block in self.blocks:
            states = block(states, keep)
        return Encoder.pool(states, mask)


@torch.no_grad()
def lower_states(encoder: Encoder, rows: Rows, below: int) -> Rows:
    """Return rows whose token ids have become what the first blocks of an encoder make of them, as float16."""
    encoder.eval()
    order = np.argsort([len(ids) for ids in rows.ids], kind="stable")
    states: dict[int, Tensor] = {}
    for start in range(0, len(order), AT_ONCE):
        chosen = order[start : start + AT_ONCE]
        ids, mask, _ = collate(rows, chosen)
        found = encoder.climb(encoder.embed(ids), mask, last=below).half()
        states |= {int(row): found[place, : len(rows.ids[row])].clone() for place, row in enumerate(chosen)}
    return Rows(tuple(states[row] for row in range(len(rows))), rows.truth)


@torch.no_grad()
def pooled_states(encoder: Encoder, rows: Rows, numbers: Sequence[int]) -> np.ndarray:
    """Return the means over the tokens of what the first so many blocks make of texts, for several numbers.

    Returns:
        float32 [texts, len(numbers) * width], side by side in the order of the numbers.
    """
    encoder.eval()
    order = np.argsort([len(ids) for ids in rows.ids], kind="stable")
    found = np.zeros((len(rows), len(numbers) * encoder.shape.width), np.float32)
    for start in range(0, len(order), AT_ONCE):
        chosen = order[start : start + AT_ONCE]
        ids, mask, _ = collate(rows, chosen)
        states, done, means = encoder.embed(ids), 0, {}
        for number in sorted(set(numbers)):
            states, done = encoder.climb(states, mask, first=done, last=number), number
            means[number] = encoder.pool(states, mask)
        found[chosen] = torch.cat([means[number] for number in numbers], dim=1).numpy()
    return found
