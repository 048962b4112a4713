"""`mien serve` as a user starts it, on a port and a data folder of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

STARTED = re.compile(r"http://127\.0\.0\.1:\d+/")
COMMAND = "from mien.cli import main; main()"


@dataclass
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    url: str
    lines: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, data: Path, *options: str) -> Served:
        """Start a server and wait until it answers."""
        command = [sys.executable, "-c", COMMAND, "serve", "--port", "0", "--no-browser", "--data", str(data)]
        process = subprocess.Popen(
            [*command, "--workers", "1", *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        server = cls(process, "")
        while not server.url:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError(f"mien serve did not start: {' '.join(server.lines)}")
            server.lines.append(line)
            found = STARTED.search(line)
            server.url = found[0] if found else ""
        threading.Thread(target=server._drain, daemon=True).start()
        return server

    def _drain(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        if self.process.stdout:
            self.process.stdout.close()

    def page(self, *parts: str) -> str:
        return f"{self.url}#/{'/'.join(parts)}"

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return httpx.request(method, f"{self.url.rstrip('/')}{path}", timeout=60, trust_env=False, **options)

    def add(self, file: Path, *, transcript: Path | None = None) -> str:
        """Send a file and return the id of its job."""
        files = [("file", (file.name, file.read_bytes()))]
        if transcript:
            files.append(("transcript", (transcript.name, transcript.read_bytes())))
        answer = self.ask("POST", "/v1/jobs", files=files)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def wait(self, ids: Sequence[str], seconds: float = 120) -> None:
        """Wait until all these jobs are done."""
        end = time.monotonic() + seconds
        for one in ids:
            while (job := self.ask("GET", f"/v1/jobs/{one}").json())["state"] != "done":
                if job["state"] == "failed" or time.monotonic() > end:
                    raise RuntimeError(f"job {one} is {job['state']}: {job['error']}")
                time.sleep(0.2)
