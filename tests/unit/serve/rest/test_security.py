"""Who is let in: by Host, by Origin, by token, for requests and for WebSockets."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse

from mien.serve.app import create_app
from mien.serve.security import COOKIE, MOST_SESSIONS, Guard, Sessions, matches
from mien.serve.settings import Settings

from .conftest import ADDRESS, TOKEN

SETTINGS = Settings(Path("unused"))


async def passed(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def ask(
    settings: Settings, headers: dict[str, str], *, path: str = "/v1/jobs", server: Any = ("127.0.0.1", 8765)
) -> int:
    """Return the status of a request with these headers."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "scheme": "http",
        "server": server,
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(Guard(passed, settings=settings, sessions=Sessions())(scope, receive, send))
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "localhost:8765", "LocalHost:8765", "[::1]:8765", "localhost.:8765"]
)
def test_own_names_are_served(host: str) -> None:
    assert ask(SETTINGS, {"host": host}) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8765",
        "127.0.0.1",
        "127.0.0.1:8766",
        "localhost.evil.example:8765",
        "0.0.0.0:8765",
        "10.0.0.1:8765",
    ],
)
def test_foreign_names_are_misdirected(host: str) -> None:
    assert ask(SETTINGS, {"host": host}) == 421


@pytest.mark.parametrize("host", ["", "a b", "user@127.0.0.1:8765", "127.0.0.1:8765/x", "127.0.0.1:99999999"])
def test_what_is_no_name_is_malformed(host: str) -> None:
    assert ask(SETTINGS, {"host": host}) == 400


def test_no_host_is_malformed() -> None:
    assert ask(SETTINGS, {}) == 400


def test_an_address_of_every_network_serves_the_one_it_was_reached_at() -> None:
    wide = replace(SETTINGS, host="0.0.0.0")
    assert ask(wide, {"host": "10.0.0.7:8765"}, server=("10.0.0.7", 8765)) == 200
    assert ask(wide, {"host": "10.0.0.8:8765"}, server=("10.0.0.7", 8765)) == 421
    assert ask(wide, {"host": "evil.example:8765"}, server=("evil.example", 8765)) == 421
    assert ask(wide, {"host": "localhost:8765"}, server=("127.0.0.1", 8765)) == 200


def test_further_names_are_served_when_allowed() -> None:
    named = replace(SETTINGS, allow_hosts=("mood.example", "box:9000"))
    assert ask(named, {"host": "mood.example"}) == 200
    assert ask(named, {"host": "MOOD.example:443"}) == 200
    assert ask(named, {"host": "box:9000"}) == 200
    assert ask(named, {"host": "box:9001"}) == 421
    assert ask(named, {"host": "x.mood.example"}) == 421


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:8765", 200),
        ("http://localhost:8765", 403),
        ("http://127.0.0.1:3000", 403),
        ("https://evil.example", 403),
        ("http://127.0.0.1:8765.evil.example", 403),
        ("null", 403),
        ("", 403),
        ("file://", 403),
        ("ftp://127.0.0.1:8765", 403),
    ],
)
def test_origin_must_be_the_server_as_it_was_called(origin: str, status: int) -> None:
    assert ask(SETTINGS, {"host": "127.0.0.1:8765", "origin": origin}) == status


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("same-origin", "cors", 200),
        ("none", "navigate", 200),
        ("cross-site", "navigate", 200),
        ("cross-site", "no-cors", 403),
        ("same-site", "cors", 403),
        ("cross-site", "websocket", 403),
    ],
)
def test_other_sites_may_link_here_but_fetch_nothing(site: str, mode: str, status: int) -> None:
    given = {"host": "127.0.0.1:8765", "sec-fetch-site": site, "sec-fetch-mode": mode}
    assert ask(SETTINGS, given) == status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 401),
        ({"authorization": f"Bearer {TOKEN}"}, 200),
        ({"authorization": f"bearer  {TOKEN} "}, 200),
        ({"authorization": f"Bearer {TOKEN}x"}, 401),
        ({"authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        ({"authorization": "Bearer"}, 401),
        ({"authorization": f"Basic {TOKEN}"}, 401),
        ({"authorization": "Bearer \xff\xfe"}, 401),
        ({"cookie": f"{COOKIE}={TOKEN}"}, 401),
        ({"cookie": f"{COOKIE}="}, 401),
        ({"cookie": "\x00;;;=;"}, 401),
    ],
)
def test_token(given: dict[str, str], status: int) -> None:
    guarded = replace(SETTINGS, token=TOKEN)
    assert ask(guarded, {"host": "127.0.0.1:8765", **given}) == status


@pytest.mark.parametrize("path", ["/", "/app/assets/app.js", "/v1/info", "/v1/session", "/healthz", "/readyz"])
def test_the_page_itself_needs_no_token(path: str) -> None:
    assert ask(replace(SETTINGS, token=TOKEN), {"host": "127.0.0.1:8765"}, path=path) == 200


@pytest.mark.parametrize("path", ["/v1/jobs", "/metrics", "/openapi.json", "/v1/info/", "//", "/app", "/v1/stream"])
def test_everything_else_does(path: str) -> None:
    assert ask(replace(SETTINGS, token=TOKEN), {"host": "127.0.0.1:8765"}, path=path) == 401


def test_matches_takes_what_is_no_unicode() -> None:
    assert matches("ü", "ü")
    assert not matches("\udcff", "ü")


def test_sessions_end_and_are_bounded() -> None:
    sessions = Sessions()
    first = sessions.begin()
    assert sessions.holds(first)
    assert not sessions.holds("")
    for _ in range(MOST_SESSIONS):
        last = sessions.begin()
    assert not sessions.holds(first)
    assert sessions.holds(last)
    short = Sessions(lasts=-1)
    assert not short.holds(short.begin())


@pytest.fixture
def guarded(settings: Settings) -> TestClient:
    return TestClient(create_app(replace(settings, token=TOKEN)), base_url=ADDRESS)


def test_a_session_stands_for_the_token(guarded: TestClient) -> None:
    assert guarded.get("/v1/jobs").status_code == 401
    assert guarded.get("/v1/jobs").headers["www-authenticate"] == 'Bearer realm="mien"'
    wrong = guarded.post("/v1/session", json={"token": "wrong"})
    assert (wrong.status_code, wrong.json()["detail"]) == (401, "the token is wrong")
    assert "set-cookie" not in wrong.headers
    right = guarded.post("/v1/session", json={"token": TOKEN})
    cookie = right.headers["set-cookie"].lower()
    assert right.status_code == 204
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie
    assert guarded.get("/v1/jobs").status_code == 200
    assert guarded.get("/v1/info").json()["token_needed"] is True


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example:8765"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
    ],
)
def test_handshakes_are_refused_as_requests_are(guarded: TestClient, headers: dict[str, str], status: int) -> None:
    address = f"ws{ADDRESS.removeprefix('http')}/v1/stream"
    with pytest.raises(WebSocketDenialResponse) as refused, guarded.websocket_connect(address, headers=headers):
        pass
    assert refused.value.status_code == status
    assert refused.value.headers["content-type"] == "application/problem+json"
