"""Tasks on the tweets of SemEval-2018 task 1: intensity, valence, and emotions that may hold together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mien.bench.answers import Answers, mean_score, means, perceived, probabilities, score
from mien.bench.task import Task
from mien.datasets import Sample
from mien.errors import InputError
from mien.metrics.categorical import jaccard, multilabel_macro_f1, multilabel_micro_f1
from mien.metrics.dimensional import pearson
from mien.registry import build
from mien.types import Affect
from mien.types.project import project
from mien.types.scales import INTENSITY4, SEMEVAL_EC11
from mien.types.taxonomies import EKMAN7

__all__ = ["SEMEVAL2018_EC", "SEMEVAL2018_EI", "SEMEVAL2018_V"]


def _intensity(samples: Sequence[Sample], model: str) -> Answers:
    """Answer how intense an emotion is; where a model knows no intensity, how probable it is among the basic ones."""
    shares = np.stack([_degrees(affect) for affect in perceived(samples, model)])
    emotions = np.array([sample.group["emotion"] for sample in samples])
    truth = np.array([_degree(sample) for sample in samples])
    there = {emotion: emotions == emotion for emotion in INTENSITY4.labels}
    return Answers(
        {emotion: truth[rows] for emotion, rows in there.items()},
        {emotion: shares[rows, INTENSITY4.index(emotion)] for emotion, rows in there.items()},
    )


def _degrees(affect: Affect | None) -> np.ndarray:
    """Return a number for each emotion of `INTENSITY4`."""
    if affect is None:
        return np.full(len(INTENSITY4), 1 / len(EKMAN7))
    for known in affect.degrees:
        if known.taxonomy == INTENSITY4:
            return known.probs
    shares = probabilities([project(affect, EKMAN7)], EKMAN7)[0]
    return np.array([shares[EKMAN7.index(emotion)] for emotion in INTENSITY4.labels])


def _degree(sample: Sample) -> float:
    if sample.truth is None or sample.truth.categories is None:
        raise InputError(f"the tweet {sample.id} has no intensity; needed: a degree of one emotion")
    return float(sample.truth.categories.probs[0])


def _valence(samples: Sequence[Sample], model: str) -> Answers:
    truths = [sample.truth for sample in samples]
    return Answers({"valence": means(truths, "valence")}, {"valence": means(perceived(samples, model), "valence")})


def _emotions(samples: Sequence[Sample], model: str) -> Answers:
    perceiver = build("perceiver", "text/affect", model=model)
    probs = probabilities(perceiver.read([sample.signal for sample in samples]), SEMEVAL_EC11)
    truth = probabilities([sample.truth for sample in samples], SEMEVAL_EC11) > 0.5
    return Answers({"labels": truth}, {"labels": probs >= perceiver.thresholds})


SEMEVAL2018_EI = Task(
    name="text/semeval2018-ei",
    summary="How intense is an emotion of a tweet? Official test split; where a model knows no intensity, it answers "
    "how probable the emotion is.",
    corpus="semeval2018-ei",
    split="test",
    model="text-tweets",
    answer=_intensity,
    metrics={
        "r_mean": mean_score(pearson, INTENSITY4.labels),
        **{f"r_{emotion}": score(pearson, emotion, emotion) for emotion in INTENSITY4.labels},
    },
    n=4068,
)

SEMEVAL2018_V = Task(
    name="text/semeval2018-v",
    summary="How pleasant does a tweet seem? Official test split.",
    corpus="semeval2018",
    split="test",
    model="text-tweets",
    answer=_valence,
    metrics={"r_valence": score(pearson, "valence", "valence")},
    n=937,
)

SEMEVAL2018_EC = Task(
    name="text/semeval2018-ec",
    summary="Which of eleven emotions, if any, does a tweet express? Official test split.",
    corpus="semeval2018-ec",
    split="test",
    model="text-tweets",
    answer=_emotions,
    metrics={
        "jaccard": score(jaccard, "labels", "labels"),
        "micro_f1": score(multilabel_micro_f1, "labels", "labels"),
        "macro_f1": score(multilabel_macro_f1, "labels", "labels"),
    },
    n=3259,
)
