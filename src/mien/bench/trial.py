"""Run a study: both arms with every seed; what has run is kept, and shared by studies that have an arm in common."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from mien.bench.study import RESULT, Finding, Study, compare
from mien.errors import OptionError
from mien.metrics.bootstrap import Metric
from mien.registry import find
from mien.version import __version__

__all__ = ["Trial", "run_study"]

_log = logging.getLogger(__name__)

Answers = Mapping[str, tuple[np.ndarray, ...]]
PARTS = ("truth", "estimate", "groups")


class Trial(Protocol):
    """What runs one arm of a study."""

    metrics: Mapping[str, Metric]
    """What can be scored, by name."""
    defaults: Mapping[str, Any]
    """What an option is where a study does not give it."""

    def run(self, options: Mapping[str, Any], seed: int) -> Answers:
        """Train and answer; returns truth and estimate of the items by name of the metric that scores them.

        A third array may name the group of each item, such as the speaker: whole groups are drawn for the interval.
        """
        ...


def run_study(study: Study, kept: Path) -> Finding:
    """Run a study and write what it found beside it.

    Args:
        study: What is compared.
        kept: Folder of the answers of arms that have run; an interrupted study goes on from there.

    Raises:
        OptionError: The trial knows no such metric or option.
    """
    trial: Trial = find("trial", study.trial)()
    if study.metric not in trial.metrics:
        raise OptionError(
            f"the study {study.name} asks for the metric {study.metric!r}; known to {study.trial}: "
            f"{', '.join(trial.metrics)}"
        )
    kept.mkdir(parents=True, exist_ok=True)
    arms = [[_answers(trial, study, options, seed, kept) for seed in study.seeds] for options in study.arms]
    truth = [answers[0] for answers in arms[0]]
    estimates = [[answers[1] for answers in arm] for arm in arms]
    groups = arms[0][0][2] if len(arms[0][0]) == len(PARTS) else None
    before, after, difference = compare(trial.metrics[study.metric], truth, *estimates, groups=groups)
    finding = Finding(
        metric=study.metric,
        n=len(truth[0]),
        without=[round(score, 5) for score in before],
        with_=[round(score, 5) for score in after],
        difference=difference,
        command=f"mien studies {study.name} --run",
        version=__version__,
    )
    _write(study.folder / RESULT, finding)
    return finding


def _answers(trial: Trial, study: Study, options: Mapping[str, Any], seed: int, kept: Path) -> tuple[np.ndarray, ...]:
    # An option given as it is by default is the same arm as without it, and is run once for all studies.
    own = {name: value for name, value in sorted(options.items()) if trial.defaults.get(name, ...) != value}
    key = json.dumps([study.trial, own, seed])
    path = kept / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.npz"
    if not path.is_file():
        _log.info("%s: %s, seed %d", study.name, dict(options), seed)
        parts: dict[str, Any] = {}
        for name, arrays in trial.run(options, seed).items():
            parts |= {f"{part}_{name}": array for part, array in zip(PARTS, arrays, strict=False)}
        temporary = path.with_suffix(".part.npz")
        np.savez_compressed(temporary, **parts)
        temporary.replace(path)
    with np.load(path) as stored:
        return tuple(stored[key] for part in PARTS if (key := f"{part}_{study.metric}") in stored)


def _write(path: Path, finding: Finding) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(asdict(finding), indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)
