"""Reasons are sought with the model's own reading of a turn: after the turns before it, said by the same person."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest

from mien.agent.explaining import explain
from mien.agent.perceiving import Perceived
from mien.agent.team import Team
from mien.types import Affect, Distribution, Source, Span, Track, Utterance
from mien.types.taxonomies import EKMAN7

SAID = [("Ada", "Good news!"), ("Bo", " "), ("Bo", "Tell me."), ("Ada", "We won. It is over.")]


class Hears:
    """Is sure of joy by how many words it reads, where it reads what follows good news."""

    name = modality = "text"

    def __init__(self, context: int) -> None:
        self.context = context
        self.heard: list[tuple[str | None, tuple[str, ...]]] = []

    def read(
        self, pieces: Sequence[Utterance], *, before: Sequence[Sequence[Utterance]] | None = None
    ) -> list[Affect | None]:
        turns = before or [()] * len(pieces)
        pairs = list(zip(pieces, turns, strict=True))
        self.heard += [(piece.speaker, tuple(turn.text for turn in said)) for piece, said in pairs]
        return [joy(0.2 * len(re.findall(r"\w+", piece.text)) if said else 0.9) for piece, said in pairs]


def joy(prob: float, span: Span | None = None) -> Affect:
    probs = np.full(len(EKMAN7), (1 - prob) / 6)
    probs[EKMAN7.index("joy")] = prob
    return Affect(Distribution(EKMAN7, probs), span=span, confidence=prob)


def written() -> tuple[Utterance, ...]:
    ends = np.cumsum([0, *(len(text) for _, text in SAID)]).tolist()
    return tuple(
        Utterance(text, Span(ends[k], ends[k + 1], "characters"), speaker) for k, (speaker, text) in enumerate(SAID)
    )


def perceived() -> Perceived:
    last = written()[-1].span.start
    second = Span(last + 8, last + 19, "characters")
    track = Track("Ada", "text", (joy(0.6, second),))
    source = Source("chat", "chat", "characters", last + 19)
    return Perceived(source, (track,), {}, ("text",), ("text",), written(), {}, ())


def test_words_are_left_out_after_the_same_turns() -> None:
    hears = Hears(context=2)
    (track,) = explain(perceived(), Team({"text": hears}))
    assert set(hears.heard) == {("Ada", ("Good news!", "Tell me."))}
    assert {one.note for one in track.affects[0].evidence} == {"It", "is", "over"}
    assert [one.weight for one in track.affects[0].evidence] == pytest.approx([0.2] * 3)
    word = next(one for one in track.affects[0].evidence if one.note == "over")
    start = int(word.span.start)
    assert "".join(text for _, text in SAID)[start : start + 4] == "over"


def test_a_model_that_hears_nothing_reads_them_alone() -> None:
    hears = Hears(context=0)
    (track,) = explain(perceived(), Team({"text": hears}))
    assert set(hears.heard) == {(None, ())}
    assert track.affects[0].evidence == ()
