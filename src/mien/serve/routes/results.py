"""Results of jobs: the analysis, every export, the report and the medium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated, Any
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, HTMLResponse

from mien.io.exports import FORMATS, check_format
from mien.io.mime import MEDIA_TYPES
from mien.serve import rendering
from mien.serve.answers import problems
from mien.serve.parts import Shared
from mien.serve.problems import Problem
from mien.serve.routes.jobs import JobId

__all__ = ["router"]

router = APIRouter(tags=["results"])
AT_ONCE = 2
"""Results that are written at a time: one of a long recording takes a processor for seconds."""
Onto = Annotated[
    str | None,
    Query(max_length=40, description="Project the categories onto this taxonomy.", examples=["ekman7"]),
]
ANALYSIS = {"schema": {"$ref": "#/components/schemas/Analysis"}}
FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_writing = CapacityLimiter(AT_ONCE)


@router.get(
    "/v1/jobs/{id}/analysis",
    response_class=FileResponse,
    responses={
        200: {
            "description": "The analysis, of the published schema.",
            "content": {"application/json": ANALYSIS},
        },
        **problems(404, 409, 422),
    },
)
async def analysis(id: JobId, request: Request, parts: Shared, taxonomy: Onto = None) -> Response:  # noqa: A002
    """Return the analysis of a job that is done."""
    _forget_range(request)
    if taxonomy is None:
        path = await to_thread.run_sync(rendering.done_path, parts.store, id)
        with _still_there():
            return FileResponse(path, media_type="application/json", stat_result=path.stat())
    return await _written(partial(rendering.render, parts.store, id, "json", taxonomy), "application/json")


@router.get(
    "/v1/jobs/{id}/exports/{format}",
    response_class=FileResponse,
    responses={
        200: {
            "description": "The file.",
            "content": {
                **dict.fromkeys((form.media_type for form in FORMATS.values()), FILE),
                "application/json": ANALYSIS,
            },
        },
        **problems(404, 409, 422, 501),
    },
)
async def exported(
    id: JobId,  # noqa: A002
    format: Annotated[str, Path(max_length=40, description="Of /v1/info.", examples=["csv"])],  # noqa: A002
    request: Request,
    parts: Shared,
    taxonomy: Onto = None,
) -> Response:
    """Return the analysis as a file of another format."""
    _forget_range(request)
    if format not in FORMATS:
        raise Problem(404, f"there is no format {format[:40]!r}; allowed: {', '.join(FORMATS)}")
    check_format(format)
    response = await _written(partial(rendering.render, parts.store, id, format, taxonomy), FORMATS[format].media_type)
    name = (await to_thread.run_sync(parts.store.get, id)).name
    response.headers["Content-Disposition"] = _attachment(f"{name}.{rendering.ending_of(format)}")
    return response


@router.get(
    "/v1/jobs/{id}/report",
    response_class=HTMLResponse,
    responses={200: {"description": "The report page, complete in itself."}, **problems(404, 409, 422)},
)
async def report(id: JobId, parts: Shared, taxonomy: Onto = None) -> Response:  # noqa: A002
    """Return the report page of a job that is done."""
    page = await to_thread.run_sync(rendering.report, parts.store, id, taxonomy, limiter=_writing)
    return HTMLResponse(page, headers={"Content-Security-Policy": rendering.policy()})


@router.get(
    "/v1/jobs/{id}/media",
    response_class=FileResponse,
    responses={
        200: {"description": "The medium as it was sent.", "content": dict.fromkeys(MEDIA_TYPES, FILE)},
        206: {"description": "A range of its bytes.", "content": dict.fromkeys(MEDIA_TYPES, FILE)},
        **problems(404, 416, 422),
    },
)
def media(id: JobId, parts: Shared, request: Request) -> FileResponse:  # noqa: A002
    """Return the recording, video or picture of a job; answers to Range."""
    job = parts.store.get(id)
    if job.kind not in rendering.PLAYED:
        raise Problem(404, f"the job is of the kind {job.kind}, which has no medium")
    path = parts.store.source(id)
    with _still_there():
        size, found = path.stat(), rendering.media_type(path, job.kind or "")
    _check_range(request, size.st_size)
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(path, media_type=found, stat_result=size, headers=headers)


@contextmanager
def _still_there() -> Iterator[None]:
    """A file of a job may be deleted at any time."""
    try:
        yield
    except FileNotFoundError as error:
        raise Problem(404, "this was deleted meanwhile") from error


def _check_range(request: Request, size: int) -> None:
    """Refuse a range that does not exist; forget one that is malformed or one of several, as a server may."""
    match = RANGE.fullmatch(request.headers.get("range", ""))
    first, last = match.groups() if match else ("", "")
    if match is None or not (first or last) or (first and last and int(first) > int(last)):
        _forget_range(request)
    elif int(first or 0) >= size or (not first and int(last) == 0):
        raise Problem(
            416, f"the medium has {size:,} bytes; the range begins after them", {"Content-Range": f"bytes */{size}"}
        )


def _forget_range(request: Request) -> None:
    request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"range"]


async def _written(write: partial[FilePath], media_type: str) -> FileResponse:
    path = await to_thread.run_sync(write, limiter=_writing)
    return FileResponse(path, media_type=media_type, background=BackgroundTask(rendering.discard, path))


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
