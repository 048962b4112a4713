"""Scores of the text model, with intervals, as rows of its card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mien.datasets.written import letters
from mien.learn.text.corpora import DIMENSIONS, Truth
from mien.metrics.bootstrap import Interval, interval
from mien.metrics.calibration import confidence_ece, multilabel_ece
from mien.metrics.categorical import multilabel_macro_f1, multilabel_micro_f1
from mien.metrics.dimensional import pearson
from mien.runtime.card import Group, Score
from mien.types import Affect

GROUP_LEAST = 30
"""Sentences below which a group's score says nothing."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says of comments (`probs`, `confidence`) and of sentences (`means`, `stds`), beside the truth."""

    labelled: Truth
    probs: np.ndarray
    confidence: np.ndarray
    rated: Truth
    means: np.ndarray
    stds: np.ndarray


def score_rows(answers: Answers, thresholds: np.ndarray, seen: set[str], seed: int) -> list[Score]:
    """Return the scores on a split.

    Args:
        answers: What the model says of the split.
        thresholds: Probability from which each label counts as said.
        seen: Texts of the training split; a score without them, letter for letter, is added.
        seed: Seed of the training.
    """
    return [*_category_rows(answers, thresholds, seen, seed), *_dimension_rows(answers, seed)]


def _category_rows(answers: Answers, thresholds: np.ndarray, seen: set[str], seed: int) -> list[Score]:
    truth, said = answers.labelled.truth > 0, answers.probs >= thresholds
    known = {letters(text) for text in seen}
    fresh = np.array([letters(text) not in known for text in answers.labelled.texts])
    right = truth[np.arange(len(truth)), answers.probs.argmax(axis=1)]
    note = f"without {int((~fresh).sum())} comments that occur in train too"

    def row(metric: str, score: Interval, n: int = len(truth), note: str = "") -> Score:
        return _row("text/goemotions", metric, score, n, seed, note)

    return [
        row("macro_f1", interval(multilabel_macro_f1, truth, said)),
        row("macro_f1", interval(multilabel_macro_f1, truth[fresh], said[fresh]), int(fresh.sum()), note),
        row("micro_f1", interval(multilabel_micro_f1, truth, said)),
        row("ece", interval(multilabel_ece, truth, answers.probs)),
        row("confidence_ece", interval(confidence_ece, right, answers.confidence)),
        row("top_accuracy", interval(_mean, right, right), note="the top label is among the raters'"),
    ]


def _dimension_rows(answers: Answers, seed: int) -> list[Score]:
    truth, means = answers.rated.truth, answers.means
    columns = enumerate(DIMENSIONS)
    found = [(f"r_{name}", interval(pearson, truth[:, k], means[:, k])) for k, name in columns]
    return [_row("text/emobank", metric, score, len(truth), seed) for metric, score in found]


def elsewhere(affects: Sequence[Affect | None], truths: Sequence[Affect], seed: int) -> Score:
    """Return the correlation of valence on tweets, a kind of text that was not trained on."""
    means, truth = (np.array([_valence(affect) for affect in side]) for side in (affects, truths))
    score = interval(pearson, truth, means)
    return replace(_row("text/semeval2018-v", "r_valence", score, len(truth), seed), in_corpus=False)


def _valence(affect: Affect | None) -> float:
    return affect.valence.mean if affect is not None and affect.valence is not None else 0.0


def group_rows(answers: Answers) -> list[Group]:
    """Return the correlation of valence in each genre of the rated sentences."""
    groups = np.array(answers.rated.groups)
    rows = []
    for name in sorted(set(groups) - {""}):
        inside = groups == name
        if inside.sum() >= GROUP_LEAST:
            value = pearson(answers.rated.truth[inside, 0], answers.means[inside, 0])
            rows.append(Group(name, "r_valence", round(value, 4), int(inside.sum()), "text/emobank", "genre"))
    return rows


def _mean(truth: np.ndarray, estimate: np.ndarray) -> float:  # noqa: ARG001 - a metric takes both
    return float(np.mean(truth))


def _row(task: str, metric: str, score: Interval, n: int, seed: int, note: str = "") -> Score:
    value, low, high = (round(float(bound), 4) for bound in (score.value, score.low, score.high))
    return Score(task, metric, value, low, high, n, (seed,), in_corpus=True, note=note)
