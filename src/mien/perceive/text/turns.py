"""The turns before a text, as heads see them: what the trunk makes of each, and whether the same person spoke.

A head that reads turns takes ``sentence`` [batch, width + turns * (width + 2)]: the text's own vector, then for each
turn before it, the nearest first, that turn's vector and two marks, someone else and the same person. Where there is no
such turn, all of it is zero; where nobody says who spoke, the marks are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from jaxtyping import Float, Float32

from mien.perceive.text.sentences import split_passages
from mien.perceive.text.tokens import Part
from mien.types import Utterance

__all__ = ["MARKS", "Earlier", "Turns", "earlier", "mark", "pooled"]

MARKS = 2
"""Numbers beside the vector of a turn: 1 and 0 for someone else, 0 and 1 for the same person."""
LONGEST = 600
"""Characters at the end of a turn that are read for those after it, so that each of them costs little."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A turn before a text: its passages, and whether the same person spoke; ``None`` where nobody says."""

    passages: tuple[str, ...]
    same: bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """What was said before each of n texts.

    Args:
        parts: Token ids of the distinct turns, one after the other.
        counts: How many parts each turn has.
        before: Of each text, the places of the turns before it, the nearest first, with whether the same person spoke.
        depth: How many turns a head sees.
    """

    parts: Sequence[Part]
    counts: Sequence[int]
    before: Sequence[Sequence[tuple[int, bool | None]]]
    depth: int

    def features(self, vectors: Float[np.ndarray, "parts width"], width: int) -> Float32[np.ndarray, "n columns"]:
        """Return what heads see of the turns before each text; `vectors` are the trunk's of the parts."""
        means = pooled(vectors, [len(part) - 2 for part in self.parts], self.counts)
        table = np.zeros((len(self.before), self.depth, width + MARKS), dtype=np.float32)
        for row, turns in zip(table, self.before, strict=True):
            for cell, (turn, same) in zip(row, turns, strict=False):
                cell[:width], cell[width:] = means[turn], mark(same)
        return table.reshape(len(table), -1)


def mark(same: bool | None) -> tuple[float, float]:
    """Return the marks of a turn by someone else, by the same person, or by nobody knows whom.

    Example:
        >>> mark(True), mark(None)
        ((0.0, 1.0), (0.0, 0.0))
    """
    return (0.0, 0.0) if same is None else (float(not same), float(same))


def earlier(utterance: Utterance, before: Sequence[Utterance], depth: int) -> tuple[Earlier, ...]:
    """Return the turns that a model sees before an utterance, the nearest first; of a long one, its end.

    Args:
        utterance: What is read.
        before: What was said before it, in order; what has no words counts as nothing.
        depth: How many turns the model sees.
    """
    near = islice((turn for turn in reversed(before) if turn.text.strip()), depth)
    return tuple(Earlier(_end(turn.text), _same(turn.speaker, utterance.speaker)) for turn in near)


def _end(text: str) -> tuple[str, ...]:
    last = text[-LONGEST:]
    return tuple(last[start:end] for start, end in split_passages(last))


def _same(one: str | None, other: str | None) -> bool | None:
    return None if one is None or other is None else one == other


def pooled(
    vectors: Float[np.ndarray, "parts width"], lengths: Iterable[int], counts: Sequence[int]
) -> Float[np.ndarray, "n width"]:
    """Return the mean vector of each text over its parts by their length; zeros for a text that has none.

    Args:
        vectors: One row a part.
        lengths: Tokens of each part.
        counts: How many parts each text has, one after the other.
    """
    weights = np.fromiter(lengths, dtype=np.float64)
    owners = np.repeat(np.arange(len(counts)), np.asarray(counts, dtype=np.int64))
    sums = np.zeros((len(counts), vectors.shape[1]))
    np.add.at(sums, owners, vectors * weights[:, None])
    means: Float[np.ndarray, "n width"] = sums / np.maximum(np.bincount(owners, weights, len(counts)), 1)[:, None]
    return means
