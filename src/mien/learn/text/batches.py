"""Encoded rows and batches of near-equal length, so that almost nothing is computed on padding."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Rows:
    """Token ids of n texts, or states [time, width] of their tokens, with their truth and what a teacher says of them.

    Truth, the teacher's probabilities (`soft`) and its ratings (`rated`) are float32 [n, columns].
    """

    ids: tuple[tuple[int, ...] | Tensor, ...]
    truth: np.ndarray
    soft: np.ndarray | None = None
    rated: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.ids)


def encode_rows(tokenizer: Tokenizer, texts: Sequence[str], truth: np.ndarray, *, max_tokens: int) -> Rows:
    """Tokenise `texts`; longer ones lose their end, the closing token stays."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    encodings = tokenizer.encode_batch(list(texts))
    return Rows(tuple(tuple(encoding.ids) for encoding in encodings), truth.astype(np.float32))


def plan(rows: Rows, size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Return index arrays of at most `size` rows: alike in length, in random order."""
    lengths = np.array([len(ids) for ids in rows.ids])
    order = np.lexsort((rng.random(len(rows)), lengths))
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    return [batches[index] for index in rng.permutation(len(batches))]


def endless(rows: Rows, size: int, seed: int) -> Iterator[np.ndarray]:
    """Yield batches forever; the same ones for the same seed."""
    rng = np.random.default_rng(seed)
    while True:
        yield from plan(rows, size, rng)


def collate(rows: Rows, indices: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
    """Return ids and mask (both [batch, time] int64) and truth [batch, columns] of some rows.

    In place of ids, states are float32 [batch, time, width].
    """
    chosen = [torch.as_tensor(rows.ids[index]) for index in indices]
    padded = nn.utils.rnn.pad_sequence(chosen, batch_first=True)
    lengths = torch.tensor([len(tokens) for tokens in chosen])
    mask = (torch.arange(padded.shape[1]) < lengths[:, None]).long()
    inputs = padded.float() if padded.is_floating_point() else padded
    return inputs, mask, torch.from_numpy(rows.truth[indices])


def taken(columns: np.ndarray | None, indices: np.ndarray) -> Tensor | None:
    """Return some rows of what a teacher says, [batch, columns], or None where there was no teacher."""
    return None if columns is None else torch.from_numpy(columns[indices])
