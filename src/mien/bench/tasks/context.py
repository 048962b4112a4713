"""Tasks on what was said before: the same utterances read with the turns before them, and alone.

The answers of a model that sees no turns are the same both ways. A gain is the score with the turns less that without,
on the same draws of items.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mien.bench.answers import Answers, places, probabilities
from mien.bench.task import Task
from mien.datasets import Sample
from mien.errors import OptionError
from mien.metrics.bootstrap import Interval, Metric, difference, interval
from mien.metrics.categorical import accuracy, macro_f1, micro_f1_among, weighted_f1
from mien.registry import build
from mien.types import Affect, Span, Utterance
from mien.types.project import project
from mien.types.scales import EMOCONTEXT4
from mien.types.taxonomies import EKMAN7

__all__ = ["CONTEXT_PAIRS", "EMOCONTEXT", "MELD_CONTEXT"]

Measure = Callable[[Answers], Interval]
Turns = Sequence[Utterance]
HEARD, ALONE = "heard", "alone"
EMOTIONS = {"happy": "joy", "sad": "sadness", "angry": "anger"}
"""The emotions that EmoContext asks for, and the labels of ``ekman7`` that they are read as; all else is others."""


def _both(samples: Sequence[Sample], before: Sequence[Turns], model: str) -> dict[str, list[Affect | None]]:
    """Return the basic emotions of each utterance, with the turns before it and alone.

    Raises:
        OptionError: The model reads each text by itself.
    """
    perceiver = build("perceiver", "text/affect", model=model)
    if not perceiver.context:
        raise OptionError(f"the model {model!r} does not see what was said before; give one that does")
    pieces = [sample.signal for sample in samples]
    return {HEARD: _basic(perceiver.read(pieces, before=before)), ALONE: _basic(perceiver.read(pieces))}


def _basic(affects: Sequence[Affect | None]) -> list[Affect | None]:
    return [None if affect is None else project(affect, EKMAN7) for affect in affects]


def _labels(samples: Sequence[Sample]) -> np.ndarray:
    return places([sample.truth for sample in samples])


def _pairs(samples: Sequence[Sample], model: str) -> Answers:
    """Answer both sides of each pair, one pair a row."""
    said = _both(samples, [sample.extra["before"] for sample in samples], model)
    truth = _labels(samples).reshape(-1, 2)
    chosen = {way: places(affects).reshape(-1, 2) for way, affects in said.items()}
    return Answers({"label": truth}, chosen | {"move": _moves(truth, probabilities(said[HEARD], EKMAN7))})


def _moves(truth: np.ndarray, probs: np.ndarray) -> np.ndarray:
    """Return how much likelier the labels of each pair are on their own sides than on each other's."""
    sides = probs.reshape(len(truth), 2, -1)
    own = np.take_along_axis(sides, truth[:, :, None], axis=2)
    others = np.take_along_axis(sides, truth[:, ::-1, None], axis=2)
    moves: np.ndarray = (own - others).sum(axis=(1, 2))
    return moves


def _series(samples: Sequence[Sample], model: str) -> Answers:
    """Answer each line of dialogues whose turns are samples, with all lines of its dialogue before it."""
    said = _both(samples, _lines_before(samples), model)
    dialogues = np.array([sample.group["dialogue"] for sample in samples])
    return Answers({"label": _labels(samples)}, {way: places(affects) for way, affects in said.items()}, dialogues)


def _lines_before(samples: Sequence[Sample]) -> list[Turns]:
    lines: dict[str, dict[int, Utterance]] = defaultdict(dict)
    for sample in samples:
        lines[sample.group["dialogue"]][int(sample.group["turn"])] = sample.signal
    return [
        [line for turn, line in sorted(lines[sample.group["dialogue"]].items()) if turn < int(sample.group["turn"])]
        for sample in samples
    ]


