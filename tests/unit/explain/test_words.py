from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from mien.errors import OptionError
from mien.explain.words import MOST, word_evidence
from mien.types import Affect, Dimension, Distribution, Span, Utterance
from mien.types.taxonomies import SENTIMENT3


class Spotter:
    """Finds the share of "good" against "bad" in a text; says nothing of an empty one."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def read(self, pieces: Sequence[Utterance]) -> list[Affect | None]:
        self.batches.append(len(pieces))
        return [self.one(piece) for piece in pieces]

    def one(self, piece: Utterance) -> Affect | None:
        if not piece.text.strip():
            return None
        good, bad = (0.2 * piece.text.count(word) for word in ("good", "bad"))
        scores = np.exp([bad, 0.1, good])
        return Affect(Distribution(SENTIMENT3, scores / scores.sum()), span=piece.span)


def explained(text: str, top: int = 3) -> tuple[list[str], Spotter]:
    spotter = Spotter()
    affect = spotter.one(Utterance(text, Span(0, len(text), "characters")))
    assert affect is not None
    evidence = word_evidence(spotter, text, affect, top=top)
    assert all(item.source == "word" and item.weight > 0 for item in evidence)
    assert all(text[int(item.span.start) : int(item.span.end)] == item.note for item in evidence)
    return [item.note for item in evidence], spotter


def test_the_word_that_matters_is_named() -> None:
    words, spotter = explained("It's a good-natured day, and not bad at all, good!")
    assert words == ["good-natured", "good"]
    assert spotter.batches == [11]


def test_top_limits_and_the_only_word_counts() -> None:
    assert explained("good good good", top=2)[0] == ["good", "good"]
    assert explained("good")[0] == ["good"]


def test_no_word_matters() -> None:
    assert explained("The train leaves at nine.")[0] == []


def test_long_text_is_narrowed_to_the_sentence_that_matters() -> None:
    words, spotter = explained("It was a day like any other. " * 200 + "That was good. " + "So it went. " * 200)
    assert words in (["good"], [])
    assert all(size <= MOST for size in spotter.batches)
    assert explained("It was a day. " * 20 + "That was good. " + "So it went. " * 20)[0] == ["good"]


def test_without_categories_there_is_nothing_to_explain() -> None:
    assert word_evidence(Spotter(), "good", Affect(valence=Dimension(0.5, 0.1))) == ()


def test_top_below_one() -> None:
    with pytest.raises(OptionError, match="0 words were asked for; allowed: 1 or more"):
        word_evidence(Spotter(), "good", Affect(valence=Dimension(0.5, 0.1)), top=0)
