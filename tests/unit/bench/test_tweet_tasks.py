"""The tasks on tweets and on sides of a text, with a perceiver that answers as told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from mien.bench import answers
from mien.bench.tasks import (
    EMOBANK_READERS,
    EMOBANK_WRITERS,
    SEMEVAL2018_EC,
    SEMEVAL2018_EI,
    SEMEVAL2018_V,
    WASSA2022,
    tweets,
)
from mien.datasets import Sample
from mien.errors import OptionError
from mien.types import Affect, Dimension, Distribution, Span, Utterance
from mien.types.scales import EMPATHY2, INTENSITY4, SEMEVAL_EC11, SEMEVAL_INTENSITY

Tell = Callable[[Sequence[Affect | None]], None]
TASKS = [EMOBANK_READERS, EMOBANK_WRITERS, SEMEVAL2018_EC, SEMEVAL2018_EI, SEMEVAL2018_V, WASSA2022]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Sets what the perceiver answers."""

    def told(affects: Sequence[Affect | None]) -> None:
        perceiver = type("Told", (), {"read": lambda self, signals: list(affects), "thresholds": np.full(11, 0.4)})
        for module in (answers, tweets):
            monkeypatch.setattr(module, "build", lambda kind, name, *, model: perceiver())

    return told


def sample(truth: Affect, **group: str) -> Sample:
    return Sample("a", Utterance("Hm", Span(0, 2, "characters")), truth, group)


def labelled(**probs: float) -> Affect:
    return Affect(Distribution(SEMEVAL_EC11, np.array([probs.get(label, 0.0) for label in SEMEVAL_EC11.labels])))


def test_intensity_is_what_the_model_tells_where_it_tells_any(tell: Tell) -> None:
    samples = [
        sample(Affect(Distribution(SEMEVAL_INTENSITY[emotion], np.array([degree]))), emotion=emotion)
        for emotion in INTENSITY4.labels
        for degree in (0.1, 0.5, 0.9)
    ]
    told = []
    for place, one in enumerate(samples):
        degrees = np.full(4, 0.5)
        degrees[place // 3] = one.truth.categories.probs[0] * (-0.5 if place < 3 else 0.5) + 0.5
        told.append(Affect(valence=Dimension(0, 1), degrees=(Distribution(INTENSITY4, degrees),)))
    tell(told)
    found = SEMEVAL2018_EI.answer(samples, "any")
    assert SEMEVAL2018_EI.metrics["r_anger"](found).value == pytest.approx(-1)
    assert SEMEVAL2018_EI.metrics["r_mean"](found).value == pytest.approx(0.5)


def test_a_tweet_without_labels_is_right_where_none_is_said(tell: Tell) -> None:
    samples = [sample(labelled()), sample(labelled(joy=1, love=1)), sample(labelled(anger=1))]
    tell([labelled(joy=0.3), labelled(joy=0.9, love=0.1), None])
    found = SEMEVAL2018_EC.answer(samples, "any")
    assert SEMEVAL2018_EC.metrics["jaccard"](found).value == pytest.approx((1 + 0.5 + 0) / 3)


def test_spreads_are_held_against_those_of_the_raters(tell: Tell) -> None:
    def rated(mean: float, std: float) -> Affect:
        return Affect(*[None], *(Dimension(mean, std) for _ in range(3)))

    tell([rated(0.1, 0.4), rated(0.2, 0.3), rated(0.3, 0.2)])
    found = EMOBANK_READERS.answer(
        [sample(rated(mean, std)) for mean, std in ((0, 0.1), (0.2, 0.2), (0.4, 0.3))], "any"
    )
    assert EMOBANK_READERS.metrics["r_arousal"](found).value == pytest.approx(1)
    assert EMOBANK_READERS.metrics["r_spread_arousal"](found).value == pytest.approx(-1)


def test_a_model_without_empathy_is_told(tell: Tell) -> None:
    essay = sample(Affect(Distribution(EMPATHY2, np.array([0.2, 0.4]))), writer="w")
    tell([Affect(valence=Dimension(0, 1), degrees=(Distribution(EMPATHY2, np.array([0.3, 0.6])),))])
    found = WASSA2022.answer([essay], "any")
    assert (found.estimate["empathy"], found.estimate["distress"]) == (0.3, 0.6)
    tell([labelled(joy=1)])
    with pytest.raises(
        OptionError, match="the model 'any' tells no empathy2; give one that does, such as text-empathy"
    ):
        WASSA2022.answer([essay], "any")


@pytest.mark.data
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_the_prepared_splits_are_those_of_the_tasks(task: Any) -> None:
    from mien.registry import find

    assert len(find("corpus", task.corpus)(task.split)) == task.n
