"""A worker: one job after the other; whatever happens to one is told, and told without our paths."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mien.io import load
from mien.serve.jobs import Job, JobOptions, JobStore
from mien.serve.jobs import worker as workers
from mien.serve.jobs.work import scrubbed
from mien.serve.jobs.worker import Worker

EXAMPLES = Path(__file__).parents[4] / "examples"


def worked(store: JobStore, analyze: str) -> Job:
    job = store.claim("w")
    assert job is not None
    Worker(store, "w", analyze=analyze).work(job)
    return store.get(job.id)


def test_result_speaks_of_the_clients_name_alone(store: JobStore, put: Any, fakes: str) -> None:
    put("quick", name="Letter.txt")
    job = worked(store, fakes)
    assert (job.state, job.done, job.total) == ("done", 1.0, 1.0)
    analysis = load(store.analysis(job.id))
    assert analysis.source.name == "Letter.txt"
    assert analysis.warnings == ("Letter.txt has a fault",)
    assert str(store.folder) not in store.analysis(job.id).read_text()


def test_error_of_the_source_is_told_without_our_paths(store: JobStore, put: Any, fakes: str) -> None:
    put("wrong", name="Letter.txt")
    job = worked(store, fakes)
    assert (job.state, job.error) == ("failed", "Letter.txt is broken, see the transcript in here")


def test_unexpected_error_is_logged_and_not_told(
    store: JobStore, put: Any, fakes: str, caplog: pytest.LogCaptureFixture
) -> None:
    put("broken")
    with caplog.at_level(logging.ERROR):
        job = worked(store, fakes)
    assert job.error == "an unexpected error stopped the analysis; the log of the server says which"
    assert "a secret of the machine" in caplog.text
    assert job.id in caplog.text


def test_deleted_job_is_left_at_its_next_sign(
    store: JobStore, put: Any, fakes: str, monkeypatch: pytest.MonkeyPatch, until: Callable[..., None]
) -> None:
    monkeypatch.setattr(workers, "BEAT", 0.02)
    put("slow")
    job = store.claim("w")
    assert job is not None
    work = threading.Thread(target=Worker(store, "w", analyze=fakes).work, args=(job,))
    work.start()
    until(lambda: store.get(job.id).done > 0)
    store.delete(job.id)
    work.join(10)
    assert not work.is_alive()
    assert store.list() == []
    assert list((store.folder / "jobs").iterdir()) == []


def test_job_deleted_right_after_it_was_claimed_is_nothing(store: JobStore, put: Any, fakes: str) -> None:
    put()
    job = store.claim("w")
    assert job is not None
    store.delete(job.id)
    Worker(store, "w", analyze=fakes).work(job)
    assert store.list() == []


@pytest.mark.parametrize("options", [JobOptions(), JobOptions(("text",)), JobOptions(open_only=True)], ids=str)
def test_real_analysis_of_a_text(store: JobStore, put: Any, options: JobOptions) -> None:
    put((EXAMPLES / "letter.txt").read_text(encoding="utf-8"), options=options)
    job = worked(store, "mien.serve.jobs.work:analyze")
    assert job.error is None
    analysis = load(store.analysis(job.id))
    assert analysis.persons == ("writer",)
    assert {track.modality for track in analysis.tracks} == {"text"}


def test_a_job_is_read_by_the_models_of_the_server_that_runs_it(store: JobStore, put: Any, mood: Path) -> None:
    """Not by those of the server that took it: a restart may have brought others."""
    put("What a day!")
    assert store.claim("w") is not None
    store.requeue_dead(["w"])
    job = store.claim("later")
    assert job is not None
    Worker(store, "later", analyze="mien.serve.jobs.work:analyze", models=[str(mood)]).work(job)
    assert [model.name for model in load(store.analysis(job.id)).models] == ["mood"]


def test_models_of_modalities_that_a_job_leaves_out_do_not_matter(store: JobStore, put: Any, mood: Path) -> None:
    put("What a day!", options=JobOptions(("speech",)))
    job = store.claim("w")
    assert job is not None
    Worker(store, "w", analyze="mien.serve.jobs.work:analyze", models=[str(mood)]).work(job)
    assert load(store.analysis(job.id)).models == ()


def test_a_model_that_went_bad_is_told_without_its_place(
    store: JobStore, put: Any, mood: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (mood / "trunk.onnx").write_bytes(b"no graph")
    put("What a day!")
    job = store.claim("w")
    assert job is not None
    Worker(store, "w", analyze="mien.serve.jobs.work:analyze", models=[str(mood)]).work(job)
    assert store.get(job.id).error == "a model of the server is missing or altered; its log says more"
    assert str(mood) in caplog.text


def test_unknown_modality_is_told(store: JobStore, put: Any) -> None:
    put(options=JobOptions(("smell",)))
    job = worked(store, "mien.serve.jobs.work:analyze")
    assert job.error == "the modality 'smell' was asked for; allowed: text, speech, face"


def test_paths_are_taken_out_of_sentences(tmp_path: Path) -> None:
    source = tmp_path / "source.ogg"
    sentence = f"{source.with_suffix('.vtt')} beside {source}, in {tmp_path}/analysis.json"
    assert scrubbed(sentence, source, "a.ogg") == "the transcript beside a.ogg, in analysis.json"


@contextmanager
def process(store: JobStore, fakes: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-P", "-m", "mien.serve.jobs.worker", str(store.folder), "--name", "w"]
    with subprocess.Popen([*command, "--analyze", fakes], stdin=subprocess.PIPE) as running:
        try:
            yield running
        finally:
            running.kill()


def test_worker_ends_at_once_when_its_server_is_gone(
    store: JobStore, put: Any, fakes: str, until: Callable[..., None]
) -> None:
    job = put("deaf")
    with process(store, fakes) as running:
        until(lambda: store.get(job.id).state == "running")
        assert running.stdin is not None
        running.stdin.close()
        assert running.wait(5) == 1
    assert store.recover() == 1


def test_worker_that_is_told_to_end_puts_its_job_back(
    store: JobStore, put: Any, fakes: str, until: Callable[..., None]
) -> None:
    job = put("slow")
    with process(store, fakes) as running:
        until(lambda: store.get(job.id).done > 0)
        running.send_signal(signal.SIGINT)  # Ctrl-C is for the server
        assert store.get(job.id).state == "running"
        running.terminate()
        assert running.wait(5) == 0
    now = store.get(job.id)
    assert (now.state, now.done, now.attempt) == ("waiting", 0, 1)
    files = [path.name for path in store.source(job.id).parent.iterdir()]
    assert files == ["source.txt"]


def test_analysis_that_hears_nothing_is_ended_with_its_process(
    store: JobStore, put: Any, fakes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(Exception):
        pass

    def end(status: int) -> None:
        over.set()
        raise Ended

    put("slow")
    job = store.claim("w")
    assert job is not None
    over = threading.Event()
    monkeypatch.setattr(workers, "BEAT", 0.01)
    monkeypatch.setattr(workers, "GRACE", 0.01)
    monkeypatch.setattr(os, "_exit", end)
    worker = Worker(store, "w", analyze=fakes)
    worker.end()
    with pytest.raises(Ended):
        worker._pulse(job, over)
    assert store.get(job.id).state == "waiting"


def test_result_fits_the_published_schema(store: JobStore, put: Any, fakes: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    from mien.io.json import schema

    put()
    job = worked(store, fakes)
    jsonschema.validate(json.loads(store.analysis(job.id).read_text()), schema())


def test_worker_that_cannot_use_the_folder_says_so_in_one_line(store: JobStore, fakes: str) -> None:
    (store.folder / "file").touch()
    command = [sys.executable, "-P", "-m", "mien.serve.jobs.worker", str(store.folder / "file"), "--name", "w"]
    with subprocess.Popen([*command, "--analyze", fakes], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.wait(20) == 1
        assert running.stderr is not None
        told = running.stderr.read().decode()
    assert told == f"worker w: the data folder {store.folder}/file cannot be used: file exists\n"
