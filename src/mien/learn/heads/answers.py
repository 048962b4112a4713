"""What a model says of tweets, in the columns of their truth: calibrated on validation, and measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from mien.learn.heads import asset
from mien.learn.heads.material import INTENSITIES, LABELS, VALENCE, Tweets
from mien.learn.own.fitting import spread_of
from mien.learn.text import decide
from mien.metrics.bootstrap import Interval, interval, mean_interval
from mien.metrics.categorical import jaccard
from mien.metrics.dimensional import pearson
from mien.runtime.card import Calibration, Score
from mien.types import Affect
from mien.types.scales import SEMEVAL_EC11

__all__ = ["GOLDEN", "answers", "best_threshold", "calibrated", "quality", "score_rows", "valence_spread"]

Columns = Float[np.ndarray, "n columns"]


def answers(folder: Path, part: Tweets) -> Columns:
    """Return what a model says of tweets, in the columns of their truth; nothing where it knows no word."""
    return np.stack([_columns(affect) for affect in asset.said_by(folder, part.texts)])


def _columns(affect: Affect | None) -> np.ndarray:
    if affect is None or affect.categories is None or affect.valence is None:
        return np.array([0.5] * LABELS.start + [0.0] * len(SEMEVAL_EC11))
    return np.concatenate([affect.degrees[0].probs, [(affect.valence.mean + 1) / 2], affect.categories.probs])


def _intensities(affect: Affect) -> np.ndarray:
    return affect.degrees[0].probs


def _labels(affect: Affect) -> np.ndarray:
    return np.zeros(0) if affect.categories is None else affect.categories.probs


GOLDEN = {"probs": _labels, "degrees": _intensities, "columns": _columns}
"""What the golden answers hold."""


def _known(part: Tweets, columns: slice) -> np.ndarray:
    known: np.ndarray = ~np.isnan(part.truth[:, columns.start])
    return known


def valence_spread(part: Tweets, said: Columns) -> np.ndarray:
    """Return how far a model's valence is from the truth, as a standard deviation on [-1, 1], shape ``(1,)``."""
    rows = _known(part, VALENCE)
    return 2 * spread_of(part.truth[rows, VALENCE], said[rows, VALENCE])


def calibrated(part: Tweets, said: Columns) -> tuple[dict[str, Any], tuple[Calibration, ...]]:
    """Return temperature, thresholds and confidence of the labels, fitted on a drafted model's validation answers."""
    rows = _known(part, LABELS)
    truth = part.truth[rows, LABELS]
    found = decide.calibrate_labels("emotions", truth, said[rows, LABELS])
    least = round(best_threshold(truth, found.probs), 4)
    return found.options | {"thresholds": [least] * len(SEMEVAL_EC11)}, found.rows


def best_threshold(truth: Float[np.ndarray, "n labels"], probs: Float[np.ndarray, "n labels"]) -> float:
    """Return the one probability from which labels count as said that does best by the Jaccard index.

    One for all labels: the index counts tweets, so that rare labels have little say in thresholds of their own.
    """
    tried = np.arange(0.15, 0.6, 0.01)
    return float(max(tried, key=lambda least: jaccard(truth > 0.5, probs >= least)))


def quality(part: Tweets, said: Columns) -> dict[str, float]:
    """Return the mean correlation of the intensities, that of valence, and the best Jaccard index of the labels.

    The threshold of the labels is chosen on the same tweets, so that this is for choosing between models, not a score.
    """
    held, rated = _known(part, LABELS), _known(part, VALENCE)
    truth, probs = part.truth[held, LABELS], said[held, LABELS]
    return {
        "r_mean": float(np.mean([pearson(*pair) for pair in _intensity_pairs(part, said)])),
        "r_valence": pearson(part.truth[rated, VALENCE.start], said[rated, VALENCE.start]),
        "jaccard": jaccard(truth > 0.5, probs >= best_threshold(truth, probs)),
    }


def score_rows(part: Tweets, said: Columns, thresholds: Sequence[float], split: str, seed: int) -> list[Score]:
    """Return the scores of a split, as the tasks of the three parts measure them.

    Args:
        part: Its tweets.
        said: What a model says of them.
        thresholds: Probability from which each label counts as said.
        split: The name of the split.
        seed: Seed of the training.
    """
    held, rated = _known(part, LABELS), _known(part, VALENCE)
    pairs = list(_intensity_pairs(part, said))
    labels = interval(jaccard, part.truth[held, LABELS] > 0.5, said[held, LABELS] >= np.array(thresholds))
    valence = interval(pearson, part.truth[rated, VALENCE.start], said[rated, VALENCE.start])
    found = [
        ("text/semeval2018-ei", "r_mean", mean_interval(pearson, pairs), sum(len(truth) for truth, _ in pairs)),
        ("text/semeval2018-v", "r_valence", valence, int(rated.sum())),
        ("text/semeval2018-ec", "jaccard", labels, int(held.sum())),
    ]
    return [_score(*row, split, seed) for row in found]


def _intensity_pairs(part: Tweets, said: Columns) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield truth and answers of each intensity, of the tweets that were rated for it."""
    for place in range(INTENSITIES.stop):
        rows = _known(part, slice(place, place + 1))
        yield part.truth[rows, place], said[rows, place]


def _score(task: str, metric: str, found: Interval, n: int, split: str, seed: int) -> Score:
    value, low, high = (round(float(bound), 4) for bound in (found.value, found.low, found.high))
    return Score(task, metric, value, low, high, n, (seed,), split=split)
