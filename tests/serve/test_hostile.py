"""A real server on loopback and clients that mean no good: each gets the right status, and nothing gets out."""

from __future__ import annotations

import io
import os
import re
import struct
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psutil
import pytest

from .running import TOKEN, Running, answer, start


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(tmp_path_factory.mktemp("world"))
    try:
        yield running
        assert running.stop() < 10
        assert running.process.returncode == 0
        assert "Traceback" not in running.errors()
    finally:
        running.clean()


@pytest.fixture
def client(server: Running) -> Iterator[httpx.Client]:
    with server.client() as found:
        yield found


def upload(client: httpx.Client, name: str, content: bytes, **fields: str) -> httpx.Response:
    return client.post("/v1/jobs", files={"file": (name, content)}, data=fields)


def followed(client: httpx.Client, job: dict[str, Any]) -> list[str]:
    with client.stream("GET", job["links"]["events"]) as events:
        return [line for line in events.iter_lines() if line.startswith("data: ")]


def test_the_whole_way(client: httpx.Client, server: Running) -> None:
    job = upload(client, "note.txt", b"What a day! I am so happy.").json()
    states = [re.findall(r'"state":"(\w+)"', line)[0] for line in followed(client, job)]
    assert states[-1] == "done"
    assert client.get(job["links"]["analysis"]).json()["source"]["name"] == "note.txt"
    assert client.get(job["links"]["exports"]["csv"]).text.startswith("person,modality")
    assert str(server.world) not in client.get(job["links"]["report"]).text
    assert client.delete(job["links"]["self"]).status_code == 204
    assert client.get(job["links"]["analysis"]).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../../../evil.txt",
        "..\\..\\evil.txt",
        "/etc/cron.d/evil",
        "a\x00.txt",
        "evil\r\nX: y.txt",
        "~/.bashrc",
        "%2e%2e%2fx",
    ],
)
def test_traversal_names(client: httpx.Client, server: Running, name: str) -> None:
    answered = upload(client, name, b"What a day!")
    assert answered.status_code == 202
    assert not re.search(r"[/\\\x00\r\n]", answered.json()["name"])
    assert server.outside() == []


def bomb(side: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("bomb", bytes(50_000_000))
    return file.getvalue()


def test_bombs_do_not_go_off(client: httpx.Client, server: Running) -> None:
    before = psutil.Process(server.process.pid).memory_info().rss
    assert upload(client, "bomb.png", bomb(60_000)).status_code == 422
    assert upload(client, "bomb.txt", zip_bomb()).status_code == 415
    assert upload(client, "bomb.docx", zip_bomb()).status_code == 415
    assert psutil.Process(server.process.pid).memory_info().rss - before < 100e6


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.mp4", b"%PDF-1.7", 415),
        ("a.wav", b"\x7fELF" + os.urandom(1000), 415),
        ("a.txt", b"<html><script>alert(1)</script>", 415),
        ("a.wav", b"RIFF\x00\x00\x00\x00WAVEfmt ", 422),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(100), 422),
        ("a.txt", b"", 422),
        ("a.txt", b"x" * 2_100_000, 413),
    ],
)
def test_wrong_kinds(client: httpx.Client, name: str, content: bytes, status: int) -> None:
    assert upload(client, name, content).status_code == status


def raw(server: Running, lines: list[str], body: bytes = b"", *, pauses: float = 0.0) -> tuple[int, float]:
    """Send a request byte by byte or at once, and return its status and how long that took."""
    began = time.monotonic()
    with server.connect() as stream:
        stream.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") if lines else b"")
        try:
            for place in range(len(body)):
                stream.sendall(body[place : place + 1])
                time.sleep(pauses)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return answer(stream)[0], time.monotonic() - began


def head(server: Running, *more: str, host: str | None = None, target: str = "POST /v1/jobs") -> list[str]:
    given = host if host is not None else f"127.0.0.1:{server.port}"
    return [f"{target} HTTP/1.1", f"Host: {given}", f"Authorization: Bearer {TOKEN}", "Connection: close", *more]


TRICKLE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + bytes(100)
FORM = "Content-Type: multipart/form-data; boundary=x"


def test_ten_gigabytes_are_refused_at_once(server: Running) -> None:
    status, seconds = raw(server, head(server, FORM, f"Content-Length: {10 * 2**30}"))
    assert status == 413
    assert seconds < 1.0


def test_a_body_without_end_is_refused(server: Running) -> None:
    with server.connect() as stream:
        stream.sendall("\r\n".join([*head(server, FORM, "Transfer-Encoding: chunked"), "", ""]).encode())
        try:
            for _ in range(200):
                stream.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert answer(stream)[0] in (0, 400, 413)
    assert list((server.data / "incoming").iterdir()) == []


def test_silent_and_slow_bodies_time_out(server: Running) -> None:
    status, seconds = raw(server, head(server, FORM, "Content-Length: 1000"), b"--x\r\n")
    assert status == 408
    assert seconds < 3
    status, seconds = raw(server, head(server, FORM, "Content-Length: 1000"), TRICKLE, pauses=0.05)
    assert status == 408
    assert seconds < 6


