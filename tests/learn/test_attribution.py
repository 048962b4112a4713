"""What the inside of the text model says of its words."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

from mien.explain.words import words_of
from mien.learn.text.attribution import InsideView
from mien.perceive.text import TextPerceiver
from mien.runtime import find_asset
from mien.types import Span, Utterance

TEXT = "Thank you for the ride, dear neighbour!"


@pytest.fixture(scope="module")
def inside() -> InsideView:
    return InsideView(find_asset("text-affect"), steps=32)


@pytest.fixture(scope="module")
def perceiver() -> TextPerceiver:
    return TextPerceiver(threads=1)


def test_gradients_add_up_to_what_the_text_gains(inside: InsideView, perceiver: TextPerceiver) -> None:
    """The axiom of completeness of Sundararajan et al."""
    ids = perceiver._tokens.parts([TEXT])[0][0]
    label = perceiver.taxonomy.index("gratitude")
    tokens = inside.token_gradients(ids, label)
    assert float(tokens.sum()) == pytest.approx(inside.gain(ids, label), rel=0.05)
    assert tokens[0] == tokens[-1] == 0  # they are the same in the baseline


def test_gradients_find_the_word(inside: InsideView, perceiver: TextPerceiver) -> None:
    words = words_of(TEXT)
    weights = inside.integrated_gradients(TEXT, words, perceiver.taxonomy.index("gratitude"))
    start, end = words[int(weights.argmax())]
    assert TEXT[start:end] == "Thank"


def test_attention_is_a_share(inside: InsideView) -> None:
    words = words_of(TEXT)
    weights = inside.attention(TEXT, words)
    assert weights.shape == (len(words),)
    assert (weights > 0).all()
    assert weights.sum() < 1  # the rest goes to the first and the last token, and to the comma


def test_it_reads_as_the_shipped_graph_does(inside: InsideView, perceiver: TextPerceiver) -> None:
    """The difference of log odds between two texts is that of the perceiver, but for the temperature."""
    other = "Where were you last night?"
    label = perceiver.taxonomy.index("gratitude")
    ids = [perceiver._tokens.parts([text])[0][0] for text in (TEXT, other)]
    with_temperature = [float(affect.categories.probs[label]) for affect in read(perceiver, TEXT, other)]
    odds = np.log(np.array(with_temperature) / (1 - np.array(with_temperature)))
    logits = [float(inside._logits(inside._vectors(each)[0][None])[0, label]) for each in ids]
    assert odds[0] - odds[1] == pytest.approx((logits[0] - logits[1]) / perceiver._heads.temperature, rel=0.01)


def test_words_beyond_the_end_get_nothing(inside: InsideView) -> None:
    long = "word " * 200
    weights = inside.attention(long, words_of(long))
    assert weights[0] > 0
    assert weights[-1] == 0


def read(perceiver: TextPerceiver, *texts: str) -> list:
    return perceiver.read([Utterance(text, Span(0, len(text), "characters")) for text in texts])
