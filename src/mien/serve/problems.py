"""What goes wrong, told to a client as ``application/problem+json``.

References:
    M. Nottingham, E. Wilde and S. Dalal (2023). Problem Details for HTTP APIs. RFC 9457.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from mien.errors import AssetError, InputError, MissingExtraError, OptionError, OutputError, UnknownNameError
from mien.serve.headers import SAFETY

__all__ = ["Problem", "install", "response"]

MEDIA_TYPE = "application/problem+json"
LONGEST_DETAIL = 600
FULL = (errno.ENOSPC, errno.EDQUOT)
log = logging.getLogger("mien.serve")


class Problem(HTTPException):
    """An answer that says what was wrong with a request.

    Args:
        status: The HTTP status.
        detail: What was wrong, what was given and what is allowed, in one sentence.
        headers: Further headers, such as ``Retry-After``.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status_code=status, detail=detail, headers=dict(headers or {}))

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the problem, to a request or to the handshake of a WebSocket."""
        if scope["type"] == "websocket" and "websocket.http.response" not in (scope.get("extensions") or {}):
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        await response(self.status_code, self.detail, self.headers)(scope, receive, send)


def response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem as a response."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail[:LONGEST_DETAIL]}
    return JSONResponse(body, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error of an application a problem."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(UnknownNameError, _known(404))
    app.add_exception_handler(InputError, _known(422))
    app.add_exception_handler(OptionError, _known(422))
    app.add_exception_handler(MissingExtraError, _known(501))
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(AssetError, _unwell(503, "a model of the server is missing or altered"))
    app.add_exception_handler(sqlite3.OperationalError, _unwell(503, "the database of the server is busy or full"))
    app.add_exception_handler(OutputError, _unwell(507, "the disk of the server cannot be written"))
    app.add_exception_handler(OSError, _system)
    app.add_exception_handler(Exception, _unexpected)


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    detail = error.detail
    if not isinstance(error, Problem) and error.status_code == HTTPStatus.NOT_FOUND:
        detail = "there is nothing at this address; /openapi.json lists what there is"
    elif not isinstance(error, Problem) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.method} is not allowed at this address; /openapi.json lists what is"
    return response(error.status_code, str(detail), error.headers)


async def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return response(422, explain(error.errors()))


def explain(errors: object) -> str:
    """Return the first finding of a validation as a sentence."""
    found = next(iter(errors), None) if isinstance(errors, list | tuple) else None
    if not isinstance(found, Mapping):
        return "the request is not what /openapi.json describes"
    place = ".".join(str(part) for part in found.get("loc", ()) if part not in ("body", "query", "path", "header"))
    told = str(found.get("msg", "not allowed")).removeprefix("Value error, ")
    return f"{place or 'the body'}: {told[:1].lower()}{told[1:]}; see /openapi.json"


def _known(status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(_: Request, error: Exception) -> Response:
        return response(status, str(error))

    return handle


async def _gone(*_: object) -> Response:
    return response(400, "the body ended before it was complete")


def _unwell(status: int, detail: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        _note(request, error)
        return response(status, f"{detail}; its log says more", {"Retry-After": "30"})

    return handle


async def _system(request: Request, error: Exception) -> Response:
    if getattr(error, "errno", None) in FULL:
        return await _unwell(507, "the disk of the server is full")(request, error)
    return await _unexpected(request, error)


async def _unexpected(request: Request, error: Exception) -> Response:
    _note(request, error)
    return response(500, "the server failed at this; its log says where", SAFETY)


def _note(request: Request, error: Exception) -> None:
    """Log what happened where: the text of an error may hold content or names, so only its kind is told."""
    log.error("%s at %s %s", type(error).__name__, request.method, getattr(request.scope.get("route"), "path", "?"))
