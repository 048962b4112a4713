"""What the benchmarks of speech share: files of answers that recipes left, and rows of results."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mien.metrics.bootstrap import Interval, difference
from mien.runtime import find_asset
from mien.version import __version__

RESULTS = Path(__file__).resolve().parents[1] / "results" / "speech"
DRAWS = 300

Given = Mapping[str, list[Path]]
"""Each model's answers of folds, one file a seed."""


def options(about: str | None) -> argparse.ArgumentParser:
    """Return what every benchmark takes."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", action="append", default=[], metavar="MODEL=FOLDER")
    parser.add_argument("--save", action="store_true")
    return parser


def answers_of(texts: Sequence[str], kind: str = "folds") -> dict[str, list[Path]]:
    """Return the files ``KIND-SEED.npz`` of each model that is named as ``MODEL=FOLDER``."""
    found = {}
    for text in texts:
        model, _, folder = text.partition("=")
        found[model] = sorted(Path(folder).glob(f"{kind}-[0-9]*.npz"))
        if not found[model]:
            raise SystemExit(f"{text} names no folder with answers {kind}-SEED.npz; give MODEL=FOLDER")
    return found


def rounded(found: Interval, digits: int = 5) -> dict[str, float]:
    return {key: round(getattr(found, key), digits) for key in ("value", "low", "high")}


def paired(
    metric: Callable[[Any, Any], float], runs: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]
) -> Interval:
    """Return the mean over seeds of how much higher the second estimate scores than the first.

    Args:
        metric: Maps truth and estimate to a number.
        runs: Truth, first and second estimate and group of each seed's items; whole groups are drawn.
    """
    found = [difference(metric, truth, (one, other), groups=groups, n=DRAWS) for truth, one, other, groups in runs]
    return Interval(*(float(np.mean([getattr(one, key) for one in found])) for key in ("value", "low", "high")))


def row(
    task: str, metrics: Mapping[str, Any], n: int, ran: tuple[float, Sequence[int]], script: str, **more: Any
) -> dict[str, Any]:
    """Return one result object.

    Args:
        task: Its name.
        metrics: Name to score.
        n: Items.
        ran: When it began, by `time.perf_counter`, and the seeds.
        script: The file's name.
        more: Other keys, such as `note`; `model` where it is one of mien.
    """
    model = more.get("model", "")
    answers = f" --answers {model}=build/{model}" if model else ""
    return {
        "task": task,
        "model": model,
        "n": n,
        "seconds": round(time.perf_counter() - ran[0], 1),
        "metrics": metrics,
        "version": find_asset(model).info.version if model else __version__,
        "seeds": list(ran[1]),
        "command": f"python benchmarks/{script}{answers} --save",
        **more,
    }


def show(rows: Sequence[dict[str, Any]], path: Path, *, save: bool) -> None:
    """Print rows, and where asked write them in place of earlier ones of the same names."""
    print(json.dumps(rows, indent=2))
    if not save:
        return
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    names = {one["task"] for one in rows}
    made = sorted([one for one in kept if one["task"] not in names] + list(rows), key=lambda one: one["task"])
    path.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
