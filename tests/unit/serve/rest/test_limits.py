"""Bodies that are too large or too slow."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import pytest

from mien.serve.limits import BodyLimit
from mien.serve.problems import Problem
from mien.serve.settings import Limits

LIMITS = Limits(upload_bytes=1000, json_bytes=100, idle=0.05, pace=1000)


def send_body(
    pieces: Iterable[tuple[float, bytes]],
    *,
    path: str = "/v1/jobs",
    method: str = "POST",
    headers: dict[str, str] | None = None,
) -> tuple[int, int]:
    """Return the status and how many bytes the application has seen, of pieces that come after so many seconds."""
    seen, sent, waiting = [], [], iter(pieces)

    async def receive() -> dict[str, Any]:
        pause, body = next(waiting, (0.0, b""))
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": body, "more_body": body != b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["more_body"]:
            seen.append(message["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    given = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": path, "headers": given}
    try:
        asyncio.run(BodyLimit(app, limits=LIMITS)(scope, receive, send))
    except Problem as problem:
        return problem.status_code, len(b"".join(seen))
    return int(sent[0]["status"]), len(b"".join(seen))


FORM = {"content-type": "multipart/form-data; boundary=x"}


def test_what_is_within_passes() -> None:
    assert send_body([(0, b"x" * 500), (0, b"x" * 500)], headers=FORM) == (200, 1000)


def test_ten_gigabytes_are_refused_before_a_byte_is_read() -> None:
    declared = {**FORM, "content-length": str(10 * 2**30)}
    assert send_body([(0, b"x")], headers=declared) == (413, 0)


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", " ", "9" * 400, "²"])
def test_lengths_that_are_none(length: str) -> None:
    assert send_body([], headers={**FORM, "content-length": length}) == (413, 0)


def test_undeclared_length_is_counted() -> None:
    status, seen = send_body([(0, b"x" * 400)] * 1000, headers=FORM)
    assert (status, seen) == (413, 800)


def test_json_and_other_addresses_take_less() -> None:
    assert send_body([(0, b"x" * 101)])[0] == 413
    assert send_body([(0, b"x" * 101)], path="/v1/conversations")[0] == 413
    assert send_body([(0, b"x" * 70_000)], path="/v1/session")[0] == 413
    assert send_body([(0, b"x" * 70_000)], method="GET")[0] == 413
    assert send_body([(0, b"x" * 500)], path="/v1/jobs/", headers=FORM)[0] == 200


def test_silence_ends_in_408() -> None:
    began = time.monotonic()
    assert send_body([(0, b"x"), (5, b"x")], headers=FORM) == (408, 1)
    assert time.monotonic() - began < 2


def test_a_trickle_ends_in_408() -> None:
    status, seen = send_body([(0.02, b"x")] * 100, headers=FORM)
    assert status == 408
    assert seen < 10


def test_the_answer_may_take_as_long_as_it_likes() -> None:
    async def slow() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            waiting = asyncio.ensure_future(receive())
            await asyncio.sleep(0.1)
            assert waiting.done()

        await BodyLimit(app, limits=LIMITS)(
            {"type": "http", "method": "GET", "path": "/", "headers": []}, receive, receive
        )

    asyncio.run(slow())
