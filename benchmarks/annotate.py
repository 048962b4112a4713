"""Measure `mien annotate` on a corpus of our own, with one worker and two, on processes and on Ray, and kill workers.

    python benchmarks/annotate.py [--items 2000] [--repeat 2] [--engines local ray] [--save]

Every run begins anew, and its tables must be equal to the byte to those of the first. Half way through the last run of
an engine, one worker is killed. Each worker has one thread for models. Seconds are counted after start-up: from the
moment when the first worker begins its first shard to that when the last shard is done. A speed-up compares a run of
two workers with the run of one worker before it. How many processors other programs used meanwhile is measured too, and
a pair of runs during either of which it was more than `--quiet` is left out and run again. With `--save`, what was
found is written to results/scale/annotate.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from corpus import SHARES, make

import mien

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "results" / "scale" / "annotate.json"
SIGNS = {"local": "spawn_main", "ray": "ray::MapWorker"}
ENGINES = tuple(SIGNS)
SHARD_SIZE = 50
MOST_AGAIN = 4
"""Pairs of runs that may be left out because other programs were busy."""


@dataclass(frozen=True)
class Run:
    """One run: what it was and what it took, in seconds."""

    engine: str
    workers: int
    kill: bool
    tables: dict[str, bytes]
    reports: list[dict[str, Any]]
    kinds: dict[int, set[str]]
    wall: float
    start_up: float
    processor: float
    others: float

    @property
    def busy(self) -> float:
        """Seconds after start-up."""
        return float(max(line["ended"] for line in self.reports) - min(line["began"] for line in self.reports))

    def told(self) -> dict[str, Any]:
        """Return what is printed of the run."""
        facts = {"engine": self.engine, "workers": self.workers, "killed": self.kill, "wall": self.wall}
        facts |= {
            "start_up": self.start_up,
            "seconds": self.busy,
            "processor": self.processor,
            "others": self.others,
            "load": os.getloadavg()[1],
        }
        return {name: round(fact, 2) if isinstance(fact, float) else fact for name, fact in facts.items()}


def run(corpus: Path, engine: str, workers: int, *, kill: bool = False) -> Run:
    """Annotate the corpus once and return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        command = [sys.executable, "-c", "from mien.cli import main; main()", "annotate", str(corpus), "--out", folder]
        command += ["--engine", engine, "--workers", str(workers), "--shard-size", str(SHARD_SIZE)]
        began, busy = time.time(), _busy()
        with (out / "said.txt").open("wb") as said:
            process = psutil.Popen(command, stdout=said, stderr=said)
            own = _watch(process, out, SIGNS[engine] if kill else None)
        wall, busy = time.time() - began, _busy() - busy
        if process.returncode != 0:
            raise SystemExit((out / "said.txt").read_text())
        shards = [json.loads(line) for line in (out / "plan.jsonl").read_text().splitlines()[1:]]
        kinds = {line["shard"]: {item[1].partition("/")[0] for item in line["items"]} for line in shards}
        reports = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
        tables = {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.parquet"))}
    start_up = min(line["began"] for line in reports) - began
    return Run(engine, workers, kill, tables, reports, kinds, wall, start_up, own, max(0.0, busy - own) / wall)


def _watch(process: psutil.Popen, out: Path, sign: str | None) -> float:
    """Wait for the end, kill a worker half way if a sign is given, and return the processor time of all processes."""
    used: dict[tuple[int, float], float] = {}
    while process.poll() is None:
        tree = _tree(process)
        for one in tree:
            _note(used, one)
        if sign and _half(out):
            victim = next(one for one in tree if sign in _line(one))
            victim.kill()
            sign = None
        time.sleep(0.5)
    if sign:
        raise SystemExit("the run ended before a worker was killed")
    return sum(used.values())


def _tree(process: psutil.Popen) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _note(used: dict[tuple[int, float], float], process: psutil.Process) -> None:
    try:
        times = process.cpu_times()
        used[process.pid, process.create_time()] = times.user + times.system
    except psutil.Error:
        return


def _line(process: psutil.Process) -> str:
    try:
        return " ".join([process.name(), *process.cmdline()])
    except psutil.Error:
        return ""


def _half(out: Path) -> bool:
    try:
        n_shards = json.loads((out / "plan.jsonl").read_text().split("\n", 1)[0])["shards"]
        return 2 * len((out / "manifest.jsonl").read_text().splitlines()) >= n_shards
    except (OSError, ValueError):
        return False


def _busy() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq + times.steal)


