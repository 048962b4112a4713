"""Bodies that are too large or too slow are refused, before they are read where their length is declared."""

from __future__ import annotations

import asyncio
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mien.serve.problems import Problem
from mien.serve.settings import Limits

__all__ = ["BodyLimit"]

SMALL = 65_536
JSON_PATHS = ("/v1/jobs", "/v1/conversations")
CLOSE = {"Connection": "close"}


class BodyLimit:
    """Counts and times what arrives.

    Args:
        app: What is guarded.
        limits: How much it takes.
    """

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = self._most(scope, headers)
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared[:20]) > most:
            await _too_large(most).answer(scope, receive, send)
            return
        await self._app(scope, _Meter(receive, most, self._limits).receive, send)

    def _most(self, scope: Scope, headers: Headers) -> int:
        path = scope["path"].rstrip("/")
        if scope["method"] != "POST" or path not in JSON_PATHS:
            return SMALL
        if path == "/v1/jobs" and headers.get("content-type", "").startswith("multipart/"):
            return self._limits.upload_bytes
        return self._limits.json_bytes


class _Meter:
    """One body: how much of it has come, and since when."""

    def __init__(self, receive: Receive, most: int, limits: Limits) -> None:
        self._receive = receive
        self._most = most
        self._limits = limits
        self._size = 0
        self._whole = False
        self._began = time.monotonic()

    async def receive(self) -> Message:
        """Return the next message, within the limits."""
        if self._whole:
            # What comes after the body is the end of the connection, which may take as long as it likes.
            return await self._receive()
        try:
            async with asyncio.timeout(self._limits.idle):
                message = await self._receive()
        except TimeoutError as error:
            raise Problem(408, f"nothing of the body came for {self._limits.idle:g} seconds", CLOSE) from error
        if message["type"] == "http.request":
            self._whole = not message.get("more_body", False)
            self._size += len(message.get("body", b""))
            self._check()
        return message

    def _check(self) -> None:
        if self._size > self._most:
            raise _too_large(self._most)
        spent = time.monotonic() - self._began - self._limits.idle
        if not self._whole and spent > 0 and self._size < spent * self._limits.pace:
            raise Problem(408, f"the body comes slower than {self._limits.pace:g} bytes a second", CLOSE)


def _too_large(most: int) -> Problem:
    return Problem(413, f"the body is too large; allowed: up to {most:,} bytes", CLOSE)
