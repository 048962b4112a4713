"""Segments of unlike length put together for a network: how they are grouped, and how a group is padded."""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

__all__ = ["MOST_FRAMES", "batches", "stack"]

MOST_FRAMES = 6000
"""Padded frames in one batch: a minute of sound, so that what a network holds at once is bounded."""
UNLIKE = 1.25
"""How many times longer than its shortest segment the longest of a batch may be: at most a fifth of it is padding."""


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the numbers of segments that are read together, so that little is padded and no batch is large.

    A segment longer than a batch may be is read alone.

    Args:
        lengths: Frames of each segment.
    """
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        padded = (len(batch) + 1) * lengths[number]
        if batch and (padded > MOST_FRAMES or lengths[number] > UNLIKE * lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def stack(
    mels: Sequence[Float[ndarray, "time bands"]],
) -> tuple[Float[ndarray, "batch time bands"], Bool[ndarray, "batch time"]]:
    """Pad segments to the longest, with a mask that is true on their own frames."""
    longest = max(len(mel) for mel in mels)
    out = np.zeros((len(mels), longest, mels[0].shape[1]), dtype=np.float32)
    mask = np.zeros((len(mels), longest), dtype=bool)
    for row, mel in enumerate(mels):
        out[row, : len(mel)] = mel
        mask[row, : len(mel)] = True
    return out, mask
