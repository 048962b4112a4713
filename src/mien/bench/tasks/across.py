"""Tasks on corpora of text that no shipped model learned from, in labels that published maps lead to.

A model's answer is projected onto the seven basic emotions (`mien.types.project`), and so is the truth of a corpus with
labels of its own; items whose label has no published counterpart there do not count. Of the seven, only those that can
be true in the corpus are chosen from.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

import numpy as np
from jaxtyping import Int

from mien.bench.answers import Answers, perceived, places, probabilities, score
from mien.bench.task import Task
from mien.datasets import Sample
from mien.metrics.categorical import accuracy, macro_f1, uar, weighted_f1
from mien.types import Affect
from mien.types.project import project
from mien.types.taxonomies import EKMAN7

__all__ = ["CARER", "CROWDFLOWER", "DAILYDIALOG", "EMORYNLP", "MELD", "WASSA2022_EMOTION"]

METRICS = {
    "macro_f1": score(macro_f1, "label", "label"),
    "weighted_f1": score(weighted_f1, "label", "label"),
    "uar": score(uar, "label", "label"),
    "accuracy": score(accuracy, "label", "label"),
}
WITHOUT_COUNTERPART = ("peaceful", "powerful")
"""Labels of EmoryNLP that no published map leads from."""


def _basic(
    samples: Sequence[Sample], model: str, *, among: Collection[str] = EKMAN7.labels, together: str | None = None
) -> Answers:
    """Answer which basic emotion each text has; where nothing is perceived, none, which is wrong.

    Args:
        samples: Texts whose truth maps onto ``ekman7``.
        model: Name or folder of the model.
        among: The labels that can be true.
        together: The fact of a sample's group whose items are drawn together for the interval, such as ``dialogue``.
    """
    truth = places([None if sample.truth is None else project(sample.truth, EKMAN7) for sample in samples])
    groups = np.array([sample.group[together] for sample in samples]) if together else None
    return Answers({"label": truth}, {"label": _chosen(_basically(samples, model), among)}, groups)


def _reported(samples: Sequence[Sample], model: str) -> Answers:
    """Answer which basic emotion the open label of each essay names."""
    truth = np.array([EKMAN7.index(sample.truth.labels[0]) for sample in samples if sample.truth is not None])
    writers = np.array([sample.group["writer"] for sample in samples])
    return Answers({"label": truth}, {"label": _chosen(_basically(samples, model), EKMAN7.labels)}, writers)


def _basically(samples: Sequence[Sample], model: str) -> list[Affect | None]:
    return [None if affect is None else project(affect, EKMAN7) for affect in perceived(samples, model)]


def _chosen(affects: Sequence[Affect | None], among: Collection[str]) -> Int[np.ndarray, "samples"]:
    """Return the place of the most probable of some labels, -1 where nothing was perceived."""
    possible = np.array([label in among for label in EKMAN7.labels])
    best = np.where(possible, probabilities(affects, EKMAN7), -1.0).argmax(axis=1)
    chosen: Int[np.ndarray, "samples"] = np.where([affect is None for affect in affects], -1, best)
    return chosen


def _has_counterpart(sample: Sample) -> bool:
    if sample.truth is None or sample.truth.categories is None:
        return False
    return sample.truth.categories.top[0] not in WITHOUT_COUNTERPART


CARER = Task(
    name="text/carer",
    summary="Which basic emotion does a tweet express? Official test split of a corpus that no training saw; love "
    "counts as joy, and disgust and neutral do not occur.",
    corpus="carer",
    split="test",
    model="text-affect",
    answer=partial(_basic, among=("anger", "fear", "joy", "sadness", "surprise")),
    metrics=METRICS,
    n=2000,
)

CROWDFLOWER = Task(
    name="text/crowdflower",
    summary="Which basic emotion does a tweet express, of 13 labels mapped as Bostan and Klinger (2018) do? Test split "
    "by a hash, of a corpus that no training saw and on which raters often disagreed.",
    corpus="crowdflower",
    split="test",
    model="text-affect",
    answer=_basic,
    metrics=METRICS,
    n=4088,
)

DAILYDIALOG = Task(
    name="text/dailydialog",
    summary="Which basic emotion, if any, does a turn of a dialogue express, read alone? Official test split of a "
    "corpus that no training saw.",
    corpus="dailydialog",
    split="test",
    model="text-affect",
    answer=partial(_basic, together="dialogue"),
    metrics=METRICS,
    n=7740,
)

EMORYNLP = Task(
    name="text/emorynlp",
    summary="Which basic emotion does a line of a series express, read alone? Official test split of a corpus that no "
    "training saw, without peaceful and powerful, which no map leads from; disgust and surprise do not occur.",
    corpus="emorynlp",
    split="test",
    model="text-affect",
    answer=partial(_basic, among=("anger", "fear", "joy", "neutral", "sadness"), together="dialogue"),
    metrics=METRICS,
    keep=_has_counterpart,
    n=1024,
)

MELD = Task(
    name="text/meld",
    summary="Which basic emotion does a line of a series express, read alone? Official test split of a corpus that no "
    "training saw.",
    corpus="meld",
    split="test",
    model="text-affect",
    answer=partial(_basic, together="dialogue"),
    metrics=METRICS,
    n=2610,
)

WASSA2022_EMOTION = Task(
    name="text/wassa2022-emotion",
    summary="Which basic emotion does an essay on news express? Official validation split of a corpus that no training "
    "saw; the answers to its test split are not public.",
    corpus="wassa2022",
    split="validation",
    model="text-affect",
    answer=_reported,
    metrics=METRICS,
    n=270,
)
