"""How the description of the API tells what can go wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

__all__ = ["problems"]

MEANING = {
    400: "The request is malformed.",
    401: "The server needs its token.",
    403: "Another page than this server's own asks.",
    404: "There is no such thing, or it was deleted.",
    408: "The body came too slowly.",
    409: "The job is not done, or it failed.",
    413: "The body is too large.",
    415: "What was sent is of no kind that is read.",
    416: "There is no such range of bytes.",
    421: "The server does not go by this name.",
    422: "What was sent is broken, too long, or asks for something that is not allowed.",
    429: "Too much at once; Retry-After says when to try again.",
    500: "The server failed.",
    501: "What this needs is not installed.",
    503: "The server cannot do this now.",
    507: "The disk is full.",
}
ALWAYS = (400, 401, 403, 413, 421, 503)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the responses of a route that are problems: those named, and those that every route has."""
    return {status: _problem(status) for status in sorted({*statuses, *ALWAYS})}


def _problem(status: int) -> dict[str, Any]:
    example = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": MEANING[status].lower().rstrip("."),
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": MEANING[status], "content": {"application/problem+json": content}}
