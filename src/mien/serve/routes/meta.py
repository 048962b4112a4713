"""The server itself: what it takes, who may use it, whether it is well."""

from __future__ import annotations

import secrets
from dataclasses import asdict

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

import mien
from mien.agent import MODALITIES
from mien.errors import MienError
from mien.serve.answers import problems
from mien.serve.metrics import CONTENT_TYPE, Metrics
from mien.serve.models import listed
from mien.serve.parts import Parts, Shared
from mien.serve.problems import Problem
from mien.serve.security import COOKIE, matches
from mien.serve.shapes import Health, Info, Readiness, TokenGiven
from mien.serve.tables import format_infos

__all__ = ["router"]

router = APIRouter(tags=["server"])
HOUR = 3600.0
NEEDED = frozenset(MODALITIES)


@router.get("/v1/info", responses=problems())
def info(parts: Shared) -> Info:
    """Return what this server is and takes."""
    settings = parts.settings
    return Info(
        version=mien.__version__,
        limits=asdict(settings.limits),
        formats=format_infos(),
        modalities=list(MODALITIES),  # type: ignore[arg-type]
        token_needed=settings.token is not None,
        keep_hours=None if settings.keep is None else settings.keep / HOUR,
    )


@router.post("/v1/session", status_code=204, responses=problems(408, 415, 422))
async def session(given: TokenGiven, request: Request, parts: Shared) -> Response:
    """Show the token once; a cookie then stands for it until it ends after a day or with the server."""
    token = parts.settings.token
    if token is not None and not matches(given.token, token):
        raise Problem(401, "the token is wrong", {"WWW-Authenticate": 'Bearer realm="mien"'})
    response = Response(status_code=204)
    response.set_cookie(
        COOKIE,
        parts.sessions.begin(),
        max_age=int(parts.sessions.lasts),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


@router.get("/healthz", responses=problems(), tags=["health"])
async def healthz() -> Health:
    """Say that the process is up."""
    return Health(alive=True)


@router.get(
    "/readyz",
    response_model=Readiness,
    responses={**problems(), 503: {"description": "A part is not well.", "model": Readiness}},
    tags=["health"],
)
async def readyz(parts: Shared) -> Response:
    """Say whether jobs that are added now will be done."""
    found = await to_thread.run_sync(_readiness, parts)
    return JSONResponse(found.model_dump(), 200 if found.ready else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {
            "description": "Figures in the text format of Prometheus.",
            "content": {"text/plain": {"schema": {"type": "string"}, "example": 'mien_jobs{state="done"} 3.0'}},
        },
        **problems(),
    },
    tags=["health"],
)
def metrics(request: Request) -> Response:
    """Return figures for Prometheus."""
    found: Metrics = request.app.state.metrics
    return Response(found.text(), headers={"Content-Type": CONTENT_TYPE})


def _readiness(parts: Parts) -> Readiness:
    workers = parts.workers is not None and parts.workers.healthy
    disk, models = _writable(parts), _whole(parts)
    return Readiness(ready=workers and disk and models, workers=workers, disk=disk, models=models)


def _writable(parts: Parts) -> bool:
    probe = parts.store.incoming / f".probe-{secrets.token_hex(8)}"
    try:
        probe.write_bytes(b"mien")
        probe.unlink()
    except OSError:
        return False
    return True


def _whole(parts: Parts) -> bool:
    """Whether every modality has a model, and every file of the models its hash."""
    try:
        assets = [each.asset for each in listed(parts.settings.models).values()]
        for asset in assets:
            asset.check()
    except (MienError, OSError):
        return False
    return {asset.info.modality for asset in assets} >= NEEDED
