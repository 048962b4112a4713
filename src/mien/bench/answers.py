"""What a model said beside what is true, and how metrics look at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mien.datasets import Sample
from mien.errors import OptionError
from mien.metrics.bootstrap import Interval, interval, mean_interval
from mien.registry import build
from mien.types import Affect, Taxonomy

__all__ = ["Answers", "mean_score", "means", "perceived", "places", "probabilities", "score"]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Truth and estimates, one row an item, under names that the task's metrics know.

    Args:
        truth: Name to array.
        estimate: Name to array.
        groups: One name an item, such as the speaker, where whole groups must be drawn for the interval.
    """

    truth: Mapping[str, np.ndarray]
    estimate: Mapping[str, np.ndarray]
    groups: np.ndarray | None = field(default=None)


def score(metric: Callable[[Any, Any], float], truth: str, estimate: str) -> Callable[[Answers], Interval]:
    """Return ``answers -> score`` for a metric over two named arrays."""

    def measure(answers: Answers) -> Interval:
        return interval(metric, answers.truth[truth], answers.estimate[estimate], groups=answers.groups)

    return measure


def mean_score(metric: Callable[[Any, Any], float], names: Sequence[str]) -> Callable[[Answers], Interval]:
    """Return ``answers -> mean score`` for a metric over several names, such as emotions or languages.

    Each name has a truth and an estimate of its own, and counts the same whatever their length.
    """

    def measure(answers: Answers) -> Interval:
        return mean_interval(metric, [(answers.truth[name], answers.estimate[name]) for name in names])

    return measure


def perceived(samples: Sequence[Sample], model: str) -> list[Affect | None]:
    """Return what a text model says of the samples, ``None`` where it perceives nothing."""
    affects: list[Affect | None] = build("perceiver", "text/affect", model=model).read([one.signal for one in samples])
    return affects


def means(affects: Sequence[Affect | None], name: str) -> np.ndarray:
    """Return one dimension of the affects, shape ``(items,)``; 0 where it is not known."""
    found = [None if affect is None else getattr(affect, name) for affect in affects]
    return np.array([0.0 if dimension is None else dimension.mean for dimension in found])


def probabilities(affects: Sequence[Affect | None], taxonomy: Taxonomy) -> np.ndarray:
    """Return the probabilities of the affects, shape ``(items, labels)``; where nothing was perceived, ignorance.

    Ignorance is an equal share for each label where one label holds, and zero for each where several may.

    Raises:
        OptionError: They answer in other labels.
    """
    for row in affects:
        if row is not None and row.categories is not None and row.categories.taxonomy != taxonomy:
            told = f"the model answers in {row.categories.taxonomy.name}, but the task asks for {taxonomy.name}"
            raise OptionError(f"{told}; give a model that answers in it, or measure another task")
    nothing = np.full(len(taxonomy), 1 / len(taxonomy) if taxonomy.exclusive else 0.0)
    return np.stack([nothing if row is None or row.categories is None else row.categories.probs for row in affects])


def places(affects: Sequence[Affect | None]) -> np.ndarray:
    """Return the place of each affect's most probable label, shape ``(items,)``; -1 where nothing was perceived."""
    return np.array(
        [-1 if row is None or row.categories is None else int(row.categories.probs.argmax()) for row in affects]
    )
