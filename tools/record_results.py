"""Measure tasks and write what was found to ``results/<task>.json``.

    python tools/record_results.py text/goemotions face/ferplus     # or none for all
    python tools/record_results.py --validation text/goemotions     # what fusing rests on
    python tools/record_results.py --model text-affect text/semeval2018-v

Each file is an array of result objects, one a model version, with the version, the training seeds and the command.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from mien.bench import evaluate
from mien.registry import find, names
from mien.runtime import find_asset

RESULTS = Path(__file__).parents[1] / "results"
SPLITS = {"goemotions": "validation"}
"""How a corpus calls its validation split, where not ``val``."""


def record(name: str, *, validation: bool = False, model: str | None = None) -> dict[str, Any]:
    """Measure one task and put the result in place of an earlier one of the same model version."""
    task, command = find("task", name), f"mien bench {name}{f' --model {model}' if model else ''} --json"
    if validation:
        task = replace(task, name=f"{name}-validation", split=SPLITS.get(task.corpus, "val"), n=None)
        command = f"python tools/record_results.py --validation {name}"
    result = evaluate(task, model=model)
    info = find_asset(result.model).info
    seeds = sorted({seed for score in info.scores for seed in score.seeds}) or [0]
    row = {**result.as_dict(), "version": info.version, "seeds": seeds, "command": command}
    path = RESULTS / f"{task.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = [old for old in _rows(path) if (old["model"], old["version"]) != (row["model"], row["version"])]
    path.write_text(json.dumps([*kept, row], indent=2) + "\n", encoding="utf-8")
    return row


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*")
    parser.add_argument("--validation", action="store_true")
    parser.add_argument("--model", help="another model than the task's own")
    given = parser.parse_args()
    for name in given.tasks or names("task"):
        print(json.dumps(record(name, validation=given.validation, model=given.model)))


if __name__ == "__main__":
    main()
