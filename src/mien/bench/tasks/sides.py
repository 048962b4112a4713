"""Tasks on the two sides of a text: what it says of its writer, and what it does to its readers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mien.bench.answers import Answers, means, perceived, score
from mien.bench.task import Task
from mien.datasets import Sample
from mien.errors import InputError, OptionError
from mien.metrics.dimensional import pearson
from mien.types import Affect
from mien.types.scales import EMPATHY2

__all__ = ["EMOBANK_READERS", "EMOBANK_WRITERS", "WASSA2022"]

DIMENSIONS = ("valence", "arousal", "dominance")


def _side(samples: Sequence[Sample], model: str) -> Answers:
    """Answer the mean of each dimension and the spread among its raters."""
    tables = [[sample.truth for sample in samples], perceived(samples, model)]
    truth, estimate = (
        {name: means(affects, name) for name in DIMENSIONS}
        | {f"spread_{name}": _spreads(affects, name) for name in DIMENSIONS}
        for affects in tables
    )
    return Answers(truth, estimate)


def _spreads(affects: Sequence[Affect | None], name: str) -> np.ndarray:
    found = [None if affect is None else getattr(affect, name) for affect in affects]
    return np.array([0.0 if dimension is None else dimension.std for dimension in found])


def _felt(samples: Sequence[Sample], model: str) -> Answers:
    """Answer how much empathic concern and distress a writer felt."""
    writers = np.array([sample.group["writer"] for sample in samples])
    truth = np.stack([_ratings(sample) for sample in samples])
    told = np.stack([_degrees(affect, model) for affect in perceived(samples, model)])
    places = dict(enumerate(EMPATHY2.labels))
    return Answers(
        {name: truth[:, place] for place, name in places.items()},
        {name: told[:, place] for place, name in places.items()},
        writers,
    )


def _ratings(sample: Sample) -> np.ndarray:
    if sample.truth is None or sample.truth.categories is None:
        raise InputError(f"the essay {sample.id} has no ratings; needed: empathy and distress")
    return sample.truth.categories.probs


def _degrees(affect: Affect | None, model: str) -> np.ndarray:
    if affect is None:
        return np.full(len(EMPATHY2), 0.5)
    for known in affect.degrees:
        if known.taxonomy == EMPATHY2:
            return known.probs
    raise OptionError(f"the model {model!r} tells no {EMPATHY2.name}; give one that does, such as text-empathy")


SIDE_METRICS = {
    **{f"r_{name}": score(pearson, name, name) for name in DIMENSIONS},
    **{f"r_spread_{name}": score(pearson, f"spread_{name}", f"spread_{name}") for name in DIMENSIONS},
}

EMOBANK_READERS = Task(
    name="text/emobank-readers",
    summary="How pleasant, excited and in control does a sentence make its readers feel, and how far do they differ? "
    "Official test split.",
    corpus="emobank-readers",
    split="test",
    model="text-readers",
    answer=_side,
    metrics=SIDE_METRICS,
    n=1000,
)

EMOBANK_WRITERS = Task(
    name="text/emobank-writers",
    summary="How pleasant, excited and in control does the writer of a sentence seem, and how far do raters differ? "
    "Official test split.",
    corpus="emobank-writers",
    split="test",
    model="text-writers",
    answer=_side,
    metrics=SIDE_METRICS,
    n=1000,
)

WASSA2022 = Task(
    name="text/wassa2022",
    summary="How much empathic concern and distress does an essay on news report? Official validation split, new "
    "essays by new writers; on the test split, whose answers are not public, the best mean r was .54 in 2022.",
    corpus="wassa2022",
    split="validation",
    model="text-empathy",
    answer=_felt,
    metrics={f"r_{name}": score(pearson, name, name) for name in EMPATHY2.labels},
    n=270,
)
