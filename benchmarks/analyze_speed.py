"""Measure wall time and peak memory of `mien analyze` on clips, each in a fresh process; print one JSON object a line.

    python benchmarks/clip.py build/clip60.mp4 --seconds 60
    python benchmarks/clip.py build/clip600.mp4 --seconds 600
    python benchmarks/analyze_speed.py build/clip60.mp4 build/clip600.mp4 [--cores 2] [--repeat 3]

With `--save`, the objects are also written to results/speed/analyze.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import av

import mien

SAVED = Path(__file__).resolve().parents[1] / "results" / "speed" / "analyze.json"


def measure(clip: Path, cores: int) -> tuple[float, float, float]:
    """Analyse the clip once; return wall and processor time in seconds, and peak memory in gigabytes (1e9 bytes)."""
    command = [sys.executable, "-c", "from mien.cli import main; main()", "analyze", str(clip)]
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        child = os.fork()
        if child == 0:
            _become([*command, "--out", out, "--formats", "json,html"], cores)
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"mien analyze {clip} ended with {os.waitstatus_to_exitcode(status)}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e9


def _become(command: list[str], cores: int) -> None:
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    os.sched_setaffinity(0, allowed)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.execv(command[0], command)


def record(clip: Path, cores: int, repeat: int) -> dict[str, Any]:
    """Measure a clip several times; values are medians, their range is beside them."""
    with av.open(str(clip)) as container:
        length = round((container.duration or 0) / av.time_base)
    walls, works, peaks = zip(*(measure(clip, cores) for _ in range(repeat)), strict=True)
    return {
        "task": f"speed/analyze-{length}s-720p",
        "model": "",
        "n": repeat,
        "seconds": round(sum(walls), 1),
        "metrics": {
            "wall_seconds": _spread(walls),
            "peak_gigabytes": _spread(peaks),
            "processor_seconds": _spread(works),
        },
        "version": mien.__version__,
        "command": f"python benchmarks/analyze_speed.py {clip.name} --cores {cores} --repeat {repeat}",
        "note": f"Median and range of {repeat} runs on {cores} cores, start of the program and models included.",
    }


def _spread(values: tuple[float, ...]) -> dict[str, float]:
    return {
        "value": round(statistics.median(values), 3),
        "low": round(min(values), 3),
        "high": round(max(values), 3),
    }


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Measure mien analyze on clips.")
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--save", action="store_true", help=f"also write {SAVED.name} in results/speed")
    given = parser.parse_args()
    records = []
    for clip in given.clips:
        records.append(record(clip, given.cores, given.repeat))
        print(json.dumps(records[-1]), flush=True)
    if given.save:
        SAVED.parent.mkdir(parents=True, exist_ok=True)
        SAVED.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
