"""Affect from words: 28 emotions with valence, arousal and dominance, for each sentence, line or turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mien.errors import OptionError
from mien.perceive.text.fold import Item, TextFold
from mien.perceive.text.reader import Reader, Reading
from mien.perceive.text.sentences import split_passages, split_sentences
from mien.perceive.text.tokens import Tokens
from mien.runtime import ModelInfo, load
from mien.types import Affect, Dimension, Distribution, Span, Taxonomy, Utterance
from mien.types.taxonomies import taxonomy

__all__ = ["TextPerceiver"]

BLOCK = 1024
"""Passages that are tokenised and sorted at a time."""


class TextPerceiver:
    """Reads affect from written or transcribed words (English).

    A short text is read as a whole. A longer one is read in passages of whole sentences, pooled by their length; of one
    with more passages than the card's ``read_passages``, that many are read, evenly spread.

    Args:
        model: Name or folder of the model.
        threads: Threads to use; by default the machine's processors, at most two.
        pending: Sentences that a stream gathers before it reads them together; 1 answers each at once.

    Raises:
        OptionError: `pending` is below 1.
        UnknownNameError: There is no such model.

    Example:
        >>> from mien.types import Span, Utterance
        >>> affect = TextPerceiver().read([Utterance("Thank you so much!", Span(0.0, 1.5))])[0]
        >>> affect.categories.top[0]
        'gratitude'
    """

    name = "text/affect"
    modality = "text"

    def __init__(self, *, model: str = "text-affect", threads: int | None = None, pending: int = 32) -> None:
        if pending < 1:
            raise OptionError(f"pending is {pending}; allowed: 1 or more sentences")
        self._model = load(model, threads=threads)
        options = self._model.info.options
        self._tokens = Tokens(self._model.file("tokenizer.json"), max_tokens=int(options["max_tokens"]))
        self._reader = Reader(self._model)
        self._pending = pending

    @property
    def taxonomy(self) -> Taxonomy:
        """The labels: `GOEMOTIONS28`, each with a probability of its own."""
        return taxonomy(self.info.taxonomies[0])

    @property
    def info(self) -> ModelInfo:
        """The card of the model."""
        return self._model.info

    @property
    def infos(self) -> tuple[ModelInfo, ...]:
        """The cards of the models that it uses."""
        return (self.info,)

    @property
    def thresholds(self) -> np.ndarray:
        """Probability from which each label counts as said, shape ``(labels,)``; chosen on validation data."""
        return np.asarray(self.info.options["thresholds"], dtype=np.float64)

    def decide(self, affect: Affect) -> tuple[str, ...]:
        """Return the labels whose probability reaches their threshold, in the taxonomy's order."""
        if affect.categories is None or affect.categories.taxonomy != self.taxonomy:
            return ()
        reached = affect.categories.probs >= self.thresholds
        return tuple(label for label, said in zip(self.taxonomy.labels, reached, strict=True) if said)

    def read(self, pieces: Sequence[Utterance]) -> list[Affect | None]:
        """Return one affect per utterance; ``None`` where there are no words that the model knows."""
        return self.read_items([self._whole(piece) for piece in pieces])

    def fold(self, *, pending: int | None = None) -> TextFold:
        """Begin a stream of utterances; `pending` as for the perceiver, whose own it is where not given."""
        return TextFold(self, pending=self._pending if pending is None else max(1, pending))

    def items_of(self, utterance: Utterance) -> Iterator[Item]:
        """Yield what a stream answers for one utterance: the whole if it has times, else each of its sentences.

        Of a text with more than the card's ``timeline_sentences``, stretches of sentences are answered together, so
        that the timeline and the time it takes do not grow without end.
        """
        if utterance.span.unit == "seconds":
            yield self._whole(utterance)
            return
        most = int(self.info.options["timeline_sentences"])
        ranges = _ranges(split_sentences(utterance.text))
        for group in np.array_split(ranges, most // 4) if len(ranges) > most else ranges[:, None]:
            chosen = group[_spread(len(group), 4)]
            span = Span(float(group[0, 0]), float(group[-1, 1]), "characters").shift(utterance.span.start)
            yield Item(tuple(utterance.text[start:end] for start, end in chosen), span)

    def read_items(self, items: Sequence[Item]) -> list[Affect | None]:
        """Return one affect per item, `BLOCK` passages at a time."""
        affects: list[Affect | None] = []
        block: list[Item] = []
        size = 0
        for item in items:
            block.append(item)
            size += len(item.passages)
            if size >= BLOCK:
                affects += self._read_block(block)
                block, size = [], 0
        return affects + self._read_block(block)

    def _whole(self, utterance: Utterance) -> Item:
        ranges = _ranges(split_passages(utterance.text))
        chosen = ranges[_spread(len(ranges), int(self.info.options["read_passages"]))]
        return Item(tuple(utterance.text[start:end] for start, end in chosen), utterance.span)

    def _read_block(self, items: Sequence[Item]) -> list[Affect | None]:
        by_passage = iter(self._tokens.parts([passage for item in items for passage in item.passages]))
        by_item = [[part for _ in item.passages for part in next(by_passage)] for item in items]
        every = [part for parts in by_item for part in parts]
        if not every:
            return [None] * len(items)
        readings = self._reader.read(every)
        affects: list[Affect | None] = []
        first = 0
        for item, parts in zip(items, by_item, strict=True):
            rows = range(first, first + len(parts))
            first += len(parts)
            pooled = readings.pool(rows, [len(part) - 2 for part in parts]) if parts else None
            affects.append(None if pooled is None else self._affect(pooled, item.span))
        return affects

    def _affect(self, reading: Reading, span: Span) -> Affect:
        valence, arousal, dominance = (
            Dimension(float(mean), float(std)) for mean, std in zip(reading.means[0], reading.stds[0], strict=True)
        )
        categories = Distribution(self.taxonomy, reading.probs[0])
        return Affect(
            categories,
            valence,
            arousal,
            dominance,
            span=span,
            confidence=self._confidence(categories.top[1]),
            model=self.info.name,
        )

    def _confidence(self, top: float) -> float:
        """Return the probability that the top label is right, as fitted on validation data."""
        options = self.info.options
        clipped = min(max(top, 1e-6), 1 - 1e-6)
        logit = np.log(clipped / (1 - clipped))
        return float(1 / (1 + np.exp(-(options["confidence_slope"] * logit + options["confidence_offset"]))))


def _ranges(found: Iterator[tuple[int, int]]) -> np.ndarray:
    """Return ranges as an array, shape ``(n, 2)``: a text may have millions."""
    return np.fromiter((bound for pair in found for bound in pair), dtype=np.int64).reshape(-1, 2)


def _spread(count: int, most: int) -> np.ndarray:
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).astype(np.int64)
