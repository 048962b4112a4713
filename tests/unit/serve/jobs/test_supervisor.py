"""The supervisor: workers that die are replaced, and nothing is lost with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from mien.errors import OptionError, OutputError
from mien.io import load
from mien.serve.jobs import JobStore, Supervisor, post, supervisor

Until = Callable[..., None]


def over(store: JobStore, count: int) -> Callable[[], bool]:
    return lambda: store.counts()["done"] + store.counts()["failed"] == count


def test_jobs_are_worked_on_whatever_becomes_of_the_workers(
    store: JobStore, put: Any, fakes: str, until: Until, capfd: pytest.CaptureFixture[str]
) -> None:
    jobs = {text: put(text) for text in ("kill-once", "kill", "wrong", "broken", "quick")}
    running = Supervisor(store, workers=2, analyze=fakes)
    assert not running.healthy
    with running:
        assert running.healthy
        until(over(store, 5))
        states = {text: store.get(job.id).state for text, job in jobs.items()}
    assert states == {"kill-once": "done", "kill": "failed", "wrong": "failed", "broken": "failed", "quick": "done"}
    assert "ended the working process 3 times" in str(store.get(jobs["kill"].id).error)
    assert not running.healthy
    assert "a secret of the machine" in capfd.readouterr().err  # the server's log


def test_workers_are_given_the_models(store: JobStore, put: Any, fakes: str, until: Until) -> None:
    job = put("quick")
    with Supervisor(store, workers=1, analyze=fakes, models=["/models/calm", "/models/kind"]):
        until(over(store, 1))
    assert [model.name for model in load(store.analysis(job.id)).models] == ["calm", "kind"]


def test_job_that_takes_too_long_is_stopped(store: JobStore, put: Any, fakes: str, until: Until) -> None:
    slow, quick = put("deaf"), put("quick")
    with Supervisor(store, workers=1, max_seconds=0.5, analyze=fakes):
        until(over(store, 2))
    assert store.get(slow.id).error == (
        "analysing it took longer than the 0.5 seconds that a job may take, so it was stopped"
    )
    assert store.get(quick.id).state == "done"


def test_worker_without_a_sign_of_life_is_replaced(
    store: JobStore, put: Any, fakes: str, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "SILENCE", 1.0)
    job = put("slow")
    with Supervisor(store, workers=1, analyze=fakes) as running:
        until(lambda: store.get(job.id).done > 0)
        first = running._posts[0]._process
        assert first is not None
        os.kill(first.pid, signal.SIGSTOP)
        until(lambda: store.get(job.id).attempt == 2)
        assert first.poll() == -signal.SIGKILL


def test_stop_puts_jobs_back_and_leaves_no_process(store: JobStore, put: Any, fakes: str, until: Until) -> None:
    jobs = [put("slow"), put("deaf")]
    running = Supervisor(store, workers=2, analyze=fakes)
    running.start()
    running.start()
    until(lambda: store.counts()["running"] == 2)
    processes = [each._process for each in running._posts]
    running.stop(timeout=1.0)
    running.stop()
    assert all(each is not None and each.returncode is not None for each in processes)
    assert [store.get(job.id).state for job in jobs] == ["waiting", "waiting"]
    assert not [thread for thread in threading.enumerate() if thread.name == "mien-supervisor"]
    with Supervisor(store, workers=1, analyze=fakes) as again:  # the folder is free again
        assert again.healthy


def test_finished_jobs_are_deleted_in_time(tmp_path: Any, fakes: str, until: Until, monkeypatch: Any) -> None:
    monkeypatch.setattr(supervisor, "EXPIRY", 0.0)
    with JobStore(tmp_path / "data", keep=0.0) as store:
        (store.incoming / "a").write_text("quick")
        store.add("a", store.incoming / "a")
        with Supervisor(store, workers=1, analyze=fakes):
            until(lambda: not store.list())
        assert list((store.folder / "jobs").iterdir()) == []


def test_second_server_over_a_folder_is_refused(store: JobStore, put: Any, fakes: str) -> None:
    with (
        Supervisor(store, workers=1, analyze=fakes),
        pytest.raises(OutputError, match="cannot be taken: another server uses it"),
    ):
        Supervisor(store, workers=1, analyze=fakes).start()


def test_folder_is_let_go_where_the_start_fails(store: JobStore, fakes: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise OutputError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "recover", full)
        with pytest.raises(OutputError, match="the disk is full"):
            Supervisor(store, workers=1, analyze=fakes).start()
    with Supervisor(store, workers=1, analyze=fakes) as running:
        assert running.healthy


def test_watch_goes_on_after_an_error(
    store: JobStore, put: Any, fakes: str, until: Until, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    look, seen = store.running, []

    def failing_once() -> Any:
        seen.append(1)
        if len(seen) == 2:
            raise OutputError("the disk is full")
        return look()

    monkeypatch.setattr(store, "running", failing_once)
    with Supervisor(store, workers=1, analyze=fakes) as running:
        until(lambda: len(seen) > 3)
        assert running.healthy
    assert "the disk is full" in caplog.text


def test_workers_that_keep_dying_are_started_ever_later(store: JobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(post.time, "monotonic", lambda: now[0])
    started: list[float] = []

    class Dead(subprocess.Popen[bytes]):
        def __init__(self, command: list[str], **options: Any) -> None:
            started.append(now[0])
            super().__init__([sys.executable, "-c", ""], **options)

    monkeypatch.setattr(post.subprocess, "Popen", Dead)
    place = post.Post(store.folder, "nothing:here")
    for _ in range(600):
        place.fill()
        if not place.vacant:
            place.bury()
        now[0] += 0.25
    pauses = [after - before for before, after in pairwise(started)]
    assert pauses[:6] == [0.25, 1.0, 2.0, 4.0, 8.0, 16.0]
    assert max(pauses) <= 30.0


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"max_seconds": 0.0}])
def test_wrong_numbers_are_refused(store: JobStore, wrong: Any) -> None:
    with pytest.raises(
        OptionError, match=r"0 workers were asked for; allowed: 1 and more|a job was given 0\.0 seconds"
    ):
        Supervisor(store, **wrong)
