"""Kill a server and its workers at random moments while jobs come and run, and look for what was lost.

    python benchmarks/server_kills.py [--kills 30] [--jobs 50] [--seeds 7 8 9] [--save]

One trial starts `mien serve` over a fresh folder, sends texts and recordings from examples/ to it as a client that
tries again when the server is gone, and meanwhile sends SIGKILL to the server or to one of its workers, at moments
and to victims that a seed draws. A killed server is started again over the same folder. When every kill is done and no
job waits, the results and the folder are looked through. With `--save`, what was found is also written to
results/serve/kills.json.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av
import httpx
import jsonschema
import psutil

import mien
from mien.io.json import schema
from mien.serve.jobs import JobOptions
from mien.serve.jobs.work import analyze, result

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
SAVED = ROOT / "results" / "serve" / "kills.json"
LENGTHS = (6, 12, 25)
RATE = 16_000


@dataclass
class Found:
    """What one trial found."""

    kills: int = 0
    server_kills: int = 0
    jobs: int = 0
    done: int = 0
    lost: int = 0
    doubled: int = 0
    failed: int = 0
    wrong_results: int = 0
    half_files: int = 0
    left_processes: int = 0
    attempts: int = 0
    seconds: float = 0.0

    @property
    def faults(self) -> dict[str, int]:
        """What must be zero, where it is not."""
        names = ("lost", "doubled", "failed", "wrong_results", "half_files", "left_processes")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


class Server:
    """`mien serve` in a process that is started again whenever it was killed."""

    def __init__(self, data: Path, log: Path, workers: int) -> None:
        self.data = data
        self._workers = str(workers)
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._log = log.open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, without waiting until it answers."""
        command = [sys.executable, "-m", "mien", "serve", "--no-browser", "--port", str(self.port)]
        options = ["--data", str(self.data), "--keep", "for-ever", "--workers", self._workers]
        self._process = subprocess.Popen([*command, *options], stdout=self._log, stderr=self._log)

    def kill(self) -> None:
        """Kill it and start it again."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self.start()

    def kill_worker(self, draw: random.Random) -> bool:
        """Kill one of its workers; `False` if there is none at the moment."""
        assert self._process is not None
        try:
            workers = psutil.Process(self._process.pid).children()
            if not workers:
                return False
            draw.choice(workers).kill()
        except psutil.NoSuchProcess:
            return False
        return True

    def stop(self) -> int:
        """End it as an operator would, and return its status."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(30)
        finally:
            self._process.kill()
            self._process.wait()
            self._log.close()


class Client:
    """A client that tries again, and looks first whether what it sent has come."""

    def __init__(self, server: Server) -> None:
        self._http = httpx.Client(base_url=server.url, timeout=20)

    def jobs(self) -> list[dict[str, Any]]:
        """Return all jobs, once the server answers."""
        return self._insist(lambda http: http.get("/v1/jobs", params={"limit": 1000})).json()["jobs"]

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def analysis(self, job: str) -> dict[str, Any]:
        """Return the result of a job."""
        return self._insist(lambda http: http.get(f"/v1/jobs/{job}/analysis")).json()

    def send(self, name: str, content: bytes) -> None:
        """Send a file until the server has it."""
        while name not in {job["name"] for job in self.jobs()}:
            try:
                self._http.post("/v1/jobs", files={"file": (name, content)}).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.1)

    def _insist(self, ask: Callable[[httpx.Client], httpx.Response]) -> httpx.Response:
        deadline = time.monotonic() + 120
        while True:
            try:
                return ask(self._http).raise_for_status()
            except httpx.HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def trial(folder: Path, *, kills: int, jobs: int, seed: int, pause: float = 3.0, small: bool = False) -> Found:
    """Run one trial in a fresh folder and return what it found.

    Args:
        folder: For the data, the sources and the log.
        kills: How many.
        jobs: How many.
        seed: Of moments, victims and sources.
        pause: Longest time between two kills, in seconds.
        small: One worker instead of two, and texts alone without recordings.
    """
    draw = random.Random(seed)
    sources = make_sources(folder, audio=not small)
    names = {f"{number:03d}-{source.name}": source for number, source in enumerate(draw.choices(sources, k=jobs))}
    started = time.monotonic()
    server = Server(folder / "data", folder / "server.log", workers=1 if small else 2)
    server.start()
    client = Client(server)
    sending = threading.Thread(
        target=send_all, args=(client, names, kills * pause / 3 / jobs, draw.random()), daemon=True
    )
    sending.start()
    found = Found(kills=kills, jobs=jobs, server_kills=kill_all(server, draw, kills, pause))
    sending.join()
    while any(job["state"] in ("waiting", "running") for job in client.jobs()):
        time.sleep(0.2)
    found.seconds = round(time.monotonic() - started, 1)
    look_through_results(client, names, found)
    client.close()
    if server.stop() != 0:
        found.left_processes += 1
    look_through_folder(server.data, found)
    return found


