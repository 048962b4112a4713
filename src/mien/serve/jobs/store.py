"""The store of jobs: what waits, runs, is done or failed, kept through every crash.

A job is added when its files lie in its folder and its row is committed, in this order; a crash between leaves a
folder without a row, which the next start removes. A result is written under a temporary name, and takes its own name
within the transaction that marks the job as done, so that it is done exactly when the result is there.

Each time a worker claims a job, the number of its attempt grows; only the attempt that is current may report or
finish. A worker that was given up but still runs can therefore change nothing.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import Self

from mien.errors import OptionError
from mien.serve.jobs.database import Database
from mien.serve.jobs.folder import DataFolder
from mien.serve.jobs.job import STATES, Hold, Job, JobOptions, State, UnknownJobError
from mien.serve.jobs.rows import HELD, dumped, held, job_from, plain

__all__ = ["DAY", "JobStore"]

DAY = 86400.0
MOST_CRASHES = 3
MOST_OUTAGES = 10
GIVEN_UP = {
    "crashes": (
        MOST_CRASHES,
        f"analysing it ended the working process {MOST_CRASHES} times, so it was given up; "
        "it may need more memory than there is",
    ),
    "outages": (MOST_OUTAGES, f"the server ended {MOST_OUTAGES} times while it was analysed, so it was given up"),
}
"""How often a job may be cut off, and what is said then."""
FREE = "state = 'waiting', worker = NULL, done = 0, total = NULL"
Jobs = list[Job]


class JobStore:
    """The jobs of a data folder; many threads and processes may use it at once.

    Args:
        folder: Where the database and the files lie; made if it is not there, readable by its owner alone.
        keep: Seconds for which a finished job is kept; ``None`` is for ever.

    Raises:
        OptionError: ``keep`` is negative.
        OutputError: The folder cannot be used, holds something else, or was written by a newer mien.
    """

    def __init__(self, folder: str | Path, *, keep: float | None = DAY) -> None:
        if keep is not None and not keep >= 0:
            raise OptionError(f"results were to be kept for {keep} seconds; allowed: 0 and more, or None for ever")
        self.keep = keep
        self._files = DataFolder(Path(folder).absolute())
        self._database = Database(self._files.database)

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._files.path

    @property
    def incoming(self) -> Path:
        """Where uploads are written before they are added; on the same file system as the jobs."""
        return self._files.incoming

    def add(
        self,
        name: str,
        source: Path,
        options: JobOptions | None = None,
        *,
        kind: str | None = None,
        transcript: Path | None = None,
    ) -> Job:
        """Add a job that waits for a worker.

        Args:
            name: What the client calls the source.
            source: A finished file in `incoming`; it is moved.
            options: What is asked for.
            kind: What the source is, where it is known.
            transcript: Words that belong to a recording, a finished file in `incoming` too.

        Raises:
            OutputError: The files cannot be moved.
        """
        job, now = secrets.token_urlsafe(12), time.time()
        file = self._files.take_in(job, source, PurePosixPath(name).suffix, transcript)
        try:
            row = self._database.rows(
                "INSERT INTO jobs (id, name, kind, file, options, created, queued) VALUES (?, ?, ?, ?, ?, ?, ?) "
                "RETURNING *",
                (job, plain(name), kind, file, dumped(options or JobOptions()), now, now),
            )[0]
        except BaseException:
            self._files.discard(job)
            raise
        return job_from(row, self.keep)

    def get(self, id: str) -> Job:  # noqa: A002 - as the client says it
        """Return a job as it stands now.

        Raises:
            UnknownJobError: No job has the id.
        """
        return job_from(self._row(id), self.keep)

    def list(self, *, limit: int = 100, before: str | None = None) -> Jobs:
        """Return jobs, the newest first.

        Args:
            limit: How many at most.
            before: The id of a job; only older ones are returned.

        Raises:
            UnknownJobError: No job has the id ``before``.
        """
        last = self._row(before)["number"] if before is not None else None
        query = "SELECT * FROM jobs WHERE ? IS NULL OR number < ? ORDER BY number DESC LIMIT ?"
        return [job_from(row, self.keep) for row in self._database.rows(query, (last, last, max(0, limit)))]

    def counts(self) -> Mapping[State, int]:
        """Return how many jobs are in each state."""
        rows = self._database.rows("SELECT state, count(*) AS n FROM jobs GROUP BY state")
        found = {row["state"]: int(row["n"]) for row in rows}
        return {state: found.get(state, 0) for state in STATES}

    def source(self, id: str) -> Path:  # noqa: A002
        """Return the path of what is to be analysed.

        Raises:
            UnknownJobError: No job has the id.
        """
        row = self._row(id)
        return self._files.place(row["id"]) / str(row["file"])

    def analysis(self, id: str) -> Path:  # noqa: A002
        """Return the path of the result, as JSON.

        Raises:
            UnknownJobError: No job has the id.
            OptionError: The job is not done.
        """
        row = self._row(id)
        if row["state"] != "done":
            raise OptionError(
                f"the analysis of a job that is {row['state']} was asked for; it is there once it is done"
            )
        return self._files.analysis(row["id"])

    def delete(self, id: str) -> None:  # noqa: A002
        """Remove a job and everything of it, also while it runs.

        Raises:
            UnknownJobError: No job has the id.
        """
        rows = self._database.rows("DELETE FROM jobs WHERE id = ? RETURNING id", (id,))
        if not rows:
            raise UnknownJobError(id)
        self._files.discard(rows[0]["id"])
        self._database.forget()

    def expire(self, now: float | None = None) -> int:
        """Delete the jobs that were finished longer ago than results are kept, and return how many.

        Args:
            now: Seconds since 1970; by default the clock's.
        """
        if self.keep is None:
            return 0
        limit = (time.time() if now is None else now) - self.keep
        rows = self._database.rows("DELETE FROM jobs WHERE finished <= ? RETURNING id", (limit,))
        for row in rows:
            self._files.discard(row["id"])
        if rows:
            self._database.forget()
        return len(rows)

    def claim(self, worker: str) -> Job | None:
        """Give the job that waits longest to a worker, or ``None`` if none waits."""
        if not self._database.rows("SELECT 1 FROM jobs WHERE state = 'waiting' LIMIT 1"):
            return None  # without taking the lock of writers
        rows = self._database.rows(
            "UPDATE jobs SET state = 'running', worker = ?, started = ?, attempt = attempt + 1 "
            "WHERE id = (SELECT id FROM jobs WHERE state = 'waiting' ORDER BY queued, number LIMIT 1) RETURNING *",
            (worker, time.time()),
        )
        return job_from(rows[0], self.keep) if rows else None

    def report(self, job: Job, done: float, total: float | None) -> bool:
        """Note the progress of a claimed job, and return whether the worker still holds it."""
        query = f"UPDATE jobs SET done = ?, total = ?, beat = beat + 1 WHERE {HELD} RETURNING id"  # noqa: S608
        return bool(self._database.rows(query, (done, total, *held(job))))

    def finish(self, job: Job, analysis: str) -> bool:
        """Keep the result of a claimed job and mark it as done, both or neither.

        Args:
            job: The job as it was claimed.
            analysis: The analysis as JSON.

        Returns:
            Whether it was kept: not if the job was deleted or given to another worker meanwhile.

        Raises:
            OutputError: The file cannot be written.
        """
        with self._files.writing(job.id, job.attempt, analysis) as written:
            if written is None:
                return False
            with self._database.transaction() as connection:
                query = f"UPDATE jobs SET state = 'done', finished = ?, done = coalesce(total, done) WHERE {HELD}"  # noqa: S608
                if connection.execute(query, (time.time(), *held(job))).rowcount != 1:
                    return False
                self._files.publish(job.id, written)
        return True

    def fail(self, job: Job, sentence: str) -> bool:
        """Mark a claimed job as failed, and return whether the worker still held it.

        Args:
            job: The job as it was claimed.
            sentence: Why, as the client will read it.
        """
        query = f"UPDATE jobs SET state = 'failed', error = ?, finished = ? WHERE {HELD} RETURNING id"  # noqa: S608
        return bool(self._database.rows(query, (sentence, time.time(), *held(job))))

    def release(self, job: Job) -> bool:
        """Put a claimed job back to its place in the queue, as a worker does that is told to end."""
        query = f"UPDATE jobs SET {FREE} WHERE {HELD} RETURNING id"  # noqa: S608
        return bool(self._database.rows(query, held(job)))

    def running(self) -> Mapping[str, Hold]:
        """Return what each worker that has a job works on."""
        rows = self._database.rows("SELECT * FROM jobs WHERE state = 'running'")
        return {row["worker"]: Hold(job_from(row, self.keep), row["beat"]) for row in rows}

    def requeue_dead(self, workers: Collection[str], *, blame: bool = True) -> int:
        """Put the jobs of workers that are gone back into the queue and return how many.

        Args:
            workers: Their names.
            blame: Whether they died, perhaps of the job: then it goes to the end of the queue, and has failed when it
                was the third time. Workers that were told to end have nobody to blame.
        """
        marks = ", ".join("?" * len(workers))
        return self._requeue("crashes" if blame else None, f"worker IN ({marks})", tuple(workers))

    def recover(self) -> int:
        """Begin anew after whatever ended the last server: every running job waits again, and half files are removed.

        Only to be called while no other server uses the folder and nobody adds jobs.

        Returns:
            How many jobs wait again.
        """
        found = self._requeue("outages", "worker IS NOT NULL", ())
        self._files.sweep({row["id"]: row["state"] == "done" for row in self._database.rows("SELECT * FROM jobs")})
        return found

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _requeue(self, counter: str | None, whose: str, values: tuple[str, ...]) -> int:
        now = time.time()
        blamed = f", queued = ?, {counter} = {counter} + 1" if counter else ""
        with self._database.transaction() as connection:
            rows = connection.execute(
                f"UPDATE jobs SET {FREE}{blamed} WHERE state = 'running' AND {whose} RETURNING id",  # noqa: S608
                (*([now] if counter else []), *values),
            ).fetchall()
            for row in rows:
                self._files.tidy(row["id"])  # before anyone can claim it again
            for name, (most, sentence) in GIVEN_UP.items():
                connection.execute(
                    f"UPDATE jobs SET state = 'failed', error = ?, finished = ? "  # noqa: S608
                    f"WHERE state = 'waiting' AND {name} >= ?",
                    (sentence, now, most),
                )
        return len(rows)

    def _row(self, id: str) -> sqlite3.Row:  # noqa: A002
        rows = self._database.rows("SELECT * FROM jobs WHERE id = ?", (id,))
        if not rows:
            raise UnknownJobError(id)
        return rows[0]
