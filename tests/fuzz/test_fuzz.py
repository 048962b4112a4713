"""Damaged files of every format: each is read, or refused in one sentence. No crash, no hang, no traceback."""

from __future__ import annotations

import selectors
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from .mutate import damaged
from .seeds import write_all

PATIENCE = 10.0
"""Seconds for one file."""
WORKER = Path(__file__).with_name("worker.py")


class Worker:
    """A process that reads files one by one; it is started anew after a crash or a hang."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def read(self, path: Path) -> str:
        """Return what came of a file: read, refused, failed, crashed or hung."""
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the worker has no pipes")
        process.stdin.write(f"{path}\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if not selector.select(PATIENCE):
                self.stop()
                return "hung"
        answer = process.stdout.readline().rstrip("\n")
        if answer:
            return answer
        status = process.wait()
        self.stop()
        return f"crashed with status {status}"

    def stop(self) -> str:
        """End the process and return what it wrote to standard error."""
        process, self._process = self._process, None
        if process is None:
            return ""
        process.kill()
        return process.communicate()[1]

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            pipe = subprocess.PIPE
            command = [sys.executable, str(WORKER)]
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, bufsize=1)
        return self._process


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    found = write_all(tmp_path_factory.mktemp("seeds"))
    assert len(found) == 20
    return found


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.stop()


def fuzz(originals: list[Path], worker: Worker, folder: Path, seeds: range) -> Counter[str]:
    counted: Counter[str] = Counter()
    bad: list[str] = []
    for seed in seeds:
        original, other = originals[seed % len(originals)], originals[seed * 7 % len(originals)]
        path = folder / f"{seed}{original.suffix}"
        path.write_bytes(damaged(original.read_bytes(), other.read_bytes(), seed))
        answer = worker.read(path)
        counted[answer.split(maxsplit=1)[0]] += 1
        if answer.split(maxsplit=1)[0] not in ("read", "refused"):
            bad.append(f"seed {seed} of {original.name}: {answer}")
        else:
            path.unlink()
    assert not bad, "\n".join(bad)
    assert worker.stop() == ""
    return counted


def test_the_files_are_read_while_they_are_whole(originals: list[Path], worker: Worker) -> None:
    assert {path.name: worker.read(path) for path in originals} == {path.name: "read" for path in originals}


def test_damaged_files(originals: list[Path], worker: Worker, tmp_path: Path) -> None:
    counted = fuzz(originals, worker, tmp_path, range(200))
    assert min(counted["read"], counted["refused"]) > 20


@pytest.mark.slow
def test_many_damaged_files(originals: list[Path], worker: Worker, tmp_path: Path) -> None:
    fuzz(originals, worker, tmp_path, range(200, 2200))