def make_sources(folder: Path, *, audio: bool) -> list[Path]:
    """Return the texts of the examples, and pieces of the recording among them."""
    made = []
    for name in ("letter.txt", "chat.csv"):
        made.append(folder / name)
        shutil.copy(EXAMPLES / name, made[-1])
    if audio:
        resampler = av.AudioResampler("s16", "mono", RATE)
        with av.open(str(EXAMPLES / "dialogue.ogg")) as container:
            sound = b"".join(
                bytes(part.to_ndarray().data)
                for frame in container.decode(audio=0)
                for part in resampler.resample(frame)
            )
        for length in LENGTHS:
            made.append(folder / f"dialogue-{length}.wav")
            with wave.open(str(made[-1]), "wb") as file:
                file.setparams((1, 2, RATE, 0, "NONE", ""))
                file.writeframes(sound[: length * RATE * 2])
    return made


def send_all(client: Client, names: dict[str, Path], pause: float, seed: float) -> None:
    """Send the sources with pauses, so that uploads are hit as well."""
    draw = random.Random(seed)
    for name, source in names.items():
        client.send(name, source.read_bytes())
        time.sleep(draw.uniform(0, 2 * pause))


def kill_all(server: Server, draw: random.Random, kills: int, pause: float) -> int:
    """Kill so often, and return how often it was the server."""
    server_kills = 0
    for number in range(kills):
        time.sleep(draw.uniform(0.05, pause))
        victim = draw.choice(("server", "worker")) if number else "server"
        while victim == "worker" and not server.kill_worker(draw):
            time.sleep(0.05)
        if victim == "server":
            server.kill()
            server_kills += 1
    return server_kills


def look_through_results(client: Client, names: dict[str, Path], found: Found) -> None:
    """Compare each result with that of the same source without any kill, and with the published schema."""
    jobs = client.jobs()
    seen = Counter(job["name"] for job in jobs)
    found.lost = len(set(names) - set(seen))
    found.doubled = sum(count - 1 for count in seen.values())
    found.failed = sum(job["state"] == "failed" for job in jobs)
    found.done = sum(job["state"] == "done" for job in jobs)
    expected = {source: result(analyze(source, JobOptions(), _silent), source, "") for source in set(names.values())}
    valid = jsonschema.Draft202012Validator(schema()).is_valid
    for job in jobs:
        analysis = client.analysis(job["id"]) if job["state"] == "done" else {}
        wanted = json.loads(expected[names[job["name"]]])
        wanted["source"]["name"] = job["name"]
        found.wrong_results += not (valid(analysis) and analysis == wanted)


def look_through_folder(data: Path, found: Found) -> None:
    """Count what should not be there after an end in order: half files, orphans, processes."""
    with closing(sqlite3.connect(data / "jobs.db")) as database:
        rows = database.execute("SELECT id, attempt, crashes, outages FROM jobs WHERE state = 'done'").fetchall()
        whole = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    found.attempts = sum(row[1] for row in rows)
    for job, *_ in rows:
        files = sorted(path.name for path in (data / "jobs" / job).iterdir())
        found.half_files += len(files) != 2 or files[0] != "analysis.json" or not files[1].startswith("source.")
    known = {row[0] for row in rows}
    found.half_files += sum(path.name not in known for path in (data / "jobs").iterdir())
    found.half_files += len(list((data / "incoming").iterdir())) + (not whole)
    for process in psutil.process_iter(["cmdline"]):
        found.left_processes += str(data) in (process.info["cmdline"] or [])


def _silent(done: float, total: float | None) -> None:
    pass


def row(found: Sequence[Found], seeds: Sequence[int]) -> dict[str, Any]:
    """Return trials as a row of results: sums of the faults, ranges of the rest."""
    tables = [asdict(one) for one in found]
    first = ("lost", "doubled", "wrong_results", "half_files", "left_processes", "failed", "done")
    names = [*first, *(name for name in tables[0] if name not in first)]
    return {
        "task": "serve/kills",
        "model": "",
        "n": found[0].jobs,
        "seconds": sum(one.seconds for one in found),
        "metrics": {name: _range([float(table[name]) for table in tables]) for name in names},
        "version": mien.__version__,
        "seeds": list(seeds),
        "command": f"python benchmarks/server_kills.py --kills {found[0].kills} --jobs {found[0].jobs} "
        f"--seeds {' '.join(map(str, seeds))}",
        "note": "Each seed is one trial: SIGKILL to the server or one of its two workers at random moments, while jobs "
        "are sent and run. Median and range of the trials.",
    }


def _range(values: list[float]) -> dict[str, float]:
    return {"value": sorted(values)[len(values) // 2], "low": min(values), "high": max(values)}


def main() -> None:
    """Run the trials."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7])
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    found = []
    for seed in given.seeds:
        with tempfile.TemporaryDirectory() as folder:
            found.append(trial(Path(folder), kills=given.kills, jobs=given.jobs, seed=seed))
        print(json.dumps({"seed": seed, **asdict(found[-1])}), flush=True)
    if given.save:
        SAVED.parent.mkdir(parents=True, exist_ok=True)
        SAVED.write_text(json.dumps([row(found, given.seeds)], indent=2) + "\n", encoding="utf-8")
    sys.exit(1 if any(one.faults for one in found) else 0)


if __name__ == "__main__":
    main()
