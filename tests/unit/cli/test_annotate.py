"""``mien annotate`` as a user has it: killed at any moment, started again, on processes and on Ray."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from mien.cli.main import run

pytest.importorskip("pyarrow", reason="the extra tables is not installed")

MIEN = [sys.executable, "-c", "from mien.cli import main; main()", "annotate"]
LINES = ("I am so glad.", "This is awful!", "What a surprise...", "Good morning.", "I miss you.")
N_FILES = 30
PATIENCE = 120.0
"""Seconds that a run may take to come to where a test waits for it, on a machine that does other things too."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for number in range(N_FILES):
        text = "\n".join(f"{LINES[(number + place) % 5]} Line {place} of {number}." for place in range(5))
        (folder / f"{number:02}.txt").write_text(text)
    (folder / "bad.txt").write_text("")
    return folder


@pytest.fixture(scope="module")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of a run that nothing disturbed, on one worker."""
    out = tmp_path_factory.mktemp("whole")
    done = subprocess.run([*_command(corpus, out), "--workers", "1"], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert f"{N_FILES + 1} of {N_FILES + 1} files" in done.stderr
    assert "1 could not be read; the reasons are in" in done.stderr
    return content(out)


def content(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.parquet"))}


def _command(corpus: Path, out: Path) -> list[str]:
    return [*MIEN, str(corpus), "--out", str(out), "--shard-size", "2", "--modalities", "text"]


def _done(out: Path) -> int:
    manifest = out / "manifest.jsonl"
    return len(manifest.read_text().splitlines()) if manifest.exists() else 0


def _wait(until: Callable[[], bool], process: psutil.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def _running(command: list[str], **environment: str) -> Iterator[psutil.Popen]:
    process = psutil.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env={**os.environ, **environment}
    )
    try:
        yield process
    finally:
        for left in [*process.children(recursive=True), process] if process.is_running() else []:
            left.kill()
        process.wait()
        process.stderr.close()


def _workers(process: psutil.Popen, sign: str) -> list[psutil.Process]:
    return [child for child in process.children(recursive=True) if sign in _line(child)]


def _line(process: psutil.Process) -> str:
    try:
        return " ".join([process.name(), *process.cmdline()])
    except psutil.Error:
        return ""


def test_a_killed_worker_changes_nothing(corpus: Path, tmp_path: Path, whole: dict[str, bytes]) -> None:
    with _running([*_command(corpus, tmp_path), "--workers", "2"]) as process:
        _wait(lambda: _done(tmp_path) >= 4, process)
        _workers(process, "spawn_main")[0].kill()
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2, said
    assert content(tmp_path) == whole


def test_a_killed_run_goes_on(corpus: Path, tmp_path: Path, whole: dict[str, bytes]) -> None:
    for least in (2, 6):
        with _running([*_command(corpus, tmp_path), "--workers", "2"]) as process:
            _wait(lambda least=least: _done(tmp_path) >= least, process)  # type: ignore[misc]
            workers = _workers(process, "spawn_main")
            process.kill()
            process.wait()
            assert not psutil.wait_procs(workers, timeout=20)[1]
    assert 6 <= _done(tmp_path) <= N_FILES / 2
    done = subprocess.run(_command(corpus, tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "shards were done before; going on" in done.stderr
    assert content(tmp_path) == whole


def test_an_interrupted_run_says_how_to_go_on(corpus: Path, tmp_path: Path, whole: dict[str, bytes]) -> None:
    with _running([*_command(corpus, tmp_path), "--workers", "1"]) as process:
        _wait(lambda: _done(tmp_path) >= 1, process)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert f"of {N_FILES + 1} files; the same command goes on from here" in " ".join(said.split())
    assert "Traceback" not in said
    subprocess.run(_command(corpus, tmp_path), capture_output=True, check=False)
    assert content(tmp_path) == whole


@pytest.mark.slow
def test_ray_gives_the_same_rows_with_a_worker_killed(corpus: Path, tmp_path: Path, whole: dict[str, bytes]) -> None:
    pytest.importorskip("ray", reason="the extra cluster is not installed")
    with _running([*_command(corpus, tmp_path), "--engine", "ray", "--workers", "2"]) as process:
        _wait(lambda: _done(tmp_path) >= 4, process)
        _workers(process, "ray::MapWorker")[0].kill()
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2, said
    assert "Traceback" not in said
    assert content(tmp_path) == whole


@pytest.mark.slow
def test_a_cluster_by_its_address_gives_the_same_rows(corpus: Path, tmp_path: Path, whole: dict[str, bytes]) -> None:
    pytest.importorskip("ray", reason="the extra cluster is not installed")
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        port = plug.getsockname()[1]
    own = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32), "RAY_USAGE_STATS_ENABLED": "0"}
    head = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", "--port", str(port)]
    head += ["--num-cpus", "2", "--include-dashboard=false", "--object-store-memory", "100000000"]
    head += ["--min-worker-port", "0", "--max-worker-port", "0"]
    command = [*_command(corpus, tmp_path / "out"), "--engine", "ray", "--address", f"127.0.0.1:{port}"]
    with _running(head, **own) as cluster:
        _wait(lambda: _listens(port), cluster)
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **own})
        assert done.returncode == 2, done.stderr
        assert content(tmp_path / "out") == whole
        other = {**own, "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        done = subprocess.run(
            [*command, "--fresh"], capture_output=True, text=True, check=False, env={**os.environ, **other}
        )
        assert "and its token in RAY_AUTH_TOKEN if it asks for one" in done.stderr


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_wrong_use_is_one_sentence(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {
        "nowhere does not exist; give a file or a folder that does": [str(tmp_path / "nowhere")],
        "the modality 'smell' was asked for; allowed: text, speech, face": [str(corpus), "--modalities", "smell"],
        "0 workers were asked for; allowed: 1 or more": [str(corpus), "--workers", "0"],
        "a shard size of 0 was given; allowed: 1 or more files": [str(corpus), "--shard-size", "0"],
        "the address '1.2.3.4:5' was given to the local engine": [str(corpus), "--address", "1.2.3.4:5"],
    }
    for said, arguments in wrong.items():
        assert run(["annotate", *arguments, "--out", str(tmp_path / "out")]) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1


def test_a_folder_that_cannot_be_made(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run(["annotate", str(corpus), "--out", str(tmp_path / "file" / "out")]) == 2
    assert f"the folder {os.fspath(tmp_path / 'file' / 'out')} cannot be made" in capsys.readouterr().err
