"""The store of jobs: whole or not at all, finished once, forgotten wholly."""

from __future__ import annotations

import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from mien.errors import OptionError, OutputError, UnknownNameError
from mien.serve.jobs import Job, JobOptions, JobStore, UnknownJobError
from mien.serve.jobs import folder as folders


def inside(store: JobStore) -> set[str]:
    """The files and folders of jobs, and uploads."""
    return {
        str(path.relative_to(store.folder))
        for path in store.folder.rglob("*")
        if "/" in str(path.relative_to(store.folder))
    }


def test_added_job_waits_with_its_files(store: JobStore) -> None:
    source, words = store.incoming / "a", store.incoming / "b.SRT"
    source.write_bytes(b"sound"), words.write_bytes(b"words")
    options = JobOptions(("speech", "text"), open_only=True)
    job = store.add("My clip.MP4", source, options, kind="video", transcript=words)
    assert (job.name, job.kind, job.state, job.done, job.total, job.options) == (
        "My clip.MP4",
        "video",
        "waiting",
        0,
        None,
        options,
    )
    assert store.get(job.id) == job
    assert store.source(job.id) == store.folder / "jobs" / job.id / "source.mp4"
    assert store.source(job.id).read_bytes() == b"sound"
    assert store.source(job.id).with_suffix(".srt").read_bytes() == b"words"
    assert not list(store.incoming.iterdir())
    assert len(job.id) == 16


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/abs/x.mp4/../../y", "x.mp4\0.txt", "a.php", "..", "", "\ud800.wav", "CON.txt", "x" * 5000],
)
def test_name_never_enters_a_path(store: JobStore, put: Any, name: str) -> None:
    job = put(name=name)
    assert store.source(job.id).parent == store.folder / "jobs" / job.id
    assert store.source(job.id).name in {"source", "source.wav", "source.txt"}
    assert 0 < len(job.name) <= 255
    assert job.name.isprintable()


def test_folder_is_its_owners_alone(store: JobStore, put: Any) -> None:
    job = put()
    for path in (store.folder, store.incoming, store.folder / "jobs", store.folder / "jobs" / job.id):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    assert stat.S_IMODE((store.folder / "jobs.db").stat().st_mode) == 0o600


def test_jobs_outlive_the_store(store: JobStore, put: Any) -> None:
    job = put()
    with JobStore(store.folder) as other:
        assert other.get(job.id) == job


def test_list_goes_back_in_time_by_pages(store: JobStore, put: Any) -> None:
    jobs = [put(name=f"{number}.txt") for number in range(5)]
    assert [job.name for job in store.list(limit=2)] == ["4.txt", "3.txt"]
    assert [job.name for job in store.list(limit=9, before=jobs[3].id)] == ["2.txt", "1.txt", "0.txt"]
    assert store.list(limit=0) == []


def test_unknown_id_names_no_other(store: JobStore, put: Any) -> None:
    job = put()
    for look in (store.get, store.source, store.analysis, store.delete, lambda name: store.list(before=name)):
        with pytest.raises(UnknownJobError, match=r"no job has the id 'nobody': it was deleted") as caught:
            look("nobody")
        assert isinstance(caught.value, UnknownNameError)
        assert job.id not in str(caught.value)


def test_oldest_job_is_claimed_first_and_once(store: JobStore, put: Any) -> None:
    jobs = [put() for _ in range(3)]
    claimed = [store.claim(f"w{number}") for number in range(4)]
    assert [job.id if job else None for job in claimed] == [*(job.id for job in jobs), None]
    assert claimed[0] is not None
    assert (claimed[0].state, claimed[0].attempt) == ("running", 1)
    assert claimed[0].started is not None
    assert set(store.running()) == {"w0", "w1", "w2"}


