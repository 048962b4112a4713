"""Affect from words: 28 emotions with valence, arousal and dominance, for each sentence, line or turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy

import numpy as np
from jaxtyping import Float64

from mien.errors import InputError, OptionError
from mien.perceive.reading import Reading
from mien.perceive.text.fold import Item, TextFold
from mien.perceive.text.heads import heads_of
from mien.perceive.text.ngrams import Ngrams
from mien.perceive.text.others import claimants
from mien.perceive.text.reader import Reader
from mien.perceive.text.sentences import split_passages, split_sentences
from mien.perceive.text.tokens import Part, Tokens
from mien.perceive.text.turns import Turns, earlier, pooled
from mien.runtime import Model, ModelInfo, find_fitting
from mien.types import Affect, Distribution, Span, Taxonomy, Utterance

__all__ = ["TextPerceiver"]

ENGLISH = "text-affect"
BLOCK = 1024
"""Passages that are tokenised and sorted at a time."""


class TextPerceiver:
    """Reads affect from written or transcribed words: in English, and in the languages of what else is installed.

    Where no model is named, a text goes to the English one, unless an installed model of other languages claims it (its
    card's ``claims``); what that one answers is in its own labels.

    A short text is read as a whole. A longer one is read in passages of whole sentences, pooled by their length; of one
    with more passages than the card's ``read_passages``, that many are read, evenly spread.

    A model whose card has ``context`` reads an utterance with as many before it, whoever spoke: those of the stream, or
    those that `read` is given.

    Args:
        model: Name or folder of the model that reads every text.
        threads: Threads to use; by default the machine's processors, at most two.
        pending: Sentences that a stream gathers before it reads them together; 1 answers each at once.

    Raises:
        OptionError: `pending` is below 1, or the model reads something else.
        UnknownNameError: There is no such model.

    Example:
        >>> from mien.types import Span, Utterance
        >>> affect = TextPerceiver().read([Utterance("Thank you so much!", Span(0.0, 1.5))])[0]
        >>> affect.categories.top[0]
        'gratitude'
    """

    name = "text/affect"
    modality = "text"

    def __init__(self, *, model: str | None = None, threads: int | None = None, pending: int = 32) -> None:
        if pending < 1:
            raise OptionError(f"pending is {pending}; allowed: 1 or more sentences")
        self._model = Model(find_fitting(model or ENGLISH, modality="text", taker=self.name), threads=threads)
        options = self._model.info.options
        self._tokens = Tokens(
            self._model.file("tokenizer.json"),
            max_tokens=int(options["max_tokens"]),
            emoji_names=bool(options.get("emoji_names", False)),
        )
        self._heads = heads_of(self._model.info)
        self._reader = Reader(self._model, self._heads)
        self._pending = pending
        self._language: str | None = None
        self._guess = Ngrams.read(self._model.file(self._heads.guess)) if self._heads.guess else None
        others = {} if model else claimants()
        self._others = [(claims, TextPerceiver(model=name, threads=threads)) for name, claims in others.items()]

    @property
    def taxonomy(self) -> Taxonomy:
        """The labels: by default `GOEMOTIONS28`, each with a probability of its own; those of another model its own."""
        return self._heads.taxonomy

    @property
    def info(self) -> ModelInfo:
        """The card of the model."""
        return self._model.info

    @property
    def infos(self) -> tuple[ModelInfo, ...]:
        """The cards of the models that it uses, and of those whose trunk they sit on."""
        return (*self._model.infos, *(info for _, other in self._others for info in other.infos))

    @property
    def thresholds(self) -> np.ndarray:
        """Probability from which each label counts as said, shape ``(labels,)``; chosen on validation data.

        Those of the language that `in_language` named, else those for a text of any. Empty where exactly one label
        holds.
        """
        return self._heads.thresholds_in(self._language)

    @property
    def context(self) -> int:
        """How many utterances before each the model sees, too; 0 for a model that reads each by itself."""
        return self._heads.context

    def in_language(self, language: str) -> TextPerceiver:
        """Return the same perceiver for texts that are known to be in one language, which it otherwise guesses.

        Args:
            language: One of the codes that the model's card lists.

        Raises:
            OptionError: The model tells no such language apart; the text lists those it does.
        """
        self._heads.thresholds_in(language)
        told = copy(self)
        told._language = language
        return told

    def decide(self, affect: Affect) -> tuple[str, ...]:
        """Return the labels whose probability reaches their threshold, in the taxonomy's order.

        Where exactly one label holds, it is the likeliest.
        """
        if affect.categories is None or affect.categories.taxonomy != self.taxonomy:
            return next((said for _, other in self._others if (said := other.decide(affect))), ())
        if self.taxonomy.exclusive:
            return (affect.categories.top[0],)
        reached = affect.categories.probs >= self.thresholds
        return tuple(label for label, said in zip(self.taxonomy.labels, reached, strict=True) if said)

    def read(
        self, pieces: Sequence[Utterance], *, before: Sequence[Sequence[Utterance]] | None = None
    ) -> list[Affect | None]:
        """Return one affect per utterance; ``None`` where there are no words that the model knows.

        Args:
            pieces: The utterances, each by itself.
            before: What was said before each of them, in order; by default nothing.

        Raises:
            OptionError: `before` is not as long as `pieces`.
        """
        if before is not None and len(before) != len(pieces):
            raise OptionError(
                f"turns before {len(before)} of {len(pieces)} utterances were given; needed: one list each"
            )
        turns = before or [()] * len(pieces)
        return self.read_items([self._whole(piece, said) for piece, said in zip(pieces, turns, strict=True)])

    def fold(self, *, pending: int | None = None) -> TextFold:
        """Begin a stream of utterances; `pending` as for the perceiver, whose own it is where not given."""
        most = self._pending if pending is None else max(1, pending)
        return TextFold(self, pending=most, context=self.context)

    def items_of(self, utterance: Utterance, before: Sequence[Utterance] = ()) -> Iterator[Item]:
        """Yield what a stream answers for one utterance: the whole if it has times, else each of its sentences.

        Of a text with more than the card's ``timeline_sentences``, stretches of sentences are answered together, so
        that the timeline and the time it takes do not grow without end.
        """
        if utterance.span.unit == "seconds":
            yield self._whole(utterance, before)
            return
        turns = earlier(utterance, before, self.context)
        most = int(self.info.options["timeline_sentences"])
        ranges = _ranges(split_sentences(utterance.text))
        for group in np.array_split(ranges, most // 4) if len(ranges) > most else ranges[:, None]:
            chosen = group[_spread(len(group), 4)]
            span = Span(float(group[0, 0]), float(group[-1, 1]), "characters").shift(utterance.span.start)
            yield Item(tuple(utterance.text[start:end] for start, end in chosen), span, turns)

    def read_items(self, items: Sequence[Item]) -> list[Affect | None]:
        """Return one affect per item, each read by the model that is for its language."""
        affects: list[Affect | None] = [None] * len(items)
        for reader, places in self._shared_out(items):
            for place, affect in zip(places, reader._read_all([items[place] for place in places]), strict=True):
                affects[place] = affect
        return affects

    def _shared_out(self, items: Sequence[Item]) -> Iterator[tuple[TextPerceiver, list[int]]]:
        """Yield each model with the places of its items."""
        left = list(range(len(items)))
        for claims, other in self._others:
            claimed = {place for place in left if claims.holds(" ".join(items[place].passages))}
            left = [place for place in left if place not in claimed]
            yield other, sorted(claimed)
        yield self, left

    def _read_all(self, items: Sequence[Item]) -> list[Affect | None]:
        """Read items with this model, `BLOCK` passages at a time."""
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

    def _whole(self, utterance: Utterance, before: Sequence[Utterance] = ()) -> Item:
        ranges = _ranges(split_passages(utterance.text))
        chosen = ranges[_spread(len(ranges), int(self.info.options["read_passages"]))]
        passages = tuple(utterance.text[start:end] for start, end in chosen)
        return Item(passages, utterance.span, earlier(utterance, before, self.context))

    def vectors(self, pieces: Sequence[Utterance]) -> Float64[np.ndarray, "n width"]:
        """Return what the trunk makes of each utterance, on which heads can be trained.

        The mean over its passages by their length; a row of zeros where there are no words that the model knows.

        Raises:
            InputError: No text has any.
        """
        parts, _, counts = self._parts([self._whole(piece).passages for piece in pieces])
        if not any(counts):
            raise InputError("none of the texts holds words that the model knows; give some in its language")
        return pooled(self._reader.sentences(parts), [len(part) - 2 for part in parts], counts)

    def _parts(self, texts: Sequence[tuple[str, ...]]) -> tuple[list[Part], list[str], list[int]]:
        """Return the parts of texts in passages, one after the other, the passage of each, and how many a text has."""
        passages = [passage for text in texts for passage in text]
        by_passage = self._tokens.parts(passages)
        owners = [passage for passage, parts in zip(passages, by_passage, strict=True) for _ in parts]
        waiting = iter(by_passage)
        counts = [sum(len(next(waiting)) for _ in text) for text in texts]
        return [part for parts in by_passage for part in parts], owners, counts

    def _turns(self, items: Sequence[Item], counts: Sequence[int]) -> Turns | None:
        """Return what was said before each part of the items; ``None`` where the model sees no turns."""
        if not self.context:
            return None
        turns = list(dict.fromkeys(turn.passages for item in items for turn in item.before))
        places = {turn: place for place, turn in enumerate(turns)}
        parts, _, sizes = self._parts(turns)
        before = [[(places[turn.passages], turn.same) for turn in item.before] for item in items]
        repeated = [said for said, count in zip(before, counts, strict=True) for _ in range(count)]
        return Turns(parts, sizes, repeated, self.context)

    def _read_block(self, items: Sequence[Item]) -> list[Affect | None]:
        parts, passages, counts = self._parts([item.passages for item in items])
        if not parts:
            return [None] * len(items)
        languages = np.repeat([self._language_of(item) for item in items], counts).tolist()
        readings = self._reader.read(parts, passages, languages, self._turns(items, counts))
        affects: list[Affect | None] = []
        first = 0
        for item, count in zip(items, counts, strict=True):
            rows = range(first, first + count)
            first += count
            pooled = readings.pool(rows, [len(parts[row]) - 2 for row in rows]) if count else None
            affects.append(None if pooled is None else self._affect(pooled, item.span))
        return affects

    def _language_of(self, item: Item) -> int:
        """Return the place of the language of an item, told or guessed; 0 where the model tells none apart."""
        if self._language is not None:
            return self._heads.languages.index(self._language)
        return 0 if self._guess is None else int(self._guess.logits(" ".join(item.passages)).argmax())

    def _affect(self, reading: Reading, span: Span) -> Affect:
        heads = self._heads
        categories = Distribution(heads.taxonomy, reading.probs[0]) if heads.categories else None
        rated = heads.dimensions_of(reading.means[0], reading.stds[0]) if heads.ratings else {}
        degrees = zip(heads.degrees, reading.others, strict=True)
        return Affect(
            categories,
            rated.get("valence"),
            rated.get("arousal"),
            rated.get("dominance"),
            degrees=tuple(Distribution(head.scale, values[0]) for head, values in degrees),
            span=span,
            confidence=heads.sureness(categories.top[1]) if categories is not None else None,
            kind=heads.kind,
            model=self.info.name,
        )


def _ranges(found: Iterator[tuple[int, int]]) -> np.ndarray:
    """Return ranges as an array, shape ``(n, 2)``: a text may have millions."""
    return np.fromiter((bound for pair in found for bound in pair), dtype=np.int64).reshape(-1, 2)


def _spread(count: int, most: int) -> np.ndarray:
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).astype(np.int64)
