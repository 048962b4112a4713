"""The task on single words: how near what a word is said to mean comes to the published norms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mien.bench.answers import Answers, score
from mien.bench.task import Task
from mien.datasets import Sample
from mien.metrics.bootstrap import Interval
from mien.metrics.dimensional import mae, pearson
from mien.perceive.text.words import WordReader
from mien.types import Affect
from mien.types.words import find_word

__all__ = ["WORDS"]

DIMENSIONS = ("valence", "arousal", "dominance")
Measure = Callable[[Answers], Interval]


def _words(samples: Sequence[Sample], model: str) -> Answers:
    """Answer what each word means, under ``listed`` for those that the lists know and under ``read`` for the others.

    ``listed_read`` is what the model alone says of the listed words.
    """
    reader, words = WordReader(model=model), [sample.signal.text for sample in samples]
    listed = np.array([find_word(word) is not None for word in words])
    told = {"": reader.read(words), "listed_read": reader.read_unlisted([word.lower() for word in words])}
    truths = [sample.truth for sample in samples]
    truth, estimate = {}, {}
    for name in DIMENSIONS:
        right, means, stds = _means(truths, name), _means(told[""], name), _stds(told[""], name)
        alone = _means(told["listed_read"], name)
        rows = {
            "listed": (right, means, listed),
            "read": (right, means, ~listed),
            "listed_read": (right, alone, listed),
        }
        for part, (left, said, chosen) in rows.items():
            truth[f"{name}_{part}"], estimate[f"{name}_{part}"] = left[chosen], said[chosen]
        truth[f"{name}_within"], estimate[f"{name}_within"] = right, np.abs(right - means) <= stds
    return Answers(truth, estimate)


def _means(affects: Sequence[Affect | None], name: str) -> np.ndarray:
    found = [None if affect is None else getattr(affect, name) for affect in affects]
    return np.array([0.0 if dimension is None else dimension.mean for dimension in found])


def _stds(affects: Sequence[Affect | None], name: str) -> np.ndarray:
    found = [None if affect is None else getattr(affect, name) for affect in affects]
    return np.array([0.0 if dimension is None else dimension.std for dimension in found])


def _scores(prefix: str, metric: Callable[[np.ndarray, np.ndarray], float], part: str) -> dict[str, Measure]:
    names = {f"{prefix}_{name}_{part}": f"{name}_{part}" for name in DIMENSIONS}
    return {key: score(metric, name, name) for key, name in names.items()}


def _share(_: np.ndarray, within: np.ndarray) -> float:
    return float(np.mean(within))


WORDS = Task(
    name="text/words",
    summary="How pleasant, exciting and in control is what a word means? Norms that no training saw; the tenth on "
    "which the way to read words was chosen is left out.",
    corpus="warriner",
    split="test",
    model="text-affect",
    answer=_words,
    metrics={
        "r_valence_listed": score(pearson, "valence_listed", "valence_listed"),
        "r_valence_read": score(pearson, "valence_read", "valence_read"),
        **_scores("r", pearson, "listed"),
        **_scores("r", pearson, "read"),
        **_scores("r", pearson, "listed_read"),
        **_scores("mae", mae, "listed"),
        **_scores("mae", mae, "read"),
        **_scores("share", _share, "within"),
    },
    n=12482,
)
