"""A real server in a process of its own, with a folder that is its whole world."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import httpx

TOKEN = "a-token-that-is-long-enough"
PROGRAM = """
import sys
import tempfile
from pathlib import Path
from mien.serve import connections
from mien.serve.server import address, serve
from mien.serve.settings import Limits, Settings

if __name__ == "__main__":
    connections.PATIENCE = 1.5
    limits = Limits(upload_bytes=2_000_000, idle=1.0)
    settings = Settings(Path(sys.argv[1]), port=0, token=sys.argv[2] or None, workers=1, limits=limits)

    def started(real):
        kept = Path(tempfile.gettempdir()).is_relative_to(real.data)
        print(address(real) if kept else "temporary files lie outside the data folder", flush=True)

    serve(settings, started=started)
"""


@dataclass
class Running:
    """A server that runs."""

    process: subprocess.Popen[str]
    world: Path
    address: str
    said: TextIO

    @property
    def data(self) -> Path:
        return self.world / "data"

    @property
    def port(self) -> int:
        return int(self.address.rstrip("/").rpartition(":")[2])

    def client(self, token: str = TOKEN) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=30, trust_env=False)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=15)

    def outside(self) -> list[str]:
        """Files of its world that are not in its data folder."""
        found = (path.relative_to(self.world).as_posix() for path in self.world.rglob("*") if path.is_file())
        return [name for name in found if not name.startswith("data/")]

    def stop(self, number: int = signal.SIGTERM) -> float:
        """End it and return how many seconds that took."""
        began = time.monotonic()
        for _ in range(2):  # a group of processes often gets a signal twice
            self.process.send_signal(number)
            time.sleep(0.05)
        self.process.wait(timeout=20)
        return time.monotonic() - began

    def errors(self) -> str:
        """What it has said on standard error."""
        self.said.seek(0)
        return self.said.read()

    def clean(self) -> None:
        """End it by force if need be, and close what is open."""
        self.process.kill()
        self.process.wait()
        self.said.close()


def start(world: Path, token: str = TOKEN) -> Running:
    for name in ("tmp", "home", "here"):
        (world / name).mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "MIEN_"))},
        "HOME": str(world / "home"),
        "TMPDIR": str(world / "tmp"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    said = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed by clean)
    command = [sys.executable, "-c", PROGRAM, str(world / "data"), token]
    process = subprocess.Popen(
        command, cwd=world / "here", env=environment, stdout=subprocess.PIPE, stderr=said, text=True
    )
    assert process.stdout is not None
    with process.stdout as told:
        line = told.readline()
    running = Running(process, world, line.strip(), said)
    if not re.match(r"http://127\.0\.0\.1:\d+/$", running.address):
        process.kill()
        raise AssertionError(running.errors())
    return running


def answer(stream: socket.socket) -> tuple[int, bytes]:
    """Return the status and the whole of a raw answer; status 0 where the connection was closed without one."""
    whole = b""
    try:
        while piece := stream.recv(65536):
            whole += piece
    except (ConnectionResetError, TimeoutError):
        pass
    match = re.match(rb"HTTP/1\.1 (\d{3})", whole)
    return int(match.group(1)) if match else 0, whole