def test_slow_headers_are_cut_off(server: Running) -> None:
    for begun in ([], [f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nX-Slow"]):
        began = time.monotonic()
        with server.connect() as stream:
            stream.sendall("".join(begun).encode())
            assert answer(stream)[0] == 0
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["GET /healthz HTTP/1.1", "Host: x" + "y" * 300], 400),
        (["GET /healthz HTTP/1.1"], 400),
        (["GET /healthz HTTP/1.1", "Host: 127.0.0.1", "Host: 127.0.0.1"], 400),
        (["GET /healthz HTTP/1.1", "X: " + "y" * 100_000], 400),
        (["GET /healthz HTTP/9.9"], 400),
        (["\x00\x01\x02"], 400),
        (["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"], 400),
        (["GET http://evil.example/v1/jobs HTTP/1.1", "Host: evil.example"], 421),
        (["GET /v1/jobs HTTP/1.1", "Host: evil.example"], 421),
        (["GET / HTTP/1.1", "Host: 127.0.0.1:1"], 421),
    ],
)
def test_malformed_and_foreign_requests(server: Running, lines: list[str], status: int) -> None:
    assert raw(server, [*lines, "Connection: close"])[0] == status


def test_both_lengths_are_no_request_in_disguise(server: Running) -> None:
    lines = head(server, FORM, "Content-Length: 5", "Transfer-Encoding: chunked")
    assert raw(server, lines, b"0\r\n\r\nGET /v1/jobs HTTP/1.1\r\n\r\n")[0] == 400


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil.example"]
)
def test_foreign_origins(client: httpx.Client, origin: str) -> None:
    assert client.post("/v1/jobs", json={"text": "Hi!"}, headers={"Origin": origin}).status_code == 403
    assert client.get("/v1/jobs", headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", TOKEN.upper()])
def test_wrong_tokens(server: Running, token: str) -> None:
    with server.client(token) as stranger:
        for path in ("/v1/jobs", "/metrics", "/openapi.json", "/v1/models"):
            assert stranger.get(path).status_code == 401
        assert stranger.post("/v1/session", json={"token": token}).status_code == 401
        assert stranger.get("/v1/info").json()["token_needed"] is True


@pytest.mark.parametrize(
    ("host", "origin", "token", "status"),
    [
        (None, None, TOKEN, 101),
        ("evil.example", None, TOKEN, 421),
        (None, "https://evil.example", TOKEN, 403),
        (None, None, "wrong", 401),
        (None, None, "", 401),
    ],
)
def test_handshakes(server: Running, host: str | None, origin: str | None, token: str, status: int) -> None:
    lines = [
        "GET /v1/stream HTTP/1.1",
        f"Host: {host or f'127.0.0.1:{server.port}'}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: mien.v1",
        *([f"Origin: {origin}"] if origin else []),
        *([f"Authorization: Bearer {token}"] if token else []),
    ]
    with server.connect() as stream:
        stream.sendall("\r\n".join([*lines, "", ""]).encode())
        assert stream.recv(12).decode() == f"HTTP/1.1 {status}"


def test_a_client_that_leaves_in_the_middle(server: Running) -> None:
    with server.connect() as stream:
        stream.sendall("\r\n".join([*head(server, FORM, "Content-Length: 100000"), "", ""]).encode())
        stream.sendall(b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nWhat')
    for _ in range(50):
        if not list((server.data / "incoming").iterdir()):
            break
        time.sleep(0.1)
    assert list((server.data / "incoming").iterdir()) == []


def test_one_client_holds_no_more_than_its_places(client: httpx.Client, server: Running) -> None:
    held = [server.connect() for _ in range(4)]
    try:
        for stream in held:
            stream.sendall("\r\n".join([*head(server, FORM, "Content-Length: 1000"), "", ""]).encode() + b"--x\r\n")
        time.sleep(0.3)
        refused = upload(client, "a.txt", b"What a day!")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
        assert [answer(stream)[0] for stream in held] == [408] * 4
    finally:
        for stream in held:
            stream.close()
    assert upload(client, "a.txt", b"What a day!").status_code == 202


def test_many_at_once_are_taken_or_told_to_wait(server: Running) -> None:
    def add(number: int) -> int:
        with server.client() as own:
            return upload(own, f"{number}.txt", b"What a day! " * 2000).status_code

    with ThreadPoolExecutor(16) as pool:
        found = Counter(pool.map(add, range(60)))
    assert set(found) <= {202, 429}
    assert found[202]


def test_at_the_end_nothing_failed_and_nothing_got_out(client: httpx.Client, server: Running) -> None:
    assert server.process.poll() is None
    figures = client.get("/metrics").text
    assert re.findall(r'mien_requests_total\{.*status="202"\}', figures)
    assert re.findall(r'mien_requests_total\{.*status="5\d\d"\}', figures) == []
    assert server.outside() == []
    assert client.get("/readyz").json()["ready"] is True