def _third_turns(samples: Sequence[Sample], model: str) -> Answers:
    """Answer the third turns of dialogues between two people; what is none of three emotions is others."""
    pieces = [Sample(sample.id, _spoken(sample.signal.text, "first"), sample.truth) for sample in samples]
    said = _both(pieces, [_two_turns(*sample.extra["context"]) for sample in samples], model)
    return Answers({"label": _labels(samples)}, {way: _among(affects) for way, affects in said.items()})


def _two_turns(first: str, second: str) -> Turns:
    return _spoken(first, "first"), _spoken(second, "second")


def _spoken(text: str, speaker: str) -> Utterance:
    return Utterance(text, Span(0, len(text), "characters"), speaker)


def _among(affects: Sequence[Affect | None]) -> np.ndarray:
    """Return the most probable of the three emotions and others, whose probability is that of all other labels."""
    probs = probabilities(affects, EKMAN7)
    table = np.zeros((len(probs), len(EMOCONTEXT4)))
    for label, basic in EMOTIONS.items():
        table[:, EMOCONTEXT4.index(label)] = probs[:, EKMAN7.index(basic)]
    table[:, EMOCONTEXT4.index("others")] = 1 - table.sum(axis=1)
    chosen: np.ndarray = table.argmax(axis=1)
    return chosen


def _emotions_f1(truth: Any, estimate: Any) -> float:
    """Return the micro F1 over happy, sad and angry, as the shared task does."""
    return micro_f1_among(truth, estimate, [EMOCONTEXT4.index(label) for label in EMOTIONS])


def _both_right(truth: Any, estimate: Any) -> float:
    return float(np.mean((truth == estimate).all(axis=1)))


def _flips(_: Any, estimate: Any) -> float:
    return float(np.mean(estimate[:, 0] != estimate[:, 1]))


def _right_way(_: Any, moves: Any) -> float:
    return float(np.mean(moves > 0))


def _right(truth: Any, estimate: Any) -> float:
    return accuracy(truth.ravel(), estimate.ravel())


def _score(metric: Metric, way: str) -> Measure:
    def measure(answers: Answers) -> Interval:
        return interval(metric, answers.truth["label"], answers.estimate[way], groups=answers.groups)

    return measure


def _gain(metric: Metric) -> Measure:
    def measure(answers: Answers) -> Interval:
        ways = answers.estimate[ALONE], answers.estimate[HEARD]
        return difference(metric, answers.truth["label"], ways, groups=answers.groups)

    return measure


def _ways(name: str, metric: Metric) -> dict[str, Measure]:
    """Return a metric with the turns before, without them, and the gain."""
    return {name: _score(metric, HEARD), f"{name}_alone": _score(metric, ALONE), f"{name}_gain": _gain(metric)}


CONTEXT_PAIRS = Task(
    name="text/context-pairs",
    summary="Does the answer turn with what was said before? 32 utterances of our own, each after two turns that give "
    "it two emotions; alone, half of the sides can be right at most. A pair goes the right way where its labels are "
    "likelier on their own sides; half do by chance. Intervals are over pairs.",
    corpus="context-pairs",
    split="test",
    model="text-context",
    answer=_pairs,
    metrics={
        **_ways("accuracy", _right),
        "both_right": _score(_both_right, HEARD),
        "flip_rate": _score(_flips, HEARD),
        "right_way": _score(_right_way, "move"),
    },
    n=64,
)

EMOCONTEXT = Task(
    name="text/emocontext",
    summary="Is the third turn of a chat happy, sad, angry or something else, heard after the two before it and alone? "
    "Official test split; micro F1 is over the three emotions, as in the shared task.",
    corpus="emocontext",
    split="test",
    model="text-context",
    answer=_third_turns,
    metrics={**_ways("micro_f1", _emotions_f1), **_ways("macro_f1", macro_f1)},
    n=5509,
)

MELD_CONTEXT = Task(
    name="text/meld-context",
    summary="Which basic emotion does a line of a series express, heard after the lines before it and alone? Official "
    "test split.",
    corpus="meld",
    split="test",
    model="text-context",
    answer=_series,
    metrics={**_ways("weighted_f1", weighted_f1), **_ways("macro_f1", macro_f1)},
    n=2610,
)
