"""The task on texts of many languages."""

from __future__ import annotations

from collections.abc import Sequence

from mien.bench.answers import Answers, mean_score, probabilities, score
from mien.bench.task import Task
from mien.datasets import Sample
from mien.datasets.brighter import LANGUAGES
from mien.metrics.categorical import multilabel_macro_f1
from mien.registry import build
from mien.types.scales import BRIGHTER

__all__ = ["BRIGHTER_EMOTIONS"]


def _brighter(samples: Sequence[Sample], model: str) -> Answers:
    """Answer which emotions each text has, of those that were asked for in its language.

    The language is told to the model.
    """
    perceiver = build("perceiver", "text/affect", model=model)
    truth, estimate = {}, {}
    for language in LANGUAGES:
        inside = [sample for sample in samples if sample.group["language"] == language]
        told = perceiver.in_language(language)
        probs = probabilities(told.read([sample.signal for sample in inside]), BRIGHTER[""])
        asked = BRIGHTER.get(language, BRIGHTER[""])
        columns = [BRIGHTER[""].index(label) for label in asked.labels]
        truth[language] = probabilities([sample.truth for sample in inside], asked) > 0.5
        estimate[language] = (probs >= told.thresholds)[:, columns]
    return Answers(truth, estimate)


BRIGHTER_EMOTIONS = Task(
    name="text/brighter",
    summary="Which of six emotions does a text express, in each of 28 languages? Official test split of track A, the "
    "language known, thresholds from validation; the mean counts every language the same.",
    corpus="brighter",
    split="test",
    model="text-multilingual",
    answer=_brighter,
    metrics={
        "macro_f1": mean_score(multilabel_macro_f1, LANGUAGES),
        **{f"macro_f1_{language}": score(multilabel_macro_f1, language, language) for language in LANGUAGES},
    },
    n=41553,
)
