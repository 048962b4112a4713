"""Answers of folds: what networks that had not heard a speaker say of that speaker's clips.

Recipes leave them as NumPy archives with `labels`, `logits` and `speaker`, and most with `clip_id`, `sex` and
`fold_emobox` beside; one file a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from mien.errors import InputError, OptionError
from mien.metrics.bootstrap import Interval, interval
from mien.metrics.categorical import uar
from mien.metrics.selective import area_under_risk_coverage, selective_accuracy
from mien.types import Taxonomy
from mien.types.plane import moments

__all__ = ["FoldAnswers", "arousal_gap", "aroused", "read_answers", "seed_score", "silence_scores"]

NEEDED = ("labels", "logits", "speaker")
COVERAGES = (0.5, 0.8, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class FoldAnswers:
    """What was said of clips, each by networks that had not heard its speaker.

    Args:
        labels: Places of the true labels.
        logits: Of all labels.
        speaker: One name a clip.
        facts: Other columns, such as ``clip_id``, ``sex`` and ``fold_emobox``.
    """

    labels: Int[np.ndarray, "clips"]
    logits: Float[np.ndarray, "clips labels"]
    speaker: Shaped[np.ndarray, "clips"]
    facts: Mapping[str, Shaped[np.ndarray, "clips"]]

    @property
    def said(self) -> Int[np.ndarray, "clips"]:
        """Places of the likeliest labels."""
        places: Int[np.ndarray, "clips"] = self.logits.argmax(axis=1)
        return places

    @property
    def probs(self) -> Float[np.ndarray, "clips labels"]:
        """Probabilities, rows that add up to one."""
        likely = np.exp(self.logits.astype(np.float64) - self.logits.max(axis=1, keepdims=True))
        table: Float[np.ndarray, "clips labels"] = likely / likely.sum(axis=1, keepdims=True)
        return table


def read_answers(path: Path) -> FoldAnswers:
    """Read the answers that a recipe left.

    Raises:
        InputError: The file is missing or broken, lacks a column, or its columns differ in length.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            held = {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError) as error:
        raise InputError(f"the answers {path} cannot be read: {error}") from error
    missing = [name for name in NEEDED if name not in held]
    if missing:
        raise InputError(f"the answers {path} lack {', '.join(missing)}; needed: {', '.join(NEEDED)}")
    lengths = {name: len(array) for name, array in held.items()}
    if len(set(lengths.values())) != 1 or held["logits"].ndim != 2 or not lengths["labels"]:
        raise InputError(f"the answers {path} have columns of {lengths} rows; all must have the same, one or more")
    facts = {name: array for name, array in held.items() if name not in NEEDED}
    return FoldAnswers(held["labels"], held["logits"], held["speaker"], facts)


def aroused(taxonomy: Taxonomy) -> Bool[np.ndarray, "labels"]:
    """Return which labels have a mean arousal above zero by published norms (`mien.types.norms`)."""
    high: Bool[np.ndarray, "labels"] = moments(taxonomy.name)[0][:, 1] > 0
    return high


def arousal_gap(high: Bool[np.ndarray, "labels"]) -> Callable[[Any, Any], float]:
    """Return a metric: how much better labels of high arousal are found than those of low, as unweighted recall.

    Args:
        high: Which labels are of high arousal.

    References:
        Schuhmann et al. (2025), EmoNet-Voice: A Fine-Grained, Expert-Verified Benchmark for Speech Emotion Detection
        (states that emotions of high arousal are found more easily).
    """

    def gap(truth: Any, estimate: Any) -> float:
        excited = high[truth]
        if excited.all() or not excited.any():
            raise OptionError("a gap between labels of high and of low arousal needs items of both")
        return uar(truth[excited], estimate[excited]) - uar(truth[~excited], estimate[~excited])

    return gap


def silence_scores(runs: Sequence[FoldAnswers]) -> dict[str, Interval]:
    """Return what keeping silent where the top label is unlikely is worth: accuracy by coverage, and the area."""
    metrics: dict[str, Callable[[Any, Any], float]] = {"area_under_risk_coverage": area_under_risk_coverage}
    for share in COVERAGES:
        metrics[f"accuracy_at_{share:.0%}"] = _selective(share)
    return {
        name: seed_score([(run.said == run.labels, run.probs.max(axis=1), run.speaker) for run in runs], metric)
        for name, metric in metrics.items()
    }


def seed_score(
    runs: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], metric: Callable[[Any, Any], float], *, n: int = 300
) -> Interval:
    """Return the mean over seeds of a score and of its bounds; whole speakers are drawn.

    Args:
        runs: Truth, estimate and speaker of each seed's items.
        metric: Maps truth and estimate to a number.
        n: How many samples are drawn.
    """
    found = [interval(metric, truth, estimate, groups=speaker, n=n) for truth, estimate, speaker in runs]
    bounds = [float(np.mean([getattr(one, name) for one in found])) for name in ("value", "low", "high")]
    return Interval(*(round(bound, 5) for bound in bounds))


def _selective(share: float) -> Callable[[Any, Any], float]:
    return lambda right, sure: selective_accuracy(right, sure, coverage=share)
