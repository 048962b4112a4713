"""Token ids to readings: the trunk and its heads, in batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from mien.perceive.text.tokens import Part
from mien.runtime import Model

__all__ = ["Reader", "Reading"]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the heads say of n parts.

    Args:
        probs: Shape ``(n, labels)``, independent calibrated probabilities.
        means: Shape ``(n, 3)``, valence, arousal and dominance on [-1, 1].
        stds: Shape ``(n, 3)``, their standard deviations.
    """

    probs: Float64[np.ndarray, "n labels"]
    means: Float64[np.ndarray, "n 3"]
    stds: Float64[np.ndarray, "n 3"]

    def pool(self, rows: Sequence[int], weights: Sequence[int]) -> Reading:
        """Return one reading for several parts: their weighted mean, with the spread of their mixture."""
        share = np.asarray(weights, dtype=np.float64)
        share = share / share.sum()
        chosen = list(rows)
        mean = share @ self.means[chosen]
        square = share @ (self.stds[chosen] ** 2 + self.means[chosen] ** 2)
        std = np.sqrt(np.maximum(square - mean**2, 0))
        return Reading((share @ self.probs[chosen])[None], mean[None], std[None])


class Reader:
    """Runs the graphs ``trunk``, ``goemotions`` and ``vad`` of a text model.

    Args:
        model: The model; its card's options hold ``batch_tokens``, ``temperature`` and ``std_scale``.
    """

    def __init__(self, model: Model) -> None:
        options = model.info.options
        self._model = model
        self._batch_tokens = int(options["batch_tokens"])
        self._temperature = float(options["temperature"])
        self._std_scale = np.asarray(options["std_scale"], dtype=np.float64)

    def read(self, parts: Sequence[Part]) -> Reading:
        """Return a reading per part; equal parts are read once."""
        distinct = dict.fromkeys(parts)
        order = sorted(distinct, key=len)
        place = {part: row for row, part in enumerate(order)}
        batches = [self._run(batch) for batch in _batches(order, self._batch_tokens)]
        logits, means, stds = (np.concatenate(outputs).astype(np.float64) for outputs in zip(*batches, strict=True))
        rows = [place[part] for part in parts]
        probs = 1 / (1 + np.exp(-logits / self._temperature))
        return Reading(probs[rows], np.clip(means, -1, 1)[rows], (stds * self._std_scale)[rows])

    def _run(self, batch: Sequence[Part]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, part in enumerate(batch):
            ids[row, : len(part)] = part
            mask[row, : len(part)] = 1
        (sentence,) = self._model.run("trunk", {"ids": ids, "mask": mask})
        (logits,) = self._model.run("goemotions", {"sentence": sentence})
        means, stds = self._model.run("vad", {"sentence": sentence})
        return logits, means, stds


def _batches(parts: Sequence[Part], most: int) -> Iterator[Sequence[Part]]:
    """Yield stretches of parts, sorted by length, that hold at most `most` tokens each with their padding."""
    start = 0
    for end in range(1, len(parts) + 1):
        if end == len(parts) or len(parts[end]) * (end + 1 - start) > most:
            yield parts[start:end]
            start = end
