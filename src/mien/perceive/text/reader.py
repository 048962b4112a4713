"""Token ids to readings: the trunk and its heads, in batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from mien.perceive.reading import Reading
from mien.perceive.text.heads import Heads
from mien.perceive.text.ngrams import LanguageNgrams
from mien.perceive.text.tokens import Part
from mien.perceive.text.turns import Turns
from mien.runtime import Model

__all__ = ["Reader"]

HELD = 16
"""Batches whose token states are held at a time."""
Feeds = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Of n parts, what the trunk makes of each, and what the model's own upper blocks do; no columns where unused.

    Beside them, what heads see of the turns before each; ``None`` where no head does.
    """

    trunk: Float32[np.ndarray, "n trunk"]
    upper: Float32[np.ndarray, "n upper"]
    turns: Float32[np.ndarray, "n columns"] | None = None


class Reader:
    """Runs the trunk and the heads of a text model.

    Args:
        model: The model; its card's options hold ``batch_tokens``.
        heads: What its heads answer in.
    """

    def __init__(self, model: Model, heads: Heads) -> None:
        self._model, self._heads = model, heads
        self._batch_tokens = int(model.info.options["batch_tokens"])
        self._uses_trunk = not all(heads.reads_upper(graph) for graph in heads.graphs)
        self._ngrams = LanguageNgrams(model.file(heads.ngrams)) if heads.ngrams else None

    def read(
        self, parts: Sequence[Part], passages: Sequence[str], languages: Sequence[int], turns: Turns | None = None
    ) -> Reading:
        """Return a reading per part; equal parts are read once.

        Args:
            parts: Token ids.
            passages: The words that each part is from, for a model that reads their letters, too.
            languages: Place of the language of each, for such a model.
            turns: What was said before each, for a model that reads turns.
        """
        vectors, rows = self._seen(parts, turns)
        heads = self._heads
        logits = self._answers(heads.categories, vectors, 1)[0][rows]
        if self._ngrams is not None:
            logits = self._ngrams.join(logits, passages, languages)
        means, stds = (output[rows] for output in self._answers(heads.ratings, vectors, 2))
        degrees = tuple(self._answers(scale.graph, vectors, 1)[0][rows] for scale in heads.degrees)
        probs = heads.probabilities(logits) if heads.categories else logits
        spreads = stds * heads.std_scale if heads.ratings else stds
        return Reading(probs, np.clip(means, -1, 1), spreads, tuple(np.clip(scale, 0, 1) for scale in degrees))

    def sentences(self, parts: Sequence[Part]) -> Float32[np.ndarray, "n width"]:
        """Return the trunk's vector of each part, on which heads can be trained."""
        vectors, rows = self._vectors(parts, trunk=True)
        return vectors.trunk[rows]

    def _seen(self, parts: Sequence[Part], turns: Turns | None) -> tuple[Vectors, list[int]]:
        """Return the vectors of parts, in one run with those of the turns before them, and which each part has."""
        if turns is None:
            return self._vectors(parts, trunk=self._uses_trunk)
        vectors, rows = self._vectors([*parts, *turns.parts], trunk=True)
        own, others = rows[: len(parts)], rows[len(parts) :]
        before = turns.features(vectors.trunk[others], vectors.trunk.shape[1])
        return Vectors(vectors.trunk[own], vectors.upper[own], before), list(range(len(parts)))

    def _vectors(self, parts: Sequence[Part], *, trunk: bool) -> tuple[Vectors, list[int]]:
        """Return the vectors of the distinct parts, and which of them each part has."""
        order = sorted(dict.fromkeys(parts), key=len)
        place = {part: row for row, part in enumerate(order)}
        batches = [_padded(batch) for batch in _batches(order, self._batch_tokens)]
        # States take far more room than sentences, so that not too many are held at a time.
        size = HELD if self._heads.upper else len(batches)
        groups = [batches[first : first + size] for first in range(0, len(batches), size)]
        found = [pair for group in groups for pair in self._run(group, trunk=trunk)]
        return Vectors(*(np.concatenate(side) for side in zip(*found, strict=True))), [place[part] for part in parts]

    def _answers(self, graph: str, vectors: Vectors, count: int) -> list[np.ndarray]:
        """Return the outputs of a head; without one, so many that have no columns."""
        if not graph:
            return [np.zeros((len(vectors.trunk), 0))] * count
        sentences = vectors.upper if self._heads.reads_upper(graph) else vectors.trunk
        if vectors.turns is not None and graph in self._heads.context_heads:
            sentences = np.hstack([sentences, vectors.turns])
        return [output.astype(np.float64) for output in self._model.run(graph, {"sentence": sentences})]

    def _run(self, batches: Sequence[Feeds], *, trunk: bool) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return of each batch the trunk's vectors and those of the upper blocks."""
        upper, nothing = self._heads.upper, [np.zeros((len(feeds["ids"]), 0), dtype=np.float32) for feeds in batches]
        inputs = upper.inputs if upper else {}
        inner = list(dict.fromkeys(inputs.values()))
        found = self._model.run_each("trunk", batches, ["sentence"] * trunk + inner)
        sentences = [one[0] for one in found] if trunk else nothing
        if upper is None:
            return list(zip(sentences, nothing, strict=True))
        states = [
            {**{name: one[trunk + inner.index(source)] for name, source in inputs.items()}, "mask": feeds["mask"]}
            for one, feeds in zip(found, batches, strict=True)
        ]
        return list(zip(sentences, [one[0] for one in self._model.run_each(upper.graph, states)], strict=True))


def _padded(batch: Sequence[Part]) -> Feeds:
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
