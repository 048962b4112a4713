"""The task on sets of words for emotions, compared through emotion wheels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mien.bench.answers import Answers, mean_score, probabilities
from mien.bench.task import Task
from mien.datasets import Sample
from mien.metrics.open_vocabulary import group_flags, set_f1, set_precision, set_recall
from mien.metrics.wheels import LEVELS, WHEELS
from mien.registry import build
from mien.types.taxonomies import GOEMOTIONS28

__all__ = ["GOEMOTIONS_WHEELS"]


def _wheels(samples: Sequence[Sample], model: str) -> Answers:
    """Answer which groups of each ring of each wheel the labels of a comment have, as ``wheel-level``."""
    perceiver = build("perceiver", "text/affect", model=model)
    affects = perceiver.read([sample.signal for sample in samples])
    held = probabilities([sample.truth for sample in samples], GOEMOTIONS28) > 0.5
    truth = [[GOEMOTIONS28.labels[place] for place in np.flatnonzero(row)] for row in held]
    said = [() if affect is None else perceiver.decide(affect) for affect in affects]
    tables = {
        f"{name}-{level}": group_flags(truth, said, on=on, level=level)
        for name, on in WHEELS.items()
        for level in LEVELS
    }
    return Answers({key: pair[0] for key, pair in tables.items()}, {key: pair[1] for key, pair in tables.items()})


def _on(level: int) -> list[str]:
    return [f"{name}-{level}" for name in WHEELS]


GOEMOTIONS_WHEELS = Task(
    name="text/goemotions-wheels",
    summary="Do the words for a comment's emotions fall into the same groups of emotion wheels? Official test split.",
    corpus="goemotions",
    split="test",
    model="text-affect",
    answer=_wheels,
    metrics={
        **{f"f1_level{level}": mean_score(set_f1, _on(level)) for level in LEVELS},
        **{f"precision_level{level}": mean_score(set_precision, _on(level)) for level in LEVELS},
        **{f"recall_level{level}": mean_score(set_recall, _on(level)) for level in LEVELS},
        **{f"f1_{name}_level{level}": mean_score(set_f1, [f"{name}-{level}"]) for name in WHEELS for level in LEVELS},
    },
    n=5427,
)
