"""Laws of reading turns: what is said later changes nothing, and neither does how many wait for one another."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mien.perceive.text import TextPerceiver
from mien.perceive.text.turns import earlier
from mien.types import Span, Utterance

TEXTS = ("We won!", "My dog died.", "I know.", "It's over. Really.", " ", "How could you?")
TURNS = st.lists(st.tuples(st.sampled_from(("Ada", "Bo", None)), st.sampled_from(TEXTS)), min_size=1, max_size=5)


@cache
def perceiver() -> TextPerceiver:
    return TextPerceiver(model="text-context", threads=1)


def spoken(turns: list[tuple[str | None, str]]) -> list[Utterance]:
    return [Utterance(text, Span(float(k), k + 1.0), speaker) for k, (speaker, text) in enumerate(turns)]


def answers(turns: list[tuple[str | None, str]], *, pending: int = 32) -> dict[float, np.ndarray]:
    fold = perceiver().fold(pending=pending)
    for turn in spoken(turns):
        fold.push(turn)
    found = [affect for track in fold.finish() for affect in track.affects]
    return {affect.span.start: affect.categories.probs for affect in found}


@settings(max_examples=15, deadline=None)
@given(turns=TURNS, pending=st.integers(1, 4))
def test_later_turns_and_waiting_change_nothing(turns, pending) -> None:
    whole = answers(turns)
    assert set(whole) == {float(k) for k, (_, text) in enumerate(turns) if text.strip()}
    for count in range(1, len(turns) + 1):
        for start, probs in answers(turns[:count], pending=pending).items():
            assert np.abs(probs - whole[start]).max() <= 1e-5


@given(turns=TURNS, depth=st.integers(0, 3))
def test_what_has_no_words_counts_as_nothing(turns, depth) -> None:
    said = spoken(turns)
    here = Utterance("So.", Span(9.0, 10.0), "Ada")
    seen = earlier(here, said, depth)
    assert len(seen) == min(depth, sum(bool(turn.text.strip()) for turn in said))
    assert seen == earlier(here, [turn for turn in said if turn.text.strip()], depth)
    assert earlier(here, said[-1:], depth) == seen[:1] or not said[-1].text.strip()