def test_many_claim_and_none_twice(store: JobStore, put: Any) -> None:
    jobs = {put().id for _ in range(40)}
    got: list[str] = []

    def work(name: str) -> None:
        with JobStore(store.folder) as mine:
            while (job := mine.claim(name)) is not None:
                got.append(job.id)
                mine.finish(job, "{}")

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(jobs)
    assert store.counts() == {"waiting": 0, "running": 0, "done": 40, "failed": 0}


def test_finished_job_has_its_result(store: JobStore, put: Any) -> None:
    put()
    job = claimed(store)
    with pytest.raises(
        OptionError, match="the analysis of a job that is running was asked for; it is there once it is done"
    ):
        store.analysis(job.id)
    assert store.report(job, 2.0, 4.0)
    assert (store.get(job.id).done, store.get(job.id).total) == (2.0, 4.0)
    assert store.finish(job, '{"all": "well"}')
    now = store.get(job.id)
    assert (now.state, now.done, now.total, now.error, now.over) == ("done", 4.0, 4.0, None, True)
    assert now.finished is not None
    assert now.expires == now.finished + 86400
    assert store.analysis(job.id).read_text() == '{"all": "well"}'
    assert inside(store) == {"jobs/" + job.id, f"jobs/{job.id}/source.txt", f"jobs/{job.id}/analysis.json"}


def test_failed_job_says_why(store: JobStore, put: Any) -> None:
    put()
    job = claimed(store)
    assert store.fail(job, "it is broken")
    assert (store.get(job.id).state, store.get(job.id).error) == ("failed", "it is broken")
    assert not store.finish(job, "{}")
    assert not store.fail(job, "again")


def test_worker_that_was_given_up_changes_nothing(store: JobStore, put: Any) -> None:
    put()
    first = claimed(store, "w1")
    assert store.requeue_dead(["w1", "w9"]) == 1
    second = claimed(store, "w2")
    assert second.attempt == 2
    for late in (first, first):
        assert not store.report(late, 1.0, 1.0)
        assert not store.finish(late, "late")
        assert not store.fail(late, "late")
        assert not store.release(late)
    assert store.finish(second, "good")
    assert not store.finish(first, "late")
    assert store.analysis(first.id).read_text() == "good"
    assert len(inside(store)) == 3


def test_deleted_job_leaves_nothing_even_while_it_runs(store: JobStore, put: Any) -> None:
    put(name="secret-name.txt", text="secret words")
    job = claimed(store)
    store.delete(job.id)
    assert not store.finish(job, "secret result")
    assert not store.report(job, 1.0, 1.0)
    assert inside(store) == set()
    for path in store.folder.iterdir():
        assert path.is_dir() or b"secret" not in path.read_bytes(), path
    with pytest.raises(UnknownJobError):
        store.get(job.id)


