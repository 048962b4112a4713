"""Generate what follows from results/ and studies/: tables of README.md and docs/explanation/, and three pages.

The pages are results.md, studies.md and works.md in docs/reference/.

python tools/results_table.py [--check]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import speech_tables
import text_tables
from generated import ROOT, between, cards, settle, table
from languages_table import PAGE as LANGUAGES_PAGE
from languages_table import languages_table
from scale_table import PAGE, measured, planning_table
from studies_table import studies_page
from works_table import works_page

from mien.registry import find, names
from mien.runtime import ModelInfo

RESULTS = ROOT / "results"
MARK = "\\*"
LEGEND = (
    f"Brackets hold the 95 % bootstrap interval (for speed and serving, the range of the runs). "
    f"{MARK} other parts of this corpus were used to train the model. "
    "A line `open` means that every training corpus allows commercial use; `research` that one does not, or that its "
    "terms are unclear."
)

Row = dict[str, Any]


def rows() -> Iterator[tuple[Path, Row]]:
    """Yield every committed result with the file that holds it."""
    for path in sorted(RESULTS.rglob("*.json")):
        held = json.loads(path.read_text(encoding="utf-8"))
        for row in held if isinstance(held, list) else [held]:
            if "metrics" in row:
                yield path, row


def score(metric: dict[str, float] | float) -> str:
    """Return a value with its interval.

    >>> score({"value": 0.5, "low": 0.4, "high": 0.6})
    '0.500 [0.400, 0.600]'
    """
    if not isinstance(metric, dict):
        return f"{metric:.3f}"
    interval = f" [{metric['low']:.3f}, {metric['high']:.3f}]" if "low" in metric and "high" in metric else ""
    return f"{metric['value']:.3f}{interval}"


def readme_table() -> str:
    """Return the table of the README: the first two metrics of each result."""
    infos = {info.name: info for info in cards()}
    lines = []
    for _, row in rows():
        shown = list(row["metrics"].items())[:2]
        lines.append([*_head(row, infos), "; ".join(f"{name} {score(metric)}" for name, metric in shown)])
    return table(("task", "model", "line", "n", "scores"), lines) + f"\n\n{LEGEND}"


def results_page() -> str:
    """Return the page with every metric of every result."""
    infos = {info.name: info for info in cards()}
    parts = [
        "# Results",
        "Generated from `results/` by `tools/results_table.py`. Values are fractions unless named.",
        LEGEND,
    ]
    for path, row in rows():
        task, model, line, n = _head(row, infos)
        took = "" if row["seconds"] is None else f", {row['seconds']:.0f} s"  # not measured where a run was resumed
        what = f"Model {model} {row.get('version', '')} ({line})" if model else f"mien {row.get('version', '')}"
        about = f"{what}, n = {n}{took}."
        source = f"From [`{path.relative_to(ROOT)}`](../../{path.relative_to(ROOT)})"
        command = f"{source}, made by `{row['command']}`." if "command" in row else f"{source}."
        scores = table(("metric", "value"), [(name, score(metric)) for name, metric in row["metrics"].items()])
        parts += [f"## {task}", f"{about} {command}", *([row["note"]] if "note" in row else []), scores]
    return "\n\n".join(parts) + "\n"


def _head(row: Row, infos: dict[str, ModelInfo]) -> tuple[str, str, str, str]:
    model = row.get("model", "")
    info = infos.get(model)
    seen = info is not None and _corpus(row["task"]) in {item.corpus.split()[0] for item in info.trained_on}
    mark = MARK if row.get("in_corpus", seen) else ""
    return f"{row['task']}{mark}", model, info.line if info else "", f"{row.get('n', '')}"


def _corpus(task: str) -> str:
    """The corpus of a task; figures that only a recipe makes are named after theirs, such as speech/ravdess-folds."""
    if task in names("task"):
        return str(find("task", task).corpus)
    return task.rpartition("/")[2].partition("-")[0]


if __name__ == "__main__":
    readme = ROOT / "README.md"
    text = between(readme.read_text(encoding="utf-8"), "results", readme_table())
    plan = between(PAGE.read_text(encoding="utf-8"), "scale", planning_table(measured()))
    spoken = between(LANGUAGES_PAGE.read_text(encoding="utf-8"), "languages", languages_table())
    reference = ROOT / "docs" / "reference"
    pages = {"results.md": results_page(), "studies.md": studies_page(), "works.md": works_page()}
    made = {reference / name: page for name, page in pages.items()}
    sys.exit(
        settle({readme: text, PAGE: plan, LANGUAGES_PAGE: spoken} | made | text_tables.pages() | speech_tables.pages())
    )
