"""Token ids to readings: the trunk and its heads, in batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from mien.perceive.text.heads import Heads
from mien.perceive.text.ngrams import LanguageNgrams
from mien.perceive.text.tokens import Part
from mien.runtime import Model

__all__ = ["Reader", "Reading"]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the heads say of n parts.

    Args:
        probs: Shape ``(n, labels)``, calibrated probabilities; no columns where the model knows no labels.
        means: Shape ``(n, dimensions)`` on [-1, 1]; no columns where the model rates nothing.
        stds: Shape ``(n, dimensions)``, their standard deviations.
    """

    probs: Float64[np.ndarray, "n labels"]
    means: Float64[np.ndarray, "n dimensions"]
    stds: Float64[np.ndarray, "n dimensions"]

    def pool(self, rows: Sequence[int], weights: Sequence[int]) -> Reading:
        """Return one reading for several parts: their weighted mean, with the spread of their mixture."""
        chosen = list(rows)
        if len(chosen) == 1:
            return Reading(self.probs[chosen], self.means[chosen], self.stds[chosen])
        share = np.asarray(weights, dtype=np.float64)
        share = share / share.sum()
        mean = share @ self.means[chosen]
        square = share @ (self.stds[chosen] ** 2 + self.means[chosen] ** 2)
        std = np.sqrt(np.maximum(square - mean**2, 0))
        return Reading((share @ self.probs[chosen])[None], mean[None], std[None])


class Reader:
    """Runs the trunk and the heads of a text model.

    Args:
        model: The model; its card's options hold ``batch_tokens``.
        heads: What its heads answer in.
    """

    def __init__(self, model: Model, heads: Heads) -> None:
        self._model, self._heads = model, heads
        self._batch_tokens = int(model.info.options["batch_tokens"])
        self._ngrams = LanguageNgrams(model.file(heads.ngrams)) if heads.ngrams else None

    def read(self, parts: Sequence[Part], passages: Sequence[str], languages: Sequence[int]) -> Reading:
        """Return a reading per part; equal parts are read once.

        Args:
            parts: Token ids.
            passages: The words that each part is from, for a model that reads their letters, too.
            languages: Place of the language of each, for such a model.
        """
        sentences, rows = self._sentences(parts)
        logits, means, stds = (output.astype(np.float64)[rows] for output in self._answers(sentences))
        if self._ngrams is not None:
            logits = self._ngrams.join(logits, passages, languages)
        probs = self._heads.probabilities(logits) if self._heads.categories else logits
        return Reading(probs, np.clip(means, -1, 1), stds * self._heads.std_scale if self._heads.ratings else stds)

    def sentences(self, parts: Sequence[Part]) -> Float32[np.ndarray, "n width"]:
        """Return the trunk's vector of each part, on which every head rests."""
        vectors, rows = self._sentences(parts)
        return vectors[rows]

    def _sentences(self, parts: Sequence[Part]) -> tuple[np.ndarray, list[int]]:
        """Return the vectors of the distinct parts, and which of them each part has."""
        order = sorted(dict.fromkeys(parts), key=len)
        place = {part: row for row, part in enumerate(order)}
        batches = [_padded(batch) for batch in _batches(order, self._batch_tokens)]
        vectors = np.concatenate([outputs[0] for outputs in self._model.run_each("trunk", batches)])
        return vectors, [place[part] for part in parts]

    def _answers(self, sentences: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        feeds, nothing = {"sentence": sentences}, np.zeros((len(sentences), 0))
        logits = self._model.run(self._heads.categories, feeds)[0] if self._heads.categories else nothing
        means, stds = self._model.run(self._heads.ratings, feeds) if self._heads.ratings else (nothing, nothing)
        return logits, means, stds


def _padded(batch: Sequence[Part]) -> dict[str, np.ndarray]:
    ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, part in enumerate(batch):
        ids[row, : len(part)] = part
        mask[row, : len(part)] = 1
    return {"ids": ids, "mask": mask}


def _batches(parts: Sequence[Part], most: int) -> Iterator[Sequence[Part]]:
    """Yield stretches of parts, sorted by length, that hold at most `most` tokens each with their padding."""
    start = 0
    for end in range(1, len(parts) + 1):
        if end == len(parts) or len(parts[end]) * (end + 1 - start) > most:
            yield parts[start:end]
            start = end
