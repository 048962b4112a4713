"""Measure what bounds `mien annotate` beyond one machine: a second of video, planning, and handing shards out.

    python benchmarks/clip.py build/clip60.mp4 --seconds 60
    python benchmarks/clip.py build/clip600.mp4 --seconds 600
    python benchmarks/limits.py build/clip60.mp4 build/clip600.mp4 [--save]

A second of video costs what the long clip takes more than the short one. With `--save`, what was found is written to
results/scale/limits.json.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import mien
from mien.agent.annotate import Plan, Settings, annotate_all, cut, find_items
from mien.registry import build
from mien.scale import Mapper, ProcessMapper

SAVED = Path(__file__).resolve().parents[1] / "results" / "scale" / "limits.json"
N_FILES = 100_000
N_CALLS = 2_000


def video(short: Path, long: Path) -> dict[str, float]:
    """Return processor seconds, rows and bytes a second of video."""
    (first, first_rows), (second, second_rows) = _annotated(short), _annotated(long)
    length = second["media_seconds"] - first["media_seconds"]
    return {
        "processor_seconds_per_video_second": (second["processor"] - first["processor"]) / length,
        "rows_per_video_second": (second_rows - first_rows) / length,
        "table_bytes_per_video_second": (second["sizes"][0] - first["sizes"][0]) / length,
    }


def _annotated(clip: Path) -> tuple[dict[str, Any], int]:
    with tempfile.TemporaryDirectory() as out:
        for _ in annotate_all([clip], Path(out), ProcessMapper(workers=1), settings=Settings()):
            pass
        report: dict[str, Any] = json.loads(Path(out, "manifest.jsonl").read_text())
        return report, report["affects"]


def planning() -> dict[str, float]:
    """Return the seconds that finding and cutting many files takes, and the size of the plan."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(N_FILES):
            place = Path(folder, f"{number // 1000:03}")
            place.mkdir(exist_ok=True)
            (place / f"{number:06}.txt").touch()
        began = time.perf_counter()
        plan = Plan({"roots": [folder]}, cut(find_items([folder]), most=256))
        plan.save(Path(folder, "plan.jsonl"))
        seconds = time.perf_counter() - began
        size = Path(folder, "plan.jsonl").stat().st_size
    return {"plan_seconds": seconds, "plan_bytes_per_file": size / N_FILES}


def handing_out(mapper: Mapper) -> float:
    """Return the seconds that it takes to hand out an item and take its answer, where the work itself is nothing."""
    times = [time.perf_counter() for _ in mapper.map(partial(partial, abs), range(N_CALLS))]
    # From the first answer on, so that the start of the workers does not count.
    return (times[-1] - times[0]) / (N_CALLS - 1)


def rows(given: Sequence[Path]) -> list[dict[str, Any]]:
    """Measure, and return the results."""
    names = " ".join(path.name for path in given)
    found = {
        "scale/video": (1, video(*given), "On one worker with one thread, faces, speech and fusion, 720p."),
        "scale/plan": (N_FILES, planning(), "Empty files in 100 folders, on a local disk."),
    }
    calls = {f"{name}_seconds_per_shard": handing_out(build("mapper", name, workers=2)) for name in ("process", "ray")}
    found["scale/hand-out"] = (N_CALLS, calls, "Shards without work, two workers: what the driver and the engine take.")
    return [
        {
            "task": task,
            "model": "",
            "n": n,
            "seconds": None,
            "metrics": {name: {"value": value, "low": value, "high": value} for name, value in metrics.items()},
            "version": mien.__version__,
            "command": f"python benchmarks/limits.py {names}",
            "note": note,
            "seeds": [],
        }
        for task, (n, metrics, note) in found.items()
    ]


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Measure what bounds mien annotate beyond one machine.")
    parser.add_argument("clips", type=Path, nargs=2, help="a short clip and a long one")
    parser.add_argument("--save", action="store_true", help="also write results/scale/limits.json")
    given = parser.parse_args()
    found = rows(given.clips)
    for row in found:
        for name, metric in row["metrics"].items():
            row["metrics"][name] = {part: float(f"{value:.4g}") for part, value in metric.items()}
        print(json.dumps(row), flush=True)
    if given.save:
        SAVED.parent.mkdir(parents=True, exist_ok=True)
        SAVED.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
