"""Jobs: add, look up, follow, delete."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import ValidationError
from starlette.responses import JSONResponse, StreamingResponse

from mien.agent import MODALITIES
from mien.agent.conversing import chat_log
from mien.serve.answers import problems
from mien.serve.events import follow
from mien.serve.examples import ID
from mien.serve.inspecting import inspect, inspect_transcript
from mien.serve.jobs import Job, JobOptions
from mien.serve.parts import Parts, Shared
from mien.serve.problems import Problem, explain
from mien.serve.shapes import JobJson, JobList, NewWords
from mien.serve.tables import format_names
from mien.serve.uploads import Form, FormReader, Received, label, new_path

__all__ = ["JobId", "router"]

router = APIRouter(tags=["jobs"])
JobId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$", description="Of the job.", examples=[ID])]
SPARE = 256 * 2**20
"""Bytes of the disk that uploads leave free."""
AT_ONCE = 2
"""Uploads that are looked into at a time: the first picture of a video may be large before it is refused."""
TRUTHS = {"": False, "false": False, "0": False, "off": False, "true": True, "1": True, "on": True}
FORM_SCHEMA = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "What is to be analysed."},
        "transcript": {"type": "string", "format": "binary", "description": "Words that go with a recording."},
        "modalities": {"type": "string", "description": "Among text, speech and face."},
        "open_only": {"type": "string", "enum": list(TRUTHS), "description": "Leave out research models."},
    },
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/NewWords"}},
            "multipart/form-data": {"schema": FORM_SCHEMA, "example": {"file": "(bytes)", "modalities": "text,speech"}},
        },
    }
}
_inspecting = CapacityLimiter(AT_ONCE)


@router.post(
    "/v1/jobs",
    status_code=202,
    response_model=JobJson,
    openapi_extra=BODY,
    responses=problems(408, 415, 422, 429, 507),
)
async def add(request: Request, parts: Shared) -> Response:
    """Add a job: a file as a form, or a text or the turns of a conversation as JSON."""
    client = request.client.host if request.client else ""
    with parts.uploads.taken(client):
        _check_room(request, parts)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        taken = _words if kind == "application/json" else _file
        job = await taken(request, parts)
    shown = JobJson.of(job, format_names())
    return JSONResponse(shown.model_dump(mode="json"), 202, headers={"Location": shown.links.self})


@router.get("/v1/jobs", responses=problems(404, 422))
def listed(
    parts: Shared,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many at most.")] = 100,
    before: Annotated[
        str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]+$", description="Only jobs older than this one.")
    ] = None,
) -> JobList:
    """Return the jobs, the newest first."""
    return JobList(jobs=[JobJson.of(job, format_names()) for job in parts.store.list(limit=limit, before=before)])


@router.get("/v1/jobs/{id}", responses=problems(404, 422))
def one(id: JobId, parts: Shared) -> JobJson:  # noqa: A002
    """Return a job as it stands now."""
    return JobJson.of(parts.store.get(id), format_names())


@router.delete("/v1/jobs/{id}", status_code=204, responses=problems(404, 422))
def delete(id: JobId, parts: Shared) -> None:  # noqa: A002
    """Delete a job and everything of it: what was sent, the result, and what is still running."""
    parts.store.delete(id)


EVENT = {
    "type": "object",
    "properties": {
        "event": {"enum": ["job", "gone"]},
        "data": {"type": "string", "description": "The job as JSON; of `gone`, nothing."},
    },
    "required": ["event", "data"],
}
"""What each event of a stream holds; it is what the schema of such a stream describes before OpenAPI 3.2."""


@router.get(
    "/v1/jobs/{id}/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "An event `job` with the job for each change, until it is over; `gone` if it is deleted.",
            "content": {"text/event-stream": {"schema": EVENT, "example": {"event": "job", "data": '{"id": "..."}'}}},
        },
        **problems(404, 422),
    },
)
async def events(id: JobId, parts: Shared) -> StreamingResponse:  # noqa: A002
    """Follow a job by server-sent events."""
    look = partial(parts.store.get, id)
    await to_thread.run_sync(look)
    told: AsyncIterator[str] = follow(look, _line, parts.closing.is_set)
    return StreamingResponse(told, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _line(job: Job) -> str:
    return JobJson.of(job, format_names()).model_dump_json()


def _check_room(request: Request, parts: Parts) -> None:
    limits = parts.settings.limits
    if parts.store.counts()["waiting"] >= limits.waiting:
        raise Problem(429, f"{limits.waiting} jobs wait already, which is all that may", {"Retry-After": "30"})
    declared = int(request.headers.get("content-length", "0"))
    if shutil.disk_usage(parts.store.folder).free < declared + SPARE:
        raise Problem(507, "the disk of the server has no room for this upload")


async def _words(request: Request, parts: Parts) -> Job:
    try:
        words = NewWords.model_validate_json(await request.body())
    except ValidationError as error:
        raise Problem(422, explain(error.errors())) from error
    name = label(words.name) if words.name else ("text.txt" if words.turns is None else "conversation.jsonl")
    options = JobOptions(tuple(words.modalities) if words.modalities else None, words.open_only)
    return await to_thread.run_sync(partial(_add_words, parts, words, name, options), limiter=_inspecting)


def _add_words(parts: Parts, words: NewWords, name: str, options: JobOptions) -> Job:
    suffix = ".txt" if words.turns is None else ".jsonl"
    content = words.text or "" if words.turns is None else chat_log([turn.model_dump() for turn in words.turns])
    form = Form(files={"file": Received(new_path(parts.store.incoming, suffix), name)})
    try:
        form.files["file"].path.write_bytes(content.encode())
        return _add(parts, form, options)
    finally:
        form.discard()


async def _file(request: Request, parts: Parts) -> Job:
    reader = FormReader(parts.store.incoming, request.headers.get("content-type", ""))
    form = await reader.read(request.stream())
    try:
        if "file" not in form.files:
            raise Problem(422, "the form has no field 'file'; that is what is analysed")
        return await to_thread.run_sync(partial(_add, parts, form, _options(form)), limiter=_inspecting)
    finally:
        form.discard()


def _add(parts: Parts, form: Form, options: JobOptions) -> Job:
    received, transcript = form.files["file"], form.files.get("transcript")
    kind = inspect(received, parts.settings.limits)
    if transcript is not None:
        inspect_transcript(transcript, kind, parts.settings.limits)
    beside = transcript.path if transcript is not None else None
    return parts.store.add(received.label, received.path, options, kind=kind, transcript=beside)


def _options(form: Form) -> JobOptions:
    open_only = form.fields.get("open_only", "").strip().lower()
    if open_only not in TRUTHS:
        raise Problem(422, f"open_only is {label(open_only)!r}; allowed: true, false")
    given = [name.strip() for name in form.fields.get("modalities", "").split(",")]
    if given == [""]:
        return JobOptions(None, TRUTHS[open_only])
    for name in given:
        if name not in MODALITIES:
            raise Problem(422, f"the modality {label(name)!r} was asked for; allowed: {', '.join(MODALITIES)}")
    return JobOptions(tuple(dict.fromkeys(given)), TRUTHS[open_only])
