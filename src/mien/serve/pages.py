"""The page, as the build put it into the package: a fixed list of files, found by name and never by path."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from mien.serve.problems import Problem

__all__ = ["FOLDER", "router"]

FOLDER = Path(__file__).with_name("page")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".txt": "text/plain; charset=utf-8",
}
SMALLEST_PACKED = 1024
HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.\w+$")
"""Names that hold a hash of their content, so that a browser may keep them."""
MISSING = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>mien</title>
<h1>The page is not built</h1>
<p>This installation of mien has no page. Install it again with <code>pip install .</code>, which builds it.
The API works all the same: see <a href="/openapi.json">/openapi.json</a>.</p></html>"""


def router(folder: Path = FOLDER) -> APIRouter:
    """Return the routes of the page."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/", methods=["GET", "HEAD"])
    def index(request: Request) -> Response:
        return _file(folder, "index.html", request)

    @routes.api_route("/app/{name:path}", methods=["GET", "HEAD"])
    def asset(name: str, request: Request) -> Response:
        return _file(folder, name or "index.html", request)

    return routes


def _file(folder: Path, name: str, request: Request) -> Response:
    known = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    if name == "index.html" and name not in known:
        return Response(MISSING, 503, media_type="text/html; charset=utf-8")
    if name not in known or known[name].suffix not in TYPES:
        raise Problem(404, "there is nothing at this address; /openapi.json lists what there is")
    path = known[name]
    plain, packed = _read(path, path.stat().st_mtime_ns)
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if HASHED.search(name) else "no-cache"}
    if packed is not None:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=TYPES[path.suffix])
    return Response(plain, headers=headers, media_type=TYPES[path.suffix])


@lru_cache(maxsize=256)
def _read(path: Path, modified: int) -> tuple[bytes, bytes | None]:  # noqa: ARG001 - a changed file is read again
    plain = path.read_bytes()
    packed = gzip.compress(plain, 9, mtime=0) if len(plain) >= SMALLEST_PACKED else None
    return plain, packed if packed is not None and len(packed) < 0.9 * len(plain) else None
