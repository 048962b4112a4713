"""Any word for an emotion, the ones that no list knows too: read by a text model, and placed by the words it is like.

What the lists know (`mien.types.words`), they answer. Any other word is read within short sentences: valence, arousal
and dominance are the mean of what the model's heads say, and its place in the tree is that of the listed words whose
vectors are nearest, each weighed by its nearness. A word that the model reads as neutral gets no place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from jaxtyping import Float

from mien.perceive.text.perceiver import TextPerceiver
from mien.types import Affect, Dimension, Distribution, Evidence, Span, Utterance
from mien.types.norms import WITHIN_STD
from mien.types.taxonomies import PARROTT
from mien.types.words import entries, find_word, listed_affect, normalise_word

__all__ = ["Listed", "WordReader", "look_up", "nearest_places"]

ALONE, FELT, FEELING = "{}", "I felt {}.", "a feeling of {}"
"""What a word is read in: the first two for valence, arousal and dominance, the last for its place."""
NEARNESS = 0.05
"""Difference in cosine by which a listed word weighs e times less."""
NEUTRAL = 0.5
"""Probability of neutral from which a word counts as none for an emotion."""
DIMENSIONS = ("valence", "arousal", "dominance")


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """The listed words that have a place in the tree, as a model sees them.

    Args:
        words: The words.
        vectors: Shape ``(words, width)``, of mean 0 and length 1.
        centre: Shape ``(width,)``, the mean that was taken off.
        shares: Shape ``(words, nodes)``, where each word stands.
    """

    words: tuple[str, ...]
    vectors: Float[np.ndarray, "words width"]
    centre: Float[np.ndarray, "width"]
    shares: Float[np.ndarray, "words nodes"]


def look_up(word: str, *, model: str = "text-affect") -> Affect | None:
    """Return what a word for an emotion means: its place in the tree of Parrott, and valence, arousal and dominance.

    ``confidence`` says how sure the place is, and the evidence whence it is known: the tree, our lists, or a model. The
    categories are over the tree, and `mien.project` takes them to other taxonomies. They are unknown (``None``) where
    the tree has no place for the word, or where the model reads it as no emotion. `mien.types.tree.surest` tells how
    deep in the tree the place is sure.

    Args:
        word: A word or short phrase, in English.
        model: Name or folder of the text model that reads words which no list knows.

    Returns:
        The affect, or None where the model knows nothing of the word.

    Raises:
        OptionError: It is no word or short phrase.
        UnknownNameError: There is no such model.

    Example:
        >>> chuffed = look_up("chuffed")
        >>> chuffed.categories.top
        ('joy/cheerfulness/delight', 1.0)
        >>> chuffed.valence.mean > 0.5
        True
    """
    return _reader(model).read([word])[0]


class WordReader:
    """Reads words for emotions. The model is loaded when the first word comes that no list knows.

    Args:
        model: Name or folder of the text model.
        threads: Threads to use; by default the machine's processors, at most two.

    Raises:
        UnknownNameError: There is no such model; raised where it is first needed.

    Example:
        >>> [affect.categories.top[0] for affect in WordReader().read(["gutted", "livid"])]
        ['sadness/disappointment/disappointment', 'anger/rage/rage']
    """

    def __init__(self, *, model: str = "text-affect", threads: int | None = None) -> None:
        self._model, self._threads = model, threads

    def read(self, words: Sequence[str]) -> list[Affect | None]:
        """Return one affect a word; None where neither the lists nor the model know anything of it.

        Raises:
            OptionError: One is no word or short phrase.
        """
        known = {word: find_word(word) for word in dict.fromkeys(words)}
        unknown = [word for word, entry in known.items() if entry is None]
        told = dict(zip(unknown, self.read_unlisted([normalise_word(word) for word in unknown]), strict=True))
        return [told[word] if entry is None else listed_affect(entry) for word in words for entry in (known[word],)]

    def read_unlisted(self, words: Sequence[str]) -> list[Affect | None]:
        """Return what the model says of each word, whatever the lists know."""
        alone, felt = (self._said(words, frame) for frame in (ALONE, FELT))
        known = [place for place, affect in enumerate(alone) if affect is not None]
        told: list[Affect | None] = [None] * len(words)
        if known:
            shares = nearest_places(self.vectors([words[place] for place in known]), self.listed)
            for place, row in zip(known, shares, strict=True):
                told[place] = self._affect(words[place], alone[place], felt[place], row)
        return told

    def vectors(self, words: Sequence[str]) -> Float[np.ndarray, "words width"]:
        """Return what the model's trunk makes of each word, for `nearest_places`."""
        return self._perceiver.vectors([_utterance(word, FEELING) for word in words])

    @cached_property
    def listed(self) -> Listed:
        """The listed words that have a place, as the model sees them."""
        placed = {word: entry.nodes for word, entry in entries().items() if entry.nodes}
        shares = np.zeros((len(placed), len(PARROTT)))
        for row, nodes in zip(shares, placed.values(), strict=True):
            row[[PARROTT.index(node) for node in nodes]] = 1 / len(nodes)
        vectors = self.vectors(list(placed))
        centre = vectors.mean(axis=0)
        return Listed(tuple(placed), _unit(vectors - centre), centre, shares)

    @cached_property
    def _perceiver(self) -> TextPerceiver:
        return TextPerceiver(model=self._model, threads=self._threads)

    def _said(self, words: Sequence[str], frame: str) -> list[Affect | None]:
        return self._perceiver.read([_utterance(word, frame) for word in words]) if words else []

    def _affect(
        self, word: str, alone: Affect | None, felt: Affect | None, shares: Float[np.ndarray, "nodes"]
    ) -> Affect | None:
        readings = [affect for affect in (alone, felt) if affect is not None]
        rated = {name: _mean([getattr(affect, name) for affect in readings]) for name in DIMENSIONS}
        neutral = _neutral(readings[-1])
        categories = None if neutral >= NEUTRAL else Distribution(PARROTT, shares)
        if categories is None and not any(rated.values()):
            return None
        confidence = None if categories is None else categories.top[1]
        note = f"no list knows {word!r}; the model {'placed' if categories else 'rated'} it"
        if categories is None:
            note += f", and reads it as neutral ({neutral:.2f}), not as an emotion"
        seen = (Evidence("model", 1 - neutral, note=note),)
        return Affect(
            categories,
            rated["valence"],
            rated["arousal"],
            rated["dominance"],
            labels=(word,),
            evidence=seen,
            confidence=confidence,
            model=self._perceiver.info.name,
        )


