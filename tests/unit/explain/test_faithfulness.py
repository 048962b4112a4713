"""Erasing words to see whether they were the reasons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from mien.errors import OptionError
from mien.explain.faithfulness import erase, reductions
from mien.explain.words import word_weights, words_of
from mien.metrics.faithfulness import comprehensiveness, sufficiency
from mien.types import Affect, Dimension, Distribution, Span, Utterance
from mien.types.taxonomies import SENTIMENT3


class Spotter:
    """Reads "good" as positive; says nothing of an empty text."""

    def read(self, pieces: Sequence[Utterance]) -> list[Affect | None]:
        return [self.one(piece.text) for piece in pieces]

    def one(self, text: str) -> Affect | None:
        if not text.strip():
            return None
        share = 0.2 + 0.6 * ("good" in text)
        return Affect(Distribution(SENTIMENT3, np.array([0.1, 0.9 - share, share])))


def test_words_are_taken_away_or_kept_alone() -> None:
    assert reductions("a good day, yes!", [0, 9, 1, 0, 0], shares=[0.2, 0.4]) == [
        ("a  day, yes!", " good , "),
        ("a  , yes!", " good day, "),
    ]


def test_equal_words_go_in_their_order_and_a_filler_stands_for_each() -> None:
    assert reductions("one two three", [1, 1, 1], shares=[0.3], filler="_") == [("_ two three", "one _ _")]


def test_all_words() -> None:
    assert reductions("so good", [1, 2], shares=[1.0]) == [(" ", "so good")]


def test_the_word_that_matters_is_found_by_both_scores() -> None:
    spotter, text = Spotter(), "it was a good day at the sea"
    affect = spotter.one(text)
    assert affect is not None
    words, weights = word_weights(spotter, text, affect)
    assert words == words_of(text)
    found = erase(spotter, [text], [affect], [weights])
    assert found.whole.tolist() == [0.8]
    assert comprehensiveness(found.whole, found.without) == pytest.approx(0.6)
    assert sufficiency(found.whole, found.kept) == pytest.approx(0)
    wrong = erase(spotter, [text], [affect], [-weights])
    assert comprehensiveness(wrong.whole, wrong.without) < 0.2
    assert sufficiency(wrong.whole, wrong.kept) > 0.4


def test_a_text_without_words_left_says_nothing() -> None:
    spotter = Spotter()
    affect = spotter.one("good")
    assert affect is not None
    found = erase(spotter, ["good"], [affect], [np.ones(1)], shares=[1.0])
    assert found.without.tolist() == [[0.0]]
    assert found.kept.tolist() == [[0.8]]


def test_what_is_refused() -> None:
    with pytest.raises(OptionError, match="2 weights were given for 3 words; allowed: one a word"):
        reductions("one two three", [1, 2])
    with pytest.raises(OptionError, match="an affect without labels was given"):
        erase(Spotter(), ["good"], [Affect(valence=Dimension(0.5, 0.1), span=Span(0, 4, "characters"))], [np.ones(1)])
