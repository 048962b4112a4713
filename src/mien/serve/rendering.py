"""Results as clients want them: in another taxonomy, in every format, as a report."""

from __future__ import annotations

import re
import secrets
import shutil
from functools import lru_cache
from pathlib import Path

from mien.agent.projecting import project_analysis
from mien.errors import InputError, OptionError
from mien.io import load, mime
from mien.io.exports import FORMATS, export
from mien.io.html import LARGEST_EMBEDDED, PAGE, to_html
from mien.serve.jobs import Job, JobStore
from mien.serve.problems import Problem
from mien.types import Analysis
from mien.types.taxonomies import TAXONOMIES, taxonomy

__all__ = [
    "PLAYED",
    "discard",
    "done_analysis",
    "done_path",
    "ending_of",
    "media_type",
    "policy",
    "render",
    "report",
]

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')
PLAYED = ("audio", "video", "image")


def done_analysis(store: JobStore, job: str, onto: str | None) -> Analysis:
    """Return the result of a job, in the taxonomy of that name if one is given.

    Raises:
        UnknownJobError: No job has the id.
        Problem: The job is not done, or the taxonomy is unknown or cannot be reached.
    """
    path = done_path(store, job)
    try:
        found = load(path)
    except InputError:
        store.get(job)  # it may have been deleted meanwhile
        raise
    if onto is None:
        return found
    if onto not in TAXONOMIES:
        raise Problem(422, f"the taxonomy {onto[:40]!r} was asked for; allowed: {', '.join(sorted(TAXONOMIES))}")
    try:
        return project_analysis(found, taxonomy(onto))
    except LookupError as error:
        raise Problem(422, str(error)) from error


def done_path(store: JobStore, job: str) -> Path:
    """Return where the result of a job lies.

    Raises:
        UnknownJobError: No job has the id.
        Problem: The job is not done.
    """
    found = store.get(job)
    if found.state == "failed":
        raise Problem(409, f"the job failed, so it has no result: {found.error}")
    try:
        return store.analysis(job)
    except OptionError as error:
        raise Problem(
            409, f"the job is {found.state}; its result is there once it is done", {"Retry-After": "1"}
        ) from error


def render(store: JobStore, job: str, form: str, onto: str | None) -> Path:
    """Write the result of a job in a format and return where; the caller discards it."""
    analysis = done_analysis(store, job, onto)
    folder = store.incoming / secrets.token_hex(16)
    folder.mkdir()
    path = folder / f"analysis.{ending_of(form)}"
    try:
        export(analysis, form, path, media=_carried(store, store.get(job)) if form == "html" else None)
    except BaseException:
        discard(path)
        raise
    return path


def discard(path: Path) -> None:
    """Remove what was rendered."""
    shutil.rmtree(path.parent, ignore_errors=True)


def ending_of(form: str) -> str:
    """Return the ending of a file of a format as it is sent."""
    return "zip" if FORMATS[form].folder else FORMATS[form].ending


def report(store: JobStore, job: str, onto: str | None) -> str:
    """Return the report page of a job, with its medium in it where that is small enough."""
    return to_html(done_analysis(store, job, onto), media=_carried(store, store.get(job)))


@lru_cache(maxsize=1)
def policy() -> str:
    """Return the Content-Security-Policy that the report page declares for itself, to be sent as a header too."""
    found = POLICY.search(PAGE.read_text(encoding="utf-8")) if PAGE.is_file() else None
    return f"{found.group(1)}; frame-ancestors 'none'" if found else "default-src 'none'"


def media_type(path: Path, kind: str) -> str:
    """Return what a browser is told that a medium is, from a fixed list: never a type that could hold a script."""
    with path.open("rb") as stream:
        return mime.media_type(stream.read(mime.HEAD), kind)


def _carried(store: JobStore, job: Job) -> Path | None:
    """Return the medium if it goes into a page; a page that refers to a file of the server is of use to nobody."""
    source = store.source(job.id)
    small = job.kind in PLAYED and source.is_file() and source.stat().st_size <= LARGEST_EMBEDDED
    return source if small else None
