"""Tasks on text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mien.bench.answers import Answers, means, perceived, probabilities, score
from mien.bench.task import Task
from mien.datasets import Sample
from mien.metrics.calibration import confidence_ece, multilabel_ece
from mien.metrics.categorical import multilabel_macro_f1, multilabel_micro_f1
from mien.metrics.dimensional import mae, pearson
from mien.registry import build
from mien.types.taxonomies import GOEMOTIONS28

__all__ = ["EMOBANK", "GOEMOTIONS"]

DIMENSIONS = ("valence", "arousal", "dominance")


def _goemotions(samples: Sequence[Sample], model: str) -> Answers:
    perceiver = build("perceiver", "text/affect", model=model)
    affects = perceiver.read([sample.signal for sample in samples])
    truth = probabilities([sample.truth for sample in samples], GOEMOTIONS28) > 0.5
    probs = probabilities(affects, GOEMOTIONS28)
    top = truth[np.arange(len(truth)), probs.argmax(axis=1)]
    confidence = np.array([0.0 if affect is None else affect.confidence for affect in affects])
    return Answers(
        {"labels": truth, "top": top},
        {"labels": probs >= perceiver.thresholds, "probs": probs, "confidence": confidence},
    )


def _emobank(samples: Sequence[Sample], model: str) -> Answers:
    affects = perceived(samples, model)
    truths = [sample.truth for sample in samples]
    return Answers(
        {name: means(truths, name) for name in DIMENSIONS},
        {name: means(affects, name) for name in DIMENSIONS},
    )


GOEMOTIONS = Task(
    name="text/goemotions",
    summary="Which of 28 emotions does a comment express? Official test split, thresholds from validation.",
    corpus="goemotions",
    split="test",
    model="text-affect",
    answer=_goemotions,
    metrics={
        "macro_f1": score(multilabel_macro_f1, "labels", "labels"),
        "micro_f1": score(multilabel_micro_f1, "labels", "labels"),
        "top_accuracy": score(lambda top, _: float(top.mean()), "top", "confidence"),
        "ece": score(multilabel_ece, "labels", "probs"),
        "confidence_ece": score(confidence_ece, "top", "confidence"),
    },
    n=5427,
)

EMOBANK = Task(
    name="text/emobank",
    summary="How pleasant, excited and in control does a sentence seem? Official test split.",
    corpus="emobank",
    split="test",
    model="text-affect",
    answer=_emobank,
    metrics={
        **{f"r_{name}": score(pearson, name, name) for name in DIMENSIONS},
        **{f"mae_{name}": score(mae, name, name) for name in DIMENSIONS},
    },
    n=1000,
)
