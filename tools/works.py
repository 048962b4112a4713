"""A published work on the page of works: what would show it, and what of it is measured here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generated import ROOT

from mien.bench.study import Study

__all__ = ["ABSENT", "Figure", "Work"]

VERDICTS = {"gain": "a gain", "loss": "a loss", "null": "null"}
ABSENT = "not measured yet"


@dataclass(frozen=True, slots=True)
class Figure:
    """Metrics of one row of results.

    Args:
        file: Name of the file in results/speech/.
        task: Of the row.
        metrics: Which are told.
        model: Of the row, where several models have one.
    """

    file: str
    task: str
    metrics: tuple[str, ...]
    model: str = ""

    @property
    def measured(self) -> bool:
        """Whether the row is there."""
        return self._row() is not None

    def __str__(self) -> str:
        """Return the metrics with their bounds, or that they are not there yet."""
        name = f"`{self.task}`" + (f" of {self.model}" if self.model else "")
        row = self._row()
        if row is None:
            return f"{name}: {ABSENT}"
        return f"{name}: " + ", ".join(f"{metric} {_score(row['metrics'][metric])}" for metric in self.metrics)

    def _row(self) -> Mapping[str, Any] | None:
        path = ROOT / "results" / "speech" / self.file
        rows = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
        return next((row for row in rows if row["task"] == self.task and self.model in ("", row["model"])), None)


@dataclass(frozen=True, slots=True)
class Work:
    """A published work and how far it is shown here.

    Args:
        title: As it was published.
        claim: What would show it.
        state: ``shown``, ``in part``, ``null`` or ``not shown``; where all its figures are missing, the page says that.
        where: Tasks and results that show it.
        studies: Names of the studies that show it, whose verdicts are added.
        why: What is not shown, and why.
        figures: Metrics of results that are told.
    """

    title: str
    claim: str
    state: str
    where: str = ""
    studies: tuple[str, ...] = ()
    why: str = ""
    figures: tuple[Figure, ...] = ()

    def row(self, studies: Mapping[str, Study]) -> tuple[str, ...]:
        """Return the work's row on the page."""
        told = [*map(str, self.figures), *(f"study `{name}`: {_verdict(studies.get(name))}" for name in self.studies)]
        missing = self.figures and not any(figure.measured for figure in self.figures)
        state = ABSENT if missing else self.state
        return self.title, self.claim, f"**{state}**", "; ".join(filter(None, [self.where, *told])), self.why


def _verdict(study: Study | None) -> str:
    finding = None if study is None else study.finding()
    return ABSENT if finding is None else VERDICTS[finding.verdict]


def _score(metric: Mapping[str, float] | float) -> str:
    if not isinstance(metric, Mapping):
        return f"{metric:.3f}"
    return f"{metric['value']:.3f} [{metric['low']:.3f}, {metric['high']:.3f}]"
