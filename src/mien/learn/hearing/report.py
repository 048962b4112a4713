"""The committed form of what the trainings are worth."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Shaped
from numpy import ndarray

from mien.metrics.bootstrap import interval
from mien.metrics.categorical import accuracy, uar

__all__ = ["result", "write_results"]

DRAWS = 300
METRICS: Mapping[str, Callable[..., float]] = {"uar": uar, "accuracy": accuracy}


def result(
    task: str, model: str, runs: Sequence[Mapping[str, Shaped[ndarray, "..."]]], *, seeds: Sequence[int], seconds: float
) -> dict[str, Any]:
    """Return one result: the mean over the seeds, and the mean of the bounds; whole speakers are drawn for those.

    Args:
        task: Name of what was measured.
        model: Name of the model.
        runs: For each seed, `labels`, `logits` and `speaker` of all clips.
        seeds: The seeds.
        seconds: How long it took.
    """
    measured: dict[str, Any] = {}
    for name, metric in METRICS.items():
        answers = [run["logits"].argmax(axis=1) for run in runs]
        found = [
            interval(metric, run["labels"], said, groups=run["speaker"], n=DRAWS)
            for run, said in zip(runs, answers, strict=True)
        ]
        measured[name] = {
            bound: round(float(np.mean([getattr(score, bound) for score in found])), 4)
            for bound in ("value", "low", "high")
        }
        measured |= {f"{name}_seed_{seed}": round(score.value, 4) for seed, score in zip(seeds, found, strict=True)}
    return {
        "task": task,
        "model": model,
        "n": len(runs[0]["labels"]),
        "seconds": round(seconds, 1),
        "metrics": measured,
        "version": "1.0.0",
        "seeds": list(seeds),
        "command": f"python -m mien.learn recipes/{model}",
    }


def write_results(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write results as the repository keeps them; those of other models in the file stay."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    new = {(row["task"], row["model"]) for row in rows}
    kept = [row for row in kept if (row["task"], row["model"]) not in new]
    path.write_text(json.dumps([*kept, *rows], indent=2) + "\n", encoding="utf-8")
