"""The tasks across corpora of text, with a perceiver that answers as told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from mien.bench import answers
from mien.bench.tasks import (
    CARER,
    CROWDFLOWER,
    DAILYDIALOG,
    EMORYNLP,
    MELD,
    SEMEVAL2018_EI,
    WASSA2022_EMOTION,
)
from mien.datasets import Sample
from mien.types import Affect, Distribution, Span, Taxonomy, Utterance
from mien.types.scales import CROWDFLOWER13, EMORYNLP7, EMPATHY2, SEMEVAL_INTENSITY
from mien.types.taxonomies import EKMAN7, GOEMOTIONS28, PARROTT

Answer = Callable[[Sequence[dict[str, float] | None]], None]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Sets what the perceiver answers: probabilities over the labels of GoEmotions, or nothing."""

    def told(beliefs: Sequence[dict[str, float] | None]) -> None:
        affects = [None if belief is None else Affect(Distribution(GOEMOTIONS28, table(belief))) for belief in beliefs]
        perceiver = type("Told", (), {"read": lambda self, signals: affects})
        monkeypatch.setattr(answers, "build", lambda kind, name, *, model: perceiver())

    return told


def table(belief: dict[str, float]) -> np.ndarray:
    return np.array([belief.get(label, 0.0) for label in GOEMOTIONS28.labels])


def sample(
    taxonomy: Taxonomy, label: str, *, degree: float = 1.0, labels: tuple[str, ...] = (), **group: str
) -> Sample:
    probs = np.zeros(len(taxonomy))
    probs[taxonomy.index(label)] = degree
    signal = Utterance("Hm", Span(0, 2, "characters"))
    return Sample("a", signal, Affect(Distribution(taxonomy, probs), labels=labels), group)


def places(*labels: str) -> list[int]:
    return [EKMAN7.index(label) for label in labels]


def test_answers_are_grouped_as_published_and_chosen_from_what_can_be_true(answer: Answer) -> None:
    answer([{"neutral": 0.9, "grief": 0.3, "joy": 0.2}, {"love": 0.3, "gratitude": 0.3, "anger": 0.5}])
    found = CARER.answer([sample(PARROTT, "sadness"), sample(PARROTT, "love")], "any")
    assert found.truth["label"].tolist() == places("sadness", "joy")
    assert found.estimate["label"].tolist() == places("sadness", "joy")
    assert found.groups is None


def test_labels_of_crowdflower_count_as_published(answer: Answer) -> None:
    answer([{"neutral": 1.0}, {"disgust": 0.2}, {"fear": 1.0}])
    found = CROWDFLOWER.answer([sample(CROWDFLOWER13, label) for label in ("empty", "boredom", "worry")], "any")
    assert found.truth["label"].tolist() == found.estimate["label"].tolist() == places("neutral", "disgust", "fear")


@pytest.mark.parametrize("task", [DAILYDIALOG, MELD], ids=lambda task: task.name)
def test_dialogues_are_drawn_whole_and_no_answer_is_wrong(answer: Answer, task: Any) -> None:
    answer([{"surprise": 0.5}, None])
    samples = [sample(EKMAN7, "surprise", dialogue="d1"), sample(EKMAN7, "anger", dialogue="d2")]
    found = task.answer(samples, "any")
    assert found.estimate["label"].tolist() == [*places("surprise"), -1]
    assert found.groups.tolist() == ["d1", "d2"]
    assert task.metrics["accuracy"](found).value == 0.5


def test_lines_without_a_counterpart_do_not_count(answer: Answer) -> None:
    samples = [sample(EMORYNLP7, label, dialogue="d1") for label in EMORYNLP7.labels]
    kept = [one for one in samples if EMORYNLP.keep(one)]
    assert [one.truth.categories.top[0] for one in kept] == ["joyful", "scared", "mad", "sad", "neutral"]
    answer([{"disgust": 0.9, "joy": 0.1}] * 5)
    found = EMORYNLP.answer(kept, "any")
    assert found.truth["label"].tolist() == places("joy", "fear", "anger", "sadness", "neutral")
    assert set(found.estimate["label"]) == {EKMAN7.index("joy")}


def test_essays_are_judged_by_their_open_label(answer: Answer) -> None:
    answer([{"disappointment": 0.8, "neutral": 0.3}])
    found = WASSA2022_EMOTION.answer([sample(EMPATHY2, "empathy", labels=("sadness",), writer="w1")], "any")
    assert found.truth["label"].tolist() == found.estimate["label"].tolist() == places("sadness")
    assert found.groups.tolist() == ["w1"]


def test_intensity_is_answered_by_the_share_of_the_emotion(answer: Answer) -> None:
    degrees = (0.1, 0.4, 0.9)
    samples = [
        sample(SEMEVAL_INTENSITY[emotion], emotion, degree=degree, emotion=emotion)
        for emotion in SEMEVAL_INTENSITY
        for degree in degrees
    ]
    rising = [{emotion: degree, "neutral": 1 - degree} for emotion in ("anger", "fear") for degree in degrees]
    falling = [{emotion: 1 - degree, "neutral": degree} for emotion in ("joy", "sadness") for degree in degrees]
    answer([*rising, *falling])
    found = SEMEVAL2018_EI.answer(samples, "any")
    scores = {name: metric(found).value for name, metric in SEMEVAL2018_EI.metrics.items()}
    assert scores == pytest.approx({"r_mean": 0, "r_anger": 1, "r_fear": 1, "r_joy": -1, "r_sadness": -1})


@pytest.mark.data
@pytest.mark.parametrize(
    "task",
    [CARER, CROWDFLOWER, DAILYDIALOG, EMORYNLP, MELD, SEMEVAL2018_EI, WASSA2022_EMOTION],
    ids=lambda task: task.name,
)
def test_the_prepared_splits_are_those_of_the_tasks(task: Any) -> None:
    from mien.registry import find

    samples = find("corpus", task.corpus)(task.split)
    assert sum(task.keep is None or task.keep(one) for one in samples) == task.n