def nearest_places(
    vectors: Float[np.ndarray, "n width"], listed: Listed, hidden: np.ndarray | None = None
) -> Float[np.ndarray, "n nodes"]:
    """Return where words stand in the tree, by the listed words that they are like; each row adds up to one.

    Args:
        vectors: What `WordReader.vectors` makes of the words.
        listed: The listed words.
        hidden: Which listed words each word must not be told by, to measure, shape ``(n, listed words)``.
    """
    near = _unit(vectors - listed.centre) @ listed.vectors.T
    if hidden is not None:
        near = np.where(hidden, -np.inf, near)
    weights = np.exp((near - near.max(axis=1, keepdims=True)) / NEARNESS)
    shares: Float[np.ndarray, "n nodes"] = (weights / weights.sum(axis=1, keepdims=True)) @ listed.shares
    return shares


@lru_cache(maxsize=2)
def _reader(model: str) -> WordReader:
    return WordReader(model=model)


def _utterance(word: str, frame: str) -> Utterance:
    text = frame.format(word)
    return Utterance(text, Span(0, len(text), "characters"))


def _mean(readings: Sequence[Dimension | None]) -> Dimension | None:
    """Return the mean of readings; its spread holds theirs, their disagreement, and how far people differ on a word."""
    there = [reading for reading in readings if reading is not None]
    if not there:
        return None
    means, variances = np.array([each.mean for each in there]), np.array([each.std**2 for each in there])
    return Dimension(float(means.mean()), float(np.sqrt(variances.mean() + means.var() + WITHIN_STD**2)))


def _neutral(affect: Affect) -> float:
    """Return how probable neutral is; 0 for a model that does not know it."""
    return affect.categories.as_dict().get("neutral", 0.0) if affect.categories else 0.0


def _unit(vectors: Float[np.ndarray, "n width"]) -> Float[np.ndarray, "n width"]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Float[np.ndarray, "n width"] = vectors / np.maximum(lengths, 1e-12)
    return unit