class Runs:
    """The runs of a measurement, each checked against the first."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._first: Run | None = None
        self.n_left_out = 0

    def of(self, engine: str, repeat: int, quiet: float) -> list[Run]:
        """Run one worker and two by turns, so that what else the machine does falls on both, then kill one of two."""
        kept: list[Run] = []
        again = 0
        while len(kept) < 2 * repeat:
            pair = [self._run(engine, workers) for workers in (1, 2)]
            if max(one.others for one in pair) <= quiet:
                kept += pair
                continue
            again += 1
            if again > MOST_AGAIN:
                raise SystemExit(f"other programs used more than {quiet} processors in {again} pairs of runs")
        self.n_left_out += again
        return [*kept, self._run(engine, 2, kill=True)]

    def _run(self, engine: str, workers: int, *, kill: bool = False) -> Run:
        found = run(self._corpus, engine, workers, kill=kill)
        self._first = self._first or found
        print(json.dumps(found.told()), flush=True)
        if found.tables != self._first.tables:
            raise SystemExit(f"the tables of {found.told()} differ from those of the first run")
        return found


def rows(found: Sequence[Run], items: int, command: str, n_left_out: int) -> list[dict[str, Any]]:
    """Return the results: one row an engine, and the cost of each kind of file on one worker."""
    made = []
    for engine in dict.fromkeys(one.engine for one in found):
        mine = [one for one in found if one.engine == engine]
        ones = [one for one in mine if one.workers == 1]
        twos = [one for one in mine if one.workers == 2 and not one.kill]
        metrics = {
            "speedup_of_two": spread([one.busy / two.busy for one, two in zip(ones, twos, strict=True)]),
            "files_per_second_of_two": spread([items / two.busy for two in twos]),
            "seconds_of_one": spread([one.busy for one in ones]),
            "seconds_of_two": spread([two.busy for two in twos]),
            "seconds_of_two_one_killed": spread([one.busy for one in mine if one.kill]),
            "processor_seconds_of_one": spread([one.processor for one in ones]),
            "processor_seconds_of_two": spread([two.processor for two in twos]),
            "start_up_seconds": spread([one.start_up for one in mine]),
            "others_processors": spread([one.others for one in mine]),
        }
        seconds = sum(one.wall for one in mine)
        note = (
            "Seconds after start-up, median and range; two workers and one by turns, one ONNX thread a worker, 2 "
            "processors, of which other programs used as many as others_processors says. All runs, also those with a "
            "worker killed half way, gave tables that are equal to the byte. Pairs left out as others were busy: "
            f"{n_left_out}."
        )
        made.append(_row(f"scale/annotate-{engine}", items, seconds, metrics, command, note))
    costs = cost([one for one in found if one.workers == 1])
    note = "Processor seconds of a worker with one thread, without start-up, from the runs with one worker."
    made.append(_row("scale/annotate-cost", items, sum(one.wall for one in found), costs, command, note))
    return made


def cost(found: Sequence[Run]) -> dict[str, dict[str, float]]:
    """Return processor seconds a text, chat and picture, and a second of sound, from shards of one kind."""
    taken: dict[str, list[float]] = defaultdict(list)
    for one in found:
        spent: dict[str, float] = defaultdict(float)
        amount: dict[str, float] = defaultdict(float)
        for line in one.reports:
            kind, *others = one.kinds[line["shard"]]
            if others:
                continue
            spent[kind] += line["processor"]
            amount[kind] += line["media_seconds"] if kind == "voices" else line["items"]
        for kind in SHARES:
            taken[kind].append(spent[kind] / amount[kind])
    names = {"texts": "text", "chats": "chat", "pictures": "picture", "voices": "sound_second"}
    return {f"seconds_per_{names[kind]}": spread(values, 5) for kind, values in taken.items()}


def spread(values: Sequence[float], digits: int = 3) -> dict[str, float]:
    """Return the median of the values with their range."""
    facts = {"value": statistics.median(values), "low": min(values), "high": max(values)}
    return {name: round(fact, digits) for name, fact in facts.items()}


def _row(task: str, n: int, seconds: float, metrics: dict[str, Any], command: str, note: str) -> dict[str, Any]:
    about = {"task": task, "model": "", "n": n, "seconds": round(seconds, 1), "metrics": metrics}
    return {**about, "version": mien.__version__, "command": command, "note": note, "seeds": []}


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Measure mien annotate.")
    parser.add_argument("--items", type=int, default=2000, help="at least 1000, so that every kind has shards")
    parser.add_argument("--repeat", type=int, default=2, help="how often one worker and two are run")
    parser.add_argument("--quiet", type=float, default=0.3, help="most processors that others may use in a pair")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--save", action="store_true", help="also write results/scale/annotate.json")
    given = parser.parse_args()
    corpus = ROOT / "build" / f"corpus-{given.items}"
    make(corpus, given.items)
    engines = " ".join(given.engines)
    command = f"python benchmarks/annotate.py --items {given.items} --repeat {given.repeat} --quiet {given.quiet}"
    command += f" --engines {engines}"
    measured = Runs(corpus)
    done = [one for engine in given.engines for one in measured.of(engine, given.repeat, given.quiet)]
    found = rows(done, given.items, command, measured.n_left_out)
    for row in found:
        print(json.dumps(row), flush=True)
    if given.save:
        SAVED.parent.mkdir(parents=True, exist_ok=True)
        kept = [row for row in _saved() if row["task"] not in {mine["task"] for mine in found}]
        SAVED.write_text(json.dumps([*found, *kept], indent=2) + "\n", encoding="utf-8")


def _saved() -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = json.loads(SAVED.read_text(encoding="utf-8")) if SAVED.is_file() else []
    return held


if __name__ == "__main__":
    main()
