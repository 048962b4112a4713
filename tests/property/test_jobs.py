"""Laws of the store of jobs, whatever happens in whatever order: every job is in one state, finished at most once."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from mien.serve.jobs import Job, JobStore, UnknownJobError

WORKERS = st.sampled_from(["w1", "w2", "w3"])
KEEP = 1000.0


class Jobs(RuleBasedStateMachine):
    """Clients, workers and servers that come and go over one folder; a plain model beside says what must be so."""

    jobs = Bundle("jobs")
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="mien-jobs-"))
        self.store = JobStore(self.folder, keep=KEEP)
        self.alive: set[str] = set()
        self.holders: dict[str, tuple[str, int]] = {}
        self.results: dict[str, str] = {}
        self.failed: set[str] = set()
        self.blows: dict[str, list[int]] = {}

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(target=jobs)
    def add(self) -> str:
        source = self.store.incoming / secrets.token_hex(4)
        source.write_text("words")
        job = self.store.add("a.txt", source)
        self.alive.add(job.id)
        self.blows[job.id] = [0, 0]
        return job.id

    @rule(target=claims, worker=WORKERS)
    def claim(self, worker: str) -> Job | None:
        job = self.store.claim(worker)
        waiting = self.alive - set(self.holders) - set(self.results) - self.failed
        assert (job is not None) == bool(waiting)
        if job is not None:
            assert job.id in waiting
            self.holders[job.id] = (worker, job.attempt)
        return job

    @rule(job=claims)
    def report(self, job: Job | None) -> None:
        if job is not None:
            assert self.store.report(job, 1.0, 2.0) == self._holds(job)

    @rule(job=claims)
    def finish(self, job: Job | None) -> None:
        if job is None:
            return
        held = self._holds(job)
        assert self.store.finish(job, f"result of attempt {job.attempt}") == held
        if held:
            del self.holders[job.id]
            self.results[job.id] = f"result of attempt {job.attempt}"

    @rule(job=claims)
    def fail(self, job: Job | None) -> None:
        if job is None:
            return
        held = self._holds(job)
        assert self.store.fail(job, "it is broken") == held
        if held:
            del self.holders[job.id]
            self.failed.add(job.id)

    @rule(job=claims)
    def release(self, job: Job | None) -> None:
        if job is None:
            return
        held = self._holds(job)
        assert self.store.release(job) == held
        if held:
            del self.holders[job.id]

    @rule(worker=WORKERS)
    def worker_dies(self, worker: str) -> None:
        hit = [job for job, (holder, _) in self.holders.items() if holder == worker]
        assert self.store.requeue_dead([worker]) == len(hit)
        self._struck(hit, 0, 3)

    @rule()
    def server_dies(self) -> None:
        (self.store.incoming / "half").write_text("half")
        self.store.close()
        self.store = JobStore(self.folder, keep=KEEP)
        hit = list(self.holders)
        assert self.store.recover() == len(hit)
        self._struck(hit, 1, 10)
        assert not list(self.store.incoming.iterdir())

    @rule(job=consumes(jobs))
    def delete(self, job: str) -> None:
        if job not in self.alive:
            return
        self.store.delete(job)
        self._forget(job)

    @rule()
    def expire(self) -> None:
        over = {*self.results, *self.failed}
        assert self.store.expire(now=4e9) == len(over)
        for job in over:
            self._forget(job)

    @invariant()
    def states_are_those_of_the_model(self) -> None:
        counts = self.store.counts()
        assert counts["running"] == len(self.holders)
        assert counts["done"] == len(self.results)
        assert counts["failed"] == len(self.failed)
        assert sum(counts.values()) == len(self.alive) == len(self.store.list())
        for job, result in self.results.items():
            assert self.store.analysis(job).read_text() == result

    @invariant()
    def files_are_those_of_the_jobs(self) -> None:
        found = {str(path.relative_to(self.folder / "jobs")) for path in (self.folder / "jobs").rglob("*")}
        sources = {f"{job}{file}" for job in self.alive for file in ("", "/source.txt")}
        assert found == sources | {f"{job}/analysis.json" for job in self.results}

    def _holds(self, job: Job) -> bool:
        held = self.holders.get(job.id)
        return held is not None and held[1] == job.attempt

    def _struck(self, jobs: list[str], kind: int, most: int) -> None:
        for job in jobs:
            del self.holders[job]
            self.blows[job][kind] += 1
            if self.blows[job][kind] >= most:
                self.failed.add(job)

    def _forget(self, job: str) -> None:
        self.alive.discard(job)
        self.holders.pop(job, None)
        self.results.pop(job, None)
        self.failed.discard(job)
        try:
            self.store.get(job)
        except UnknownJobError:
            return
        raise AssertionError("a deleted job is still there")


class TestJobs(Jobs.TestCase):  # type: ignore[misc,name-defined]
    settings = settings(
        max_examples=80, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
