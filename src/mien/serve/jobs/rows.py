"""Rows of the database to jobs, and the statements that say who may change a row."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from mien.serve.jobs.job import Job, JobOptions

__all__ = ["HELD", "dumped", "held", "job_from", "plain"]

HELD = "id = ? AND attempt = ? AND state = 'running'"
"""True of a row that the worker of this attempt still holds."""
LONGEST_NAME = 255


def held(job: Job) -> tuple[str, int]:
    """Return the values for `HELD`."""
    return job.id, job.attempt


def job_from(row: sqlite3.Row, keep: float | None) -> Job:
    """Return the job of a row; it expires ``keep`` seconds after it was finished."""
    finished = row["finished"]
    return Job(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        state=row["state"],
        done=row["done"],
        total=row["total"],
        error=row["error"],
        created=row["created"],
        started=row["started"],
        finished=finished,
        expires=finished + keep if finished is not None and keep is not None else None,
        options=_options(row["options"]),
        attempt=row["attempt"],
    )


def dumped(options: JobOptions) -> str:
    """Return options as they are kept."""
    return json.dumps({"modalities": options.modalities, "open_only": options.open_only})


def plain(name: str) -> str:
    """Return a client's name for a source as something that can be kept and shown in one line."""
    shown = "".join(letter for letter in name if letter.isprintable())
    return shown.encode("utf-8", errors="replace").decode("utf-8")[:LONGEST_NAME] or "unnamed"


def _options(written: str) -> JobOptions:
    found: dict[str, Any] = json.loads(written)
    modalities = found["modalities"]
    return JobOptions(None if modalities is None else tuple(modalities), bool(found["open_only"]))
