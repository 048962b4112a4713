"""A model that sees the turns before each: which, in what order, by whom; a stream answers as reading at once does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from mien.errors import OptionError
from mien.perceive import perceive
from mien.perceive.text import TextPerceiver
from mien.perceive.text.turns import Earlier, Turns, earlier, pooled
from mien.types import Affect, Span, Utterance

SAID = [
    ("Ada", "The vet says there is nothing more he can do for her."),
    ("Bo", "I am so sorry."),
    ("Ada", "Well, that's it then."),
    ("Bo", "Shall I stay with you tonight?"),
]


@pytest.fixture(scope="module")
def perceiver() -> TextPerceiver:
    return TextPerceiver(model="text-context", threads=1)


def timed(said: Sequence[tuple[str | None, str]] = SAID) -> list[Utterance]:
    return [Utterance(text, Span(float(k), k + 1.0), speaker) for k, (speaker, text) in enumerate(said)]


def probs(affect: Affect | None) -> np.ndarray:
    assert affect is not None
    assert affect.categories is not None
    return affect.categories.probs


def by_time(perceiver: TextPerceiver, turns: Sequence[Utterance]) -> list[np.ndarray]:
    affects = [affect for track in perceive(perceiver, turns) for affect in track.affects]
    return [probs(affect) for affect in sorted(affects, key=lambda affect: affect.span.start)]


def test_its_card_says_that_it_sees_turns(perceiver: TextPerceiver) -> None:
    assert perceiver.context == 2
    assert perceiver.info.line == "research"
    assert TextPerceiver(model="text-affect", threads=1).context == 0


def test_the_nearest_turns_come_first_with_who_spoke() -> None:
    turns = [
        Utterance(text, Span(0, 9), name) for text, name in (("one", "A"), ("two", None), (" \n", "A"), ("three", "B"))
    ]
    here = Utterance("four", Span(9, 10), "A")
    assert earlier(here, turns, 3) == (
        Earlier(("three",), False),
        Earlier(("two",), None),
        Earlier(("one",), True),
    )
    assert earlier(here, turns, 1) == (Earlier(("three",), False),)
    assert earlier(here, [], 2) == earlier(here, turns, 0) == ()


def test_of_a_long_turn_its_end_is_seen() -> None:
    (turn,) = earlier(Utterance("yes", Span(0, 1)), [Utterance("so it goes on. " * 9000 + "The end.", Span(0, 1))], 2)
    assert turn.passages[-1].endswith("The end.")
    assert sum(map(len, turn.passages)) <= 600


def test_what_heads_see_of_turns() -> None:
    turns = Turns([(0, 5, 0), (0, 5, 6, 7, 0)], [2, 0], [[(0, True), (1, False)], [(1, None)], []], 2)
    seen = turns.features(np.array([[4.0, 0.0], [8.0, 4.0]]), 2)
    assert seen.tolist() == [
        [7.0, 3.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.0] * 8,
    ]
    assert pooled(np.zeros((0, 2)), [], []).shape == (0, 2)


def test_turns_before_change_the_answer_and_none_do_not(perceiver: TextPerceiver) -> None:
    here = Utterance("Well, that's it then.", Span(0.0, 1.0), "Ada")
    sad = [Utterance("The vet says there is nothing more he can do for her.", Span(0.0, 1.0), "Bo")]
    glad = [Utterance("They gave us the loan. The house is ours!", Span(0.0, 1.0), "Bo")]
    alone, nothing, after_sad, after_glad = (
        probs(perceiver.read([here], before=before)[0]) for before in (None, [[]], [sad], [glad])
    )
    assert np.abs(alone - nothing).max() == 0
    sadness = perceiver.taxonomy.index("sadness")
    assert after_sad[sadness] > after_glad[sadness]
    assert np.abs(alone - after_glad).max() > 1e-3


def test_only_the_two_nearest_turns_count_and_in_their_order(perceiver: TextPerceiver) -> None:
    first, second, here, far = timed()
    read = [
        probs(affect)
        for affect in perceiver.read([here] * 3, before=[[far, first, second], [first, second], [second, first]])
    ]
    assert np.abs(read[0] - read[1]).max() <= 1e-5
    assert np.abs(read[1] - read[2]).max() > 1e-4


def test_who_spoke_before_counts(perceiver: TextPerceiver) -> None:
    first, second, here, _ = timed()
    names = [here, Utterance(here.text, here.span, "Bo"), Utterance(here.text, here.span, None)]
    read = [probs(affect) for affect in perceiver.read(names, before=[[first, second]] * 3)]
    assert min(np.abs(read[0] - read[1]).max(), np.abs(read[0] - read[2]).max()) > 1e-4


def test_valence_is_that_of_the_turn_alone(perceiver: TextPerceiver) -> None:
    *before, here, _ = timed()
    after, alone = perceiver.read([here, here], before=[before, []])
    assert after.valence.mean == pytest.approx(alone.valence.mean, abs=1e-6)


@pytest.mark.parametrize("pending", [1, 3, 100])
def test_a_stream_answers_as_reading_at_once(perceiver: TextPerceiver, pending: int) -> None:
    turns = timed()
    whole = perceiver.read(turns, before=[turns[:place] for place in range(len(turns))])
    fold = perceiver.fold(pending=pending)
    for turn in turns:
        fold.push(turn)
    affects = sorted((one for track in fold.finish() for one in track.affects), key=lambda one: one.span.start)
    for one, other in zip(affects, whole, strict=True):
        assert np.abs(probs(one) - probs(other)).max() <= 1e-5


def test_a_turn_does_not_depend_on_what_is_said_after_it(perceiver: TextPerceiver) -> None:
    whole = by_time(perceiver, timed())
    for count in range(1, len(SAID)):
        for one, other in zip(by_time(perceiver, timed(SAID[:count])), whole, strict=False):
            assert np.abs(one - other).max() <= 1e-5


def test_the_first_turn_is_read_alone(perceiver: TextPerceiver) -> None:
    (alone,) = perceiver.read(timed(SAID[:1]))
    assert np.abs(by_time(perceiver, timed())[0] - probs(alone)).max() <= 1e-5


def test_all_sentences_of_a_turn_have_the_same_turns_before(perceiver: TextPerceiver) -> None:
    said = ["The vet called.", "I see. Well, that's it then."]
    written = [Utterance(text, Span(20 * k, 20 * k + len(text), "characters"), "AB"[k]) for k, text in enumerate(said)]
    items = list(perceiver.items_of(written[1], written[:1]))
    assert [item.passages for item in items] == [("I see.",), ("Well, that's it then.",)]
    assert all(item.before == (Earlier(("The vet called.",), False),) for item in items)
    turn = perceiver.read([Utterance("Well, that's it then.", Span(0, 21, "characters"), "B")], before=[written[:1]])[0]
    assert np.abs(by_time(perceiver, written)[-1] - probs(turn)).max() <= 1e-5


def test_turns_must_be_given_for_each(perceiver: TextPerceiver) -> None:
    with pytest.raises(OptionError, match="turns before 1 of 2 utterances were given; needed: one list each"):
        perceiver.read(timed()[:2], before=[[]])
