"""Which words an answer hangs on: those whose removal changes it most.

References:
    Li, Monroe and Jurafsky (2016). Understanding neural networks through representation erasure. arXiv:1612.08220.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from mien.errors import OptionError
from mien.perceive.text import split_sentences
from mien.types import Affect, Evidence, Span, Utterance

__all__ = ["word_evidence", "word_weights", "words_of"]

MOST = 64
"""Words, or sentences, that are taken away in turn; a longer text is narrowed to the sentence that matters most."""

SMALLEST = 0.01
"""Fall of the top label's probability below which a word is no reason."""

_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*|[!?]+")


@runtime_checkable
class Reads(Protocol):
    def read(self, pieces: Sequence[Utterance]) -> list[Affect | None]: ...


def word_evidence(perceiver: Reads, text: str, affect: Affect, *, top: int = 3) -> tuple[Evidence, ...]:
    """Return the words whose removal lowers the probability of the top label most.

    Args:
        perceiver: What read the text; it reads every shortened text in one batch.
        text: The words of the utterance.
        affect: What the perceiver said of them.
        top: How many words to return at most.

    Returns:
        Evidence of source ``"word"``, the strongest first: the word as note, where it lies in `text` (characters), and
        as weight by how much the probability falls without it. Empty where no word matters, as in a neutral sentence.

    Raises:
        OptionError: `top` is below 1.

    Example:
        >>> from mien.perceive.text import TextPerceiver
        >>> perceiver, text = TextPerceiver(), "Thank you for the ride."
        >>> affect = perceiver.read([Utterance(text, Span(0, len(text), "characters"))])[0]
        >>> word_evidence(perceiver, text, affect, top=1)[0].note
        'Thank'
    """
    if top < 1:
        raise OptionError(f"{top} words were asked for; allowed: 1 or more")
    if affect.categories is None:
        return ()
    words, falls = word_weights(perceiver, text, affect)
    order = np.argsort(-falls, kind="stable")[:top]
    return tuple(_evidence(text, words[place], falls[place]) for place in order if falls[place] >= SMALLEST)


def word_weights(perceiver: Reads, text: str, affect: Affect) -> tuple[list[tuple[int, int]], np.ndarray]:
    """Return where the words lie that may be reasons, and how much each matters.

    Args:
        perceiver: What read the text; it reads every shortened text in one batch.
        text: The words of the utterance.
        affect: What the perceiver said of them; its top label is explained.

    Returns:
        Bounds of the words (characters), and by how much the probability falls without each, shape ``(words,)``. Of a
        text with more than `MOST` words, those of the sentence that matters most. None where there is no label.
    """
    if affect.categories is None:
        return [], np.zeros(0)
    words = _words(perceiver, text, affect)
    return words, _falls(perceiver, text, words, affect)


def words_of(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text lie: letters and digits with what joins them, and runs of ``!`` and ``?``.

    Example:
        >>> words_of("Don't go!")
        [(0, 5), (6, 8), (8, 9)]
    """
    return [found.span() for found in _WORD.finditer(text)]


def _evidence(text: str, word: tuple[int, int], fall: float) -> Evidence:
    start, end = word
    return Evidence("word", min(1.0, float(fall)), Span(start, end, "characters"), note=text[start:end])


def _words(perceiver: Reads, text: str, affect: Affect) -> list[tuple[int, int]]:
    """Return where the words lie; of a long text, those of the sentence that matters most."""
    words = [found.span() for found in _spread_out(text)]
    if len(words) <= MOST:
        return words
    ranges = list(split_sentences(text))
    ranges = [ranges[place] for place in np.linspace(0, len(ranges) - 1, min(MOST, len(ranges))).astype(int)]
    start, end = ranges[int(_falls(perceiver, text, ranges, affect).argmax())]
    return [found.span() for found in _WORD.finditer(text, start, end)][:MOST]


def _spread_out(text: str) -> list[re.Match[str]]:
    """Return at most one word more than may be taken away: of a huge text, no more are needed to see that it is."""
    found = []
    for word in _WORD.finditer(text):
        found.append(word)
        if len(found) > MOST:
            break
    return found


def _falls(perceiver: Reads, text: str, ranges: Sequence[tuple[int, int]], affect: Affect) -> np.ndarray:
    """Return by how much the probability of the affect's top label falls without each range."""
    if affect.categories is None or not ranges:
        return np.zeros(0)
    label, before = affect.categories.top
    place = affect.categories.taxonomy.index(label)
    shortened = [text[:start] + text[end:] for start, end in ranges]
    affects = perceiver.read([Utterance(words, Span(0, len(words), "characters")) for words in shortened])
    # Without its only word a text says nothing: all of the probability hung on that word.
    after = [
        0.0 if without is None or without.categories is None else without.categories.probs[place] for without in affects
    ]
    return before - np.array(after)
