"""Tasks on faces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mien.bench.answers import Answers, places, probabilities, score
from mien.bench.task import Task
from mien.datasets import Sample
from mien.metrics import detection
from mien.metrics.bootstrap import Interval
from mien.metrics.calibration import ece
from mien.metrics.categorical import accuracy, macro_f1, uar
from mien.registry import build
from mien.types import Taxonomy
from mien.types.taxonomies import FER7, FERPLUS8

__all__ = ["FER2013", "FERPLUS", "FINDER"]

BANDS = {"recall": (48, np.inf), "recall_24_48": (24, 48), "recall_48_96": (48, 96), "recall_96": (96, np.inf)}


def _reader(head: str, taxonomy: Taxonomy, truth: str) -> Callable[[Sequence[Sample], str], Answers]:
    def answer(samples: Sequence[Sample], model: str) -> Answers:
        perceiver = build("perceiver", "face/affect", model=model, head=head, cropped=True)
        affects = perceiver.read([sample.signal for sample in samples])
        labels = np.array([sample.extra[truth] for sample in samples])
        return Answers(
            {"label": labels, "unseen": labels[_unseen(samples)]},
            {
                "label": places(affects),
                "probs": probabilities(affects, taxonomy),
                "unseen": places(affects)[_unseen(samples)],
            },
        )

    return answer


def _unseen(samples: Sequence[Sample]) -> np.ndarray:
    """Return which pictures do not also occur, pixel by pixel, in an earlier split."""
    return np.array([not sample.extra.get("duplicate", False) for sample in samples])


def _in_majority(sample: Sample) -> bool:
    return sample.extra["majority"] is not None


EXPRESSION = {
    "accuracy": score(accuracy, "label", "label"),
    "uar": score(uar, "label", "label"),
    "macro_f1": score(macro_f1, "label", "label"),
    "accuracy_without_duplicates": score(accuracy, "unseen", "unseen"),
    "ece": score(ece, "label", "probs"),
}

FERPLUS = Task(
    name="face/ferplus",
    summary="Which of eight expressions do most of ten people see in a face? Official test split and majority set.",
    corpus="fer2013",
    split="test",
    model="face-expression",
    answer=_reader("ferplus", FERPLUS8, "majority"),
    metrics=EXPRESSION,
    keep=_in_majority,
    n=3153,
)

FER2013 = Task(
    name="face/fer2013",
    summary="Which of seven labels did FER2013 give a face? Official private test split.",
    corpus="fer2013",
    split="test",
    model="face-expression",
    answer=_reader("fer2013", FER7, "label"),
    metrics=EXPRESSION,
    n=3589,
)


def _find(samples: Sequence[Sample], model: str) -> list[detection.Judged]:
    from mien.perceive.face.finder import FaceFinder

    finder = FaceFinder(model)
    return [_judge(finder, sample) for sample in samples]


def _judge(finder: Any, sample: Sample) -> detection.Judged:
    photo, found = sample.extra["photo"], finder.find(sample.signal)
    said = detection.Found(
        np.array([face.box for face in found], dtype=np.float64).reshape(-1, 4),
        np.array([face.score for face in found], dtype=np.float64),
        np.array([face.points for face in found], dtype=np.float64).reshape(-1, 5, 2),
    )
    return detection.judge(said, detection.Marked(photo.boxes, photo.ignore, photo.points))


def _over_pictures(figure: Callable[[Sequence[detection.Judged]], float]) -> Callable[[Any], Interval]:
    def measure(results: Sequence[detection.Judged]) -> Interval:
        return Interval(figure(results), *detection.interval(results, figure))

    return measure


def _recall(least: float, most: float) -> Callable[[Sequence[detection.Judged]], float]:
    return lambda results: detection.recall(results, least=least, most=most)


FINDER = Task(
    name="face/finder",
    summary="What share of a teacher's faces of 48 px or more is found at IoU 0.5, with how many false ones?",
    corpus="photos",
    split="test",
    model="face-finder",
    answer=_find,
    metrics={
        **{name: _over_pictures(_recall(least, most)) for name, (least, most) in BANDS.items()},
        "false_per_negative": _over_pictures(detection.alarms_per_empty),
        "point_error": _over_pictures(detection.point_error),
    },
    n=636,
)
