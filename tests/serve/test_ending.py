"""A server that is told to end, with everything open that can be."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from .running import Running, start


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_server_and_workers(number: int, tmp_path: Path) -> None:
    running = start(tmp_path, token="")
    opened = [running.connect() for _ in range(4)]
    try:
        children = psutil.Process(running.process.pid).children(recursive=True)
        assert children
        with running.client("") as client:
            job = client.post("/v1/jobs", json={"text": "What a day! " * 2000}).json()
        begin(running, opened, job["links"]["events"])
        assert running.stop(number) < 10
        assert running.process.returncode == 0
        assert "Traceback" not in running.errors()
        assert psutil.wait_procs(children, timeout=3)[1] == []
    finally:
        running.clean()
        for stream in opened:
            stream.close()


def begin(running: Running, opened: list[socket.socket], events: str) -> None:
    """Open a stream of events, a WebSocket, half an upload and a connection that says nothing."""
    host = f"Host: 127.0.0.1:{running.port}\r\n"
    shake = (
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mien.v1\r\n"
    )
    form = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n"
    opened[0].sendall(f"GET {events} HTTP/1.1\r\n{host}\r\n".encode())
    opened[1].sendall(f"GET /v1/stream HTTP/1.1\r\n{host}{shake}\r\n".encode())
    opened[2].sendall(f"POST /v1/jobs HTTP/1.1\r\n{host}{form}\r\n--x\r\n".encode())
    assert opened[0].recv(15) == b"HTTP/1.1 200 OK"
    assert opened[1].recv(12) == b"HTTP/1.1 101"


def test_a_port_that_is_taken_and_a_folder_that_is_in_use(tmp_path: Path) -> None:
    running = start(tmp_path, token="")
    try:
        for options, told in (
            (
                ["--port", str(running.port), "--data", str(tmp_path / "other")],
                f"port {running.port} of 127.0.0.1 is taken",
            ),
            (["--port", "0", "--data", str(running.data)], str(running.data)),
        ):
            done = subprocess.run(
                [sys.executable, "-m", "mien", "serve", "--no-browser", *options],
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 2, done.stderr
            assert told in done.stderr
            assert done.stderr.count("\n") == 1
    finally:
        running.clean()
