from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import mien.bench.task as module
from mien.bench import Result, Task, evaluate
from mien.bench.answers import Answers, places, probabilities, score
from mien.errors import InputError, OptionError
from mien.metrics.categorical import accuracy
from mien.types import Affect, Distribution
from mien.types.taxonomies import EKMAN7, GOEMOTIONS28

NUMBERS = list(range(10))


def answer(samples: Sequence[int], model: str) -> Answers:
    truth = np.array(samples)
    return Answers({"label": truth % 2}, {"label": np.zeros_like(truth) if model == "zeros" else truth % 2})


def task(**changes: Any) -> Task:
    options: dict[str, Any] = {
        "name": "toy/parity",
        "summary": "Odd or even?",
        "corpus": "numbers",
        "split": "test",
        "model": "perfect",
        "answer": answer,
        "metrics": {"accuracy": score(accuracy, "label", "label")},
    }
    return Task(**{**options, **changes})


@pytest.fixture(autouse=True)
def numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find", lambda kind, name: lambda split: NUMBERS)


def test_perfect_model_has_a_perfect_score() -> None:
    result = evaluate(task())
    assert (result.n, result.model) == (10, "perfect")
    assert (result.metrics["accuracy"].value, result.metrics["accuracy"].low) == (1.0, 1.0)


def test_another_model_is_measured_instead() -> None:
    result = evaluate(task(), model="zeros")
    metric = result.metrics["accuracy"]
    assert (result.model, metric.value) == ("zeros", 0.5)
    assert metric.low < 0.5 < metric.high


def test_result_is_plain_json() -> None:
    plain = json.loads(json.dumps(evaluate(task()).as_dict()))
    assert set(plain) == {"task", "model", "n", "seconds", "metrics"}
    assert set(plain["metrics"]["accuracy"]) == {"value", "low", "high"}
    assert isinstance(evaluate(task()), Result)


def test_only_kept_samples_count() -> None:
    assert evaluate(task(keep=lambda number: number < 4, n=4)).n == 4


def test_wrong_number_of_samples_is_refused() -> None:
    with pytest.raises(InputError, match="toy/parity found 10 samples in numbers; the published split has 12"):
        evaluate(task(n=12))


def test_nothing_perceived_is_ignorance() -> None:
    joy = Affect(Distribution(EKMAN7, np.eye(7)[3]))
    assert places([joy, None]).tolist() == [3, -1]
    assert np.allclose(probabilities([None], EKMAN7), 1 / 7)
    assert not probabilities([None], GOEMOTIONS28).any()


def test_other_labels_than_the_tasks_are_refused() -> None:
    affect = Affect(Distribution(EKMAN7, np.eye(7)[0]))
    with pytest.raises(
        OptionError, match="the model answers in ekman7, but the task asks for goemotions28; give a model"
    ):
        probabilities([None, affect], GOEMOTIONS28)