def test_result_appears_with_its_row_or_not_at_all(store: JobStore, put: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put()
    job = claimed(store)

    def fail(*given: Any) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr(folders.DataFolder, "publish", fail)
    with pytest.raises(OutputError, match="the disk is full"):
        store.finish(job, "{}")
    assert store.get(job.id).state == "running"
    assert inside(store) == {"jobs/" + job.id, f"jobs/{job.id}/source.txt"}


def test_result_that_cannot_be_written_is_told(store: JobStore, put: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put()
    job = claimed(store)

    def full(*given: Any) -> None:
        raise OutputError("no space left on device")

    monkeypatch.setattr(folders, "save_text", full)
    with pytest.raises(OutputError, match="no space left on device"):
        store.finish(job, "{}")


def test_job_that_is_released_keeps_its_place(store: JobStore, put: Any) -> None:
    jobs = [put(), put()]
    assert store.release(claimed(store))
    assert claimed(store).id == jobs[0].id
    assert store.requeue_dead(["w"], blame=False) == 1
    assert claimed(store).id == jobs[0].id


def test_job_of_a_dead_worker_goes_to_the_end_and_is_given_up_the_third_time(store: JobStore, put: Any) -> None:
    jobs = [put(), put()]
    assert claimed(store).id == jobs[0].id
    store.requeue_dead(["w"])
    assert claimed(store).id == jobs[1].id
    store.finish(store.running()["w"].job, "{}")
    for _ in range(2):
        assert store.get(jobs[0].id).state == "waiting"
        claimed(store)
        store.requeue_dead(["w"])
    now = store.get(jobs[0].id)
    assert (now.state, now.error) == (
        "failed",
        "analysing it ended the working process 3 times, so it was given up; it may need more memory than there is",
    )
    assert now.expires is not None


def test_requeue_of_nobody_is_nothing(store: JobStore, put: Any) -> None:
    put()
    claimed(store)
    assert store.requeue_dead([]) == 0
    assert store.counts()["running"] == 1


def test_next_start_runs_all_again_and_removes_what_is_half(store: JobStore, put: Any) -> None:
    done, running, waiting = put(), put(), put()
    store.finish(claimed(store), "{}")
    claimed(store)
    (store.incoming / "half an upload").write_bytes(b"x")
    orphan = store.folder / "jobs" / "never-committed"
    orphan.mkdir()
    (orphan / "source.mp4").write_bytes(b"x")
    (store.folder / "jobs" / running.id / ".1-analysis.json").write_bytes(b"{")
    (store.folder / "jobs" / done.id / ".mien-0.tmp").write_bytes(b"{")
    assert store.recover() == 1
    assert store.counts() == {"waiting": 2, "running": 0, "done": 1, "failed": 0}
    kept = {f"jobs/{job.id}{file}" for job in (done, running, waiting) for file in ("", "/source.txt")}
    assert inside(store) == kept | {f"jobs/{done.id}/analysis.json"}


def test_server_that_ends_with_a_job_ten_times_gives_it_up(store: JobStore, put: Any) -> None:
    job = put()
    for _ in range(10):
        assert store.get(job.id).state == "waiting"
        claimed(store)
        store.recover()
    assert store.get(job.id).error == "the server ended 10 times while it was analysed, so it was given up"


def test_failed_addition_leaves_nothing(store: JobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutputError, match="the upload cannot be kept: no such file or directory"):
        store.add("a.txt", store.incoming / "missing")
    source = store.incoming / "there"
    source.write_bytes(b"x")
    store.close()
    with pytest.raises(OutputError, match="the database of jobs cannot be used: "):
        store.add("a.txt", source)
    assert inside(store) == set()


def test_finished_jobs_expire(tmp_path: Path) -> None:
    with JobStore(tmp_path / "data", keep=100) as store:
        for name in ("done", "failed", "running", "waiting"):
            (store.incoming / name).write_text(name)
            store.add(name, store.incoming / name)
        first, second = claimed(store), claimed(store, "w2")
        store.finish(first, "{}"), store.fail(second, "no")
        claimed(store, "w3")
        expires = store.get(first.id).expires
        assert expires is not None
        assert store.expire() == 0
        assert store.expire(expires - 0.1) == 0
        assert store.expire(expires + 10) == 2
        assert {job.name for job in store.list()} == {"running", "waiting"}
        assert len(list((store.folder / "jobs").iterdir())) == 2


def test_nothing_expires_where_it_is_kept_for_ever(tmp_path: Path) -> None:
    with JobStore(tmp_path / "data", keep=None) as store:
        (store.incoming / "a").write_text("a")
        store.add("a", store.incoming / "a")
        job = claimed(store)
        store.finish(job, "{}")
        assert store.get(job.id).expires is None
        assert store.expire(1e18) == 0


@pytest.mark.parametrize("keep", [-1.0, float("nan")])
def test_wrong_retention_is_refused(tmp_path: Path, keep: float) -> None:
    with pytest.raises(OptionError, match=f"results were to be kept for {keep} seconds; allowed: 0 and more, or None"):
        JobStore(tmp_path / "data", keep=keep)


def claimed(store: JobStore, worker: str = "w") -> Job:
    job = store.claim(worker)
    assert job is not None
    return job
