"""Measure streams on loopback: how soon partial answers come with many at once, and what idle and vanishing ones cost.

    python benchmarks/streams.py --streams 40 --seconds 60 --connected 200 [--save]

The server is `mien serve` in a process of its own; this process is all the clients. Each client sends the dialogue of
examples/, begun at a place of its own, in pieces of 100 ms in real time. The latency of a partial answer runs from the
sending of the piece that holds the end of its span to its arrival. With `--save`, what was found is also written to
results/serve/streams.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from websockets.asyncio.client import ClientConnection, connect

import mien
from mien.io import open_media, sounds

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "results" / "serve" / "streams.json"
RATE, CHUNK = 16_000, 0.1
HELLO = {"type": "hello", "version": 1, "modalities": ["speech"], "audio": {"encoding": "pcm16", "rate": RATE}}
PING_EVERY = 10.0


@dataclass
class Heard:
    """What one stream was answered."""

    latencies: list[float] = field(default_factory=list)
    finals: int = 0
    dropped: int = 0
    ended: bool = False


def dialogue() -> np.ndarray:
    """The dialogue as sixteen-bit samples."""
    recording: Any = open_media(ROOT / "examples" / "dialogue.ogg")
    whole = np.concatenate([piece.audio.samples[0] for piece in sounds(recording, rate=RATE)])
    return np.round(np.clip(whole, -1, 1) * 32767).astype("<i2")


@contextmanager
def server() -> Iterator[tuple[str, psutil.Process]]:
    """Run `mien serve`; yields the address of its streams and its process."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-c", "from mien.cli import main; main()", "serve", "--port", "0", "--no-browser"]
        process = subprocess.Popen(
            [*command, "--data", data, "--workers", "1"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            yield _address(process), psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(20)


def _address(process: subprocess.Popen[str]) -> str:
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        found = re.search(r"http://(127\.0\.0\.1:\d+)", line)
        if found:
            return f"ws://{found[1]}/v1/stream"
    raise SystemExit(f"mien serve did not begin: {''.join(lines)}")


@asynccontextmanager
async def greeted(address: str) -> AsyncIterator[ClientConnection]:
    """A client whose stream is ready."""
    async with connect(address, subprotocols=["mien.v1"], max_size=None, proxy=None, compression=None) as client:  # type: ignore[list-item]
        await client.send(json.dumps(HELLO))
        ready = json.loads(await client.recv())
        if ready["type"] != "ready":
            raise SystemExit(f"a stream was refused: {ready}")
        yield client


async def speak(address: str, samples: np.ndarray, seconds: float, begin: float) -> Heard:
    """Send sound in real time from a moment on, and time the answers."""
    heard, sent = Heard(), []
    size = round(CHUNK * RATE)
    async with greeted(address) as client:
        listening = asyncio.create_task(_listen(client, heard, sent))
        for number in range(round(seconds / CHUNK)):
            await asyncio.sleep(max(0.0, begin + (number + 1) * CHUNK - time.monotonic()))
            place = number * size % (len(samples) - size)
            piece = samples[place : place + size]
            sent.append(time.monotonic())
            await client.send(struct.pack("<Bd", 1, number * CHUNK) + piece.tobytes())
        await client.send(json.dumps({"type": "end"}))
        await asyncio.wait_for(listening, 120)
    return heard


async def _listen(client: ClientConnection, heard: Heard, sent: list[float]) -> None:
    async for told in client:
        now, message = time.monotonic(), json.loads(told)
        if message["type"] == "affect" and message["modality"] == "speech":
            if message["final"]:
                heard.finals += 1
                continue
            piece = min(len(sent) - 1, int((message["affect"]["span"]["end"] - 1e-6) / CHUNK))
            heard.latencies.append(now - sent[piece])
        elif message["type"] == "dropped":
            heard.dropped += message["count"]
        elif message["type"] == "analysis":
            heard.ended = True


async def crowd(address: str, streams: int, seconds: float) -> list[Heard]:
    """Many streams at once, each with its own place in the dialogue."""
    samples = dialogue()
    begin = time.monotonic() + 3.0
    speakers = [
        speak(
            address, np.roll(samples, -number * len(samples) // streams), seconds, begin + number * CHUNK / streams * 5
        )
        for number in range(streams)
    ]
    return list(await asyncio.gather(*speakers))


async def idle(address: str, until: float) -> None:
    """Stay connected and say nothing but that one is there."""
    async with greeted(address) as client:
        while (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(PING_EVERY, left))
            await client.send(json.dumps({"type": "ping"}))


async def vanish(address: str, until: float, samples: np.ndarray) -> int:
    """Come, speak for two seconds and vanish without a word, again and again."""
    times = 0
    while time.monotonic() < until:
        async with greeted(address) as client:
            for number in range(20):
                piece = samples[number * 1600 : (number + 1) * 1600]
                await client.send(struct.pack("<Bd", 1, number * CHUNK) + piece.tobytes())
                await asyncio.sleep(CHUNK)
            client.transport.abort()
        times += 1
    return times


async def connected(address: str, count: int, seconds: float, process: psutil.Process) -> tuple[int, list[float]]:
    """Many connected clients, one in ten of them vanishing again and again; returns how often, and the memory."""
    samples = dialogue()
    until = time.monotonic() + seconds
    vanishing = [vanish(address, until, samples) for _ in range(count // 10)]
    resting = [idle(address, until) for _ in range(count - len(vanishing))]
    watching = asyncio.create_task(_watch(process, until))
    times = await asyncio.gather(*vanishing, *resting)
    return sum(number or 0 for number in times), await watching


async def _watch(process: psutil.Process, until: float) -> list[float]:
    memory = []
    while time.monotonic() < until:
        memory.append(process.memory_info().rss / 1e6)
        await asyncio.sleep(2.0)
    return memory


def figures(heard: list[Heard]) -> dict[str, float]:
    """Percentiles of the latencies of all streams, and how many answers there were."""
    every = sorted(latency for one in heard for latency in one.latencies)
    ranks = statistics.quantiles(every, n=100, method="inclusive")
    return {
        "latency_p50_seconds": round(ranks[49], 3),
        "latency_p95_seconds": round(ranks[94], 3),
        "latency_p99_seconds": round(ranks[98], 3),
        "latency_max_seconds": round(every[-1], 3),
        "partial_answers": len(every),
        "final_answers": sum(one.finals for one in heard),
        "dropped": sum(one.dropped for one in heard),
    }


def measure(streams: int, seconds: float) -> dict[str, Any]:
    """Measure the latency of so many streams at once."""
    with server() as (address, process):
        asyncio.run(crowd(address, 2, 3.0))  # the models are read from disk when the first stream begins
        before, begun = _processor(process), time.monotonic()
        heard = asyncio.run(crowd(address, streams, seconds))
        spent, took = _processor(process) - before, time.monotonic() - begun
    if not all(one.ended for one in heard):
        raise SystemExit("not every stream came to its analysis")
    metrics = {**figures(heard), "server_processors": round(spent / took, 2)}
    note = f"{streams} streams of speech in real time on {psutil.cpu_count()} cores, clients on the same machine."
    return _row(f"serve/streams-{streams}", streams, took, metrics, note)


def measure_connected(count: int, seconds: float) -> dict[str, Any]:
    """Measure the memory of so many connected clients."""
    with server() as (address, process):
        asyncio.run(crowd(address, 2, 3.0))
        begun = time.monotonic()
        times, memory = asyncio.run(connected(address, count, seconds, process))
        took = time.monotonic() - begun
    third = len(memory) // 3
    early, late = statistics.median(memory[third : 2 * third]), statistics.median(memory[2 * third :])
    metrics = {
        "vanished": times,
        "memory_second_third_megabytes": round(early, 1),
        "memory_last_third_megabytes": round(late, 1),
        "memory_growth_megabytes": round(late - early, 1),
    }
    note = (
        f"{count} clients connected at a time, one in ten of them speaking for 2 s and vanishing without a word, again "
        "and again; median memory of the server in the second and in the last third of the run."
    )
    return _row(f"serve/connected-{count}", count, took, metrics, note)


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _row(task: str, n: int, seconds: float, metrics: dict[str, float], note: str) -> dict[str, Any]:
    command = f"python benchmarks/streams.py {' '.join(word for word in sys.argv[1:] if word != '--save')}"
    return {
        "task": task,
        "model": "speech-base",
        "n": n,
        "seconds": round(seconds, 1),
        "metrics": metrics,
        "version": mien.__version__,
        "command": command.strip(),
        "note": note,
        "seeds": [],
    }


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Measure streams on loopback.")
    parser.add_argument("--streams", type=int, default=40, help="0 leaves this part out")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--connected", type=int, default=0, help="also measure the memory of so many clients")
    parser.add_argument("--save", action="store_true", help="also write results/serve/streams.json")
    given = parser.parse_args()
    rows = []
    if given.streams:
        rows.append(measure(given.streams, given.seconds))
    if given.connected:
        rows.append(measure_connected(given.connected, given.seconds))
    for row in rows:
        print(json.dumps(row), flush=True)
    if given.save:
        save(rows)


def save(rows: list[dict[str, Any]]) -> None:
    """Write what was found in place of earlier figures of the same names."""
    SAVED.parent.mkdir(parents=True, exist_ok=True)
    found = {row["task"] for row in rows}
    kept = json.loads(SAVED.read_text(encoding="utf-8")) if SAVED.is_file() else []
    every = [*(row for row in kept if row["task"] not in found), *rows]
    SAVED.write_text(json.dumps(every, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
