"""Who may ask: the name by which the server is called, the page that asks, and the token.

A browser sends any page's requests to a loopback address, and a name of the attacker's may point there (DNS rebinding).
So Host must be a name of this server, and Origin, where there is one, must be that same name; both hold for WebSockets.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mien.serve.addresses import HOST, WILDCARDS, has_port, is_address, is_loopback, split
from mien.serve.problems import Problem
from mien.serve.settings import DAY, Settings

__all__ = ["COOKIE", "Guard", "Sessions", "matches"]

COOKIE = "mien-session"
MOST_SESSIONS = 1000
OPEN_PATHS = frozenset({"/", "/v1/info", "/v1/session", "/healthz", "/readyz"})
OPEN_FOLDER = "/app/"


def matches(given: str, token: str) -> bool:
    """Compare a token in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode("utf-8", "surrogateescape"))


class Sessions:
    """Browsers that have shown the token: random values, kept in memory, which end after a day."""

    def __init__(self, *, lasts: float = DAY) -> None:
        self.lasts = lasts
        self._ends: OrderedDict[str, float] = OrderedDict()

    def begin(self) -> str:
        """Return the value of a new session; the oldest makes room where there are too many."""
        value = secrets.token_urlsafe(32)
        self._ends[value] = time.monotonic() + self.lasts
        while len(self._ends) > MOST_SESSIONS:
            self._ends.popitem(last=False)
        return value

    def holds(self, value: str) -> bool:
        """Whether a value is that of a session that has not ended."""
        return self._ends.get(value, 0.0) > time.monotonic()


class Guard:
    """Refuses what does not come from a client of this server, before anything of it is read.

    Args:
        app: What is guarded.
        settings: Names, port and token.
        sessions: Browsers that have shown the token.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, sessions: Sessions) -> None:
        self._app = app
        self._settings = settings
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await receive()
        await refusal.answer(scope, receive, send)

    def _refusal(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not HOST.fullmatch(hosts[0]):
            return Problem(400, "the request needs one Host header with a name and a port")
        if not self._serves(hosts[0], scope):
            return Problem(421, f"this server does not go by the name {hosts[0]}; --allow-host allows further names")
        return self._foreign(headers, hosts[0], scope) or self._stranger(headers, scope["path"])

    def _serves(self, given: str, scope: Scope) -> bool:
        secure = _is_secure(scope.get("scheme", "http"))
        name, port = split(given, secure=secure)
        for allowed in self._settings.allow_hosts:
            other, only = split(allowed, secure=secure)
            if name == other and (port == only or not has_port(allowed)):
                return True
        return port == self._settings.port and name in self._names(scope)

    def _names(self, scope: Scope) -> set[str]:
        """Return the names that lead here: the address listened at, or that of this very connection."""
        host = self._settings.host.strip("[]").lower()
        local = str((scope.get("server") or ("", 0))[0]).lower()
        names = {host} if host not in WILDCARDS else set()
        if host in WILDCARDS and is_address(local):
            names.add(local)
        if any(is_loopback(name) for name in names):
            names |= {"localhost", "127.0.0.1", "::1"}
        return names

    def _foreign(self, headers: Headers, host: str, scope: Scope) -> Problem | None:
        origins = headers.getlist("origin")
        if origins and (len(origins) > 1 or not _same(origins[0], host, scope.get("scheme", "http"))):
            return Problem(403, "the request comes from another origin than this server's own page")
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "")
        if site not in ("same-origin", "none") and mode != "navigate":
            return Problem(403, "the request comes from another site than this server's own page")
        return None

    def _stranger(self, headers: Headers, path: str) -> Problem | None:
        token = self._settings.token
        if token is None or path in OPEN_PATHS or path.startswith(OPEN_FOLDER):
            return None
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and matches(given.strip(), token):
            return None
        if self._sessions.holds(_cookie(headers)):
            return None
        told = "the token is wrong" if given else "this server needs its token: Authorization: Bearer TOKEN"
        return Problem(401, told, {"WWW-Authenticate": 'Bearer realm="mien"'})


def _same(origin: str, host: str, scheme: str) -> bool:
    """Whether an origin is the server as it was called."""
    kind, _, name = origin.partition("://")
    secure = _is_secure(scheme)
    return (
        HOST.fullmatch(name) is not None
        and kind in ("http", "https")
        and split(name, secure=kind == "https") == split(host, secure=secure)
    )


def _is_secure(scheme: str) -> bool:
    return scheme in ("https", "wss")


def _cookie(headers: Headers) -> str:
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""
