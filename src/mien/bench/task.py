"""A task: a corpus, a split, a model and what is measured; and its evaluation."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mien.errors import InputError
from mien.metrics.bootstrap import Interval
from mien.registry import find

__all__ = ["Result", "Task", "evaluate"]


@dataclass(frozen=True, slots=True)
class Task:
    """What is measured, as a declaration; a changed task gets a new name.

    Args:
        name: Such as ``text/goemotions``.
        summary: What it asks, in one sentence.
        corpus: Registry name of the corpus.
        split: The split that is measured on.
        model: The model's name.
        answer: ``(samples, model) -> answers``: what the model says of the samples, with their truth.
        metrics: Name to ``answers -> score with interval``.
        keep: Which samples count; by default all.
        n: How many must count: a guard that the split is the published one.
        count: ``answers -> items`` where what is scored is not the samples themselves, such as mixtures of them.
    """

    name: str
    summary: str
    corpus: str
    split: str
    model: str
    answer: Callable[[Sequence[Any], str], Any]
    metrics: Mapping[str, Callable[[Any], Interval]]
    keep: Callable[[Any], bool] | None = None
    n: int | None = None
    count: Callable[[Any], int] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What an evaluation found: scores as fractions with 95 % bootstrap intervals.

    Args:
        task: Name of the task.
        model: Name of the model.
        n: Items that counted.
        seconds: Time that reading them took.
        metrics: Name to score.
    """

    task: str
    model: str
    n: int
    seconds: float
    metrics: Mapping[str, Interval]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as plain values, the shape of the files in ``results/``."""
        return asdict(self)


def evaluate(task: Task, *, model: str | None = None) -> Result:
    """Measure a model on a task.

    Args:
        task: The task.
        model: Name or folder of another model than the task's own.

    Raises:
        InputError: The corpus is missing, or does not have the expected number of samples.
        MissingExtraError: The extra ``bench`` is not installed.
    """
    samples = find("corpus", task.corpus)(task.split)
    if task.keep is not None:
        samples = [sample for sample in samples if task.keep(sample)]
    if task.n is not None and len(samples) != task.n:
        raise InputError(f"{task.name} found {len(samples)} samples in {task.corpus}; the published split has {task.n}")
    name = model or task.model
    start = time.perf_counter()
    answers = task.answer(samples, name)
    seconds = round(time.perf_counter() - start, 3)
    metrics = {key: _rounded(measure(answers)) for key, measure in task.metrics.items()}
    return Result(task.name, name, task.count(answers) if task.count else len(samples), seconds, metrics)


def _rounded(score: Interval) -> Interval:
    return Interval(round(score.value, 5), round(score.low, 5), round(score.high, 5))
