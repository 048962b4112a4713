"""The tasks on what was said before, with a perceiver that answers by what it hears."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from mien.bench.tasks import CONTEXT_PAIRS, EMOCONTEXT, MELD_CONTEXT, context
from mien.datasets import Sample, context_pairs
from mien.errors import OptionError
from mien.types import Affect, Distribution, Span, Taxonomy, Utterance
from mien.types.scales import EMOCONTEXT4
from mien.types.taxonomies import EKMAN7


class Hears:
    """Feels what the last word before a text says, or nothing in particular where none is one of its labels."""

    context = 2

    def __init__(self) -> None:
        self.heard: list[list[Utterance]] = []

    def read(
        self, pieces: Sequence[Utterance], *, before: Sequence[Sequence[Utterance]] | None = None
    ) -> list[Affect | None]:
        turns = before or [()] * len(pieces)
        self.heard += [list(said) for said in turns]
        return [self.feel([*said, piece][-2:][0].text) for piece, said in zip(pieces, turns, strict=True)]

    @staticmethod
    def feel(text: str) -> Affect | None:
        label = text.rsplit(maxsplit=1)[-1] if text else "neutral"
        return None if label == "-" else truth(EKMAN7, label if label in EKMAN7.labels else "neutral")


@pytest.fixture
def hears(monkeypatch: pytest.MonkeyPatch) -> Hears:
    perceiver = Hears()
    monkeypatch.setattr(context, "build", lambda kind, name, *, model: perceiver)
    return perceiver


def truth(taxonomy: Taxonomy, label: str) -> Affect:
    return Affect(Distribution(taxonomy, np.eye(len(taxonomy))[taxonomy.index(label)]))


def said(text: str, speaker: str | None = None) -> Utterance:
    return Utterance(text, Span(0, len(text), "characters"), speaker)


def test_a_pair_is_right_only_where_what_was_before_is_heard(hears: Hears) -> None:
    sides = [("so joy", "joy"), ("oh fear", "fear"), ("so joy", "joy"), ("so joy", "anger")]
    samples = [
        Sample(str(k), said("Hm"), truth(EKMAN7, label), {"pair": str(k // 2)}, {"before": (said(before),)})
        for k, (before, label) in enumerate(sides)
    ]
    answers = CONTEXT_PAIRS.answer(samples, "any")
    found = {name: measure(answers).value for name, measure in CONTEXT_PAIRS.metrics.items()}
    assert found == {
        "accuracy": 0.75,
        "accuracy_alone": 0.0,
        "accuracy_gain": 0.75,
        "both_right": 0.5,
        "flip_rate": 0.5,
        "right_way": 0.5,
    }
    assert hears.heard[1] == [said("oh fear")]


def test_alone_one_side_of_each_pair_is_right_at_most(hears: Hears) -> None:
    answers = CONTEXT_PAIRS.answer(context_pairs.load(), "any")
    assert CONTEXT_PAIRS.metrics["accuracy_alone"](answers).value <= 0.5


def test_lines_are_heard_after_those_of_their_own_dialogue(hears: Hears) -> None:
    lines = [("1", "2", "third joy"), ("0", "0", "else"), ("1", "0", "first fear"), ("1", "1", "-")]
    samples = [
        Sample(text, said(text), truth(EKMAN7, "fear"), {"dialogue": dialogue, "turn": turn})
        for dialogue, turn, text in lines
    ]
    answers = MELD_CONTEXT.answer(samples, "any")
    assert [[turn.text for turn in turns] for turns in hears.heard[:4]] == [["first fear", "-"], [], [], ["first fear"]]
    assert answers.estimate["heard"].tolist() == [-1, *(EKMAN7.index(label) for label in ("neutral", "fear", "fear"))]
    assert answers.estimate["alone"].tolist()[3] == -1
    assert answers.groups.tolist() == ["1", "0", "1", "1"]
    gain = MELD_CONTEXT.metrics["weighted_f1_gain"](answers)
    assert gain.value == pytest.approx(
        MELD_CONTEXT.metrics["weighted_f1"](answers).value - MELD_CONTEXT.metrics["weighted_f1_alone"](answers).value
    )


def test_the_third_turn_is_by_who_spoke_first(hears: Hears) -> None:
    rows = [("a", "b joy", "c", "happy"), ("a", "b disgust", "c anger", "others"), ("a", "b", "-", "sad")]
    samples = [
        Sample(third, said(third), truth(EMOCONTEXT4, label), extra={"context": (first, second)})
        for first, second, third, label in rows
    ]
    answers = EMOCONTEXT.answer(samples, "any")
    assert [turn.speaker for turn in hears.heard[0]] == ["first", "second"]
    labels = [EMOCONTEXT4.labels[place] for place in answers.estimate["heard"]]
    assert labels == ["happy", "others", "others"]
    assert [EMOCONTEXT4.labels[place] for place in answers.estimate["alone"]] == ["others", "angry", "others"]
    assert EMOCONTEXT.metrics["micro_f1"](answers).value == pytest.approx(2 / 3)
    assert EMOCONTEXT.metrics["micro_f1_alone"](answers).value == 0


def test_others_is_chosen_where_all_it_holds_is_likelier_together() -> None:
    probs = np.array([{"joy": 0.4, "neutral": 0.3, "surprise": 0.3}.get(label, 0.0) for label in EKMAN7.labels])
    (place,) = context._among([Affect(Distribution(EKMAN7, probs))])
    assert EMOCONTEXT4.labels[place] == "others"


def test_a_model_that_hears_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = type("Deaf", (Hears,), {"context": 0})
    monkeypatch.setattr(context, "build", lambda kind, name, *, model: deaf())
    with pytest.raises(OptionError, match="the model 'text-affect' does not see what was said before; give one that"):
        CONTEXT_PAIRS.answer(context_pairs.load(), "text-affect")
