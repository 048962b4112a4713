"""Scores of the multilingual model, with intervals, as rows of its card."""

from __future__ import annotations

import numpy as np

from mien.learn.languages.corpora import FINNISH, LANGUAGES, Labelled
from mien.metrics.bootstrap import mean_interval
from mien.metrics.categorical import multilabel_macro_f1
from mien.runtime.card import Group, Score

__all__ = ["group_rows", "macro_f1", "score_rows"]

Side = tuple[np.ndarray, np.ndarray]


def by_language(labelled: Labelled, probs: np.ndarray, thresholds: np.ndarray) -> dict[str, Side]:
    """Return truth and estimate of each language, over the labels that were asked for in it."""
    found = {}
    for place, language in enumerate(LANGUAGES):
        inside = labelled.languages == place
        if inside.any():
            truth = labelled.truth[inside]
            asked = ~np.isnan(truth[0])
            found[language] = (truth[:, asked] > 0, (probs[inside] >= thresholds[place])[:, asked])
    return found


def macro_f1(labelled: Labelled, probs: np.ndarray, thresholds: np.ndarray) -> float:
    """Return the mean over the languages of BRIGHTER of each one's mean F1 over its labels."""
    sides = by_language(labelled, probs, thresholds)
    return float(np.mean([multilabel_macro_f1(*side) for language, side in sides.items() if language != FINNISH]))


def score_rows(labelled: Labelled, probs: np.ndarray, thresholds: np.ndarray, seed: int, split: str) -> list[Score]:
    """Return the mean over the languages of BRIGHTER, and the Finnish score."""
    sides = by_language(labelled, probs, thresholds)
    lines = sides.pop(FINNISH)
    chosen_here = "too good: thresholds were chosen on this split" if split == "validation" else ""
    return [
        _row("text/brighter", list(sides.values()), seed, split, chosen_here or "mean over 28 languages"),
        _row("text/xed-fi", [lines], seed, split, chosen_here or "six labels of nine, our split"),
    ]


def group_rows(labelled: Labelled, probs: np.ndarray, thresholds: np.ndarray) -> list[Group]:
    """Return the score of each language of BRIGHTER."""
    sides = by_language(labelled, probs, thresholds)
    return [
        Group(language, "macro_f1", round(multilabel_macro_f1(*side), 4), len(side[0]), "text/brighter", "language")
        for language, side in sides.items()
        if language != FINNISH
    ]


def _row(task: str, sides: list[Side], seed: int, split: str, note: str) -> Score:
    found = mean_interval(multilabel_macro_f1, sides)
    value, low, high = (round(bound, 4) for bound in (found.value, found.low, found.high))
    return Score(task, "macro_f1", value, low, high, sum(len(truth) for truth, _ in sides), (seed,), True, note, split)
