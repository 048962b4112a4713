"""The code blocks of the docs, and a place to run them as a reader would, without a network.

All blocks of a page run from top to bottom in one folder: shell blocks in one shell, each Python block as a program of
its own, each console block as commands whose output must be as shown (a line ``...`` stands for any lines). A server
that a page starts stays up until the page ends, as it would in a reader's other terminal.
"""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
RUN = ("python", "sh", "console")
SHOWN = ("text", "json", "toml", "csv", "xml", "html", "")
LONGEST = 400
STAYS_UP = re.compile(r"^(mien serve\b[^&\n]*)$", re.MULTILINE)
UP_AND_RUNNING = 0x41
SET_FLAGS = 0x8914

# In a network of its own a process has not even a loopback until someone switches it on.
ALONE = f"""
import fcntl, os, socket, struct, sys
with socket.socket() as plug:
    fcntl.ioctl(plug, {SET_FLAGS}, struct.pack("16sh14x", b"lo", {UP_AND_RUNNING}))
os.execvp(sys.argv[1], sys.argv[1:])
"""


@dataclass(frozen=True)
class Block:
    language: str
    body: str
    line: int


def every_block(page: Path) -> list[Block]:
    """Return all blocks of a page, those in lists too, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            found[2],
            re.sub(rf"^{found[1]}", "", found[3], flags=re.MULTILINE),
            text.count("\n", 0, found.start()) + 1,
        )
        for found in FENCE.finditer(text)
    ]


def blocks(page: Path, language: str) -> list[str]:
    """Return the code blocks of a page in one language."""
    return [block.body for block in every_block(page) if block.language == language]


def run_python(code: str, folder: Path) -> str:
    """Run Python code in a folder and return what it prints."""
    return _run([sys.executable, "-c", code], folder)


def run_shell(code: str, folder: Path) -> str:
    """Run shell code in a folder; the first command that fails ends it."""
    return _run(["bash", "-euo", "pipefail", "-c", code], folder)


def run_page(page: Path, folder: Path, notes: Path) -> str:
    """Run all blocks of a page in a folder; what console blocks print is compared with what they show.

    Args:
        page: The page.
        folder: Where the blocks run.
        notes: Another folder, for the programs and their output.
    """
    lines = ["set -euo pipefail", """trap 'echo "the block at line $BLOCK failed" >&2' ERR"""]
    expected: list[tuple[Path, str, int]] = []
    for block in every_block(page):
        lines.append(f"BLOCK={block.line}")
        if block.language == "sh":
            lines.append(_with_servers(block.body))
        elif block.language == "python":
            program = notes / f"block{block.line}.py"
            program.write_text(block.body, encoding="utf-8")
            lines.append(f"python {shlex.quote(str(program))}")
        elif block.language == "console":
            for number, (command, shown) in enumerate(_dialogue(block.body)):
                said = notes / f"block{block.line}-{number}.txt"
                lines.append(f"{{ {command}\n}} > {shlex.quote(str(said))} 2>&1 || true")
                expected.append((said, shown, block.line))
    with _one_at_a_time():
        printed = _run(["bash", "-c", "\n".join(lines)], folder)
    for said, shown, line in expected:
        output = said.read_text(encoding="utf-8")
        assert like(output, shown), f"line {line} shows\n{shown}\nbut this was printed:\n{output}"
    return printed


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Where pages share the machine's loopback, let one run at a time: their servers have the same port."""
    if _alone():
        yield
        return
    with (Path(tempfile.gettempdir()) / "mien-docs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def like(output: str, shown: str) -> bool:
    """Whether an output is as shown, where a line ``...`` stands for any lines."""
    parts = [re.escape(line.rstrip()) if line.strip() != "..." else r"(?:.*\n?)*?.*" for line in shown.splitlines()]
    pattern = r"\n".join(parts)
    return re.fullmatch(pattern, "\n".join(line.rstrip() for line in output.rstrip().splitlines())) is not None


def _dialogue(body: str) -> list[tuple[str, str]]:
    """Return each command of a console block with what it is shown to print."""
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]
    return [(command, shown.rstrip("\n")) for command, _, shown in (part.partition("\n") for part in parts)]


def _with_servers(body: str) -> str:
    """Let a server that a block starts stay up behind it, and go on when it answers."""

    def start(found: re.Match[str]) -> str:
        words = shlex.split(found[1], comments=True)
        port = words[words.index("--port") + 1] if "--port" in words else "8765"
        wait = (
            f"curl -sS --fail --retry 60 --retry-delay 1 --retry-connrefused http://127.0.0.1:{port}/readyz > /dev/null"
        )
        return f"{found[1].split('#')[0].rstrip()} &\n{wait}"

    return STAYS_UP.sub(start, body)


def _run(command: list[str], folder: Path) -> str:
    binaries = str(Path(sys.executable).parent)
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    # No block may open a browser, write to the reader's own folders, or leave a process behind.
    environment |= {"PATH": os.pathsep.join([str(_no_browser(folder)), binaries, os.environ["PATH"]])}
    # Threads that wait for each other by spinning would take the processors from the tests beside this one.
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    environment |= {"BROWSER": "true", "XDG_DATA_HOME": str(folder / ".data")}
    whole = [*_alone(), *command]
    with (folder / ".out").open("w+") as out, (folder / ".err").open("w+") as err:
        process = subprocess.Popen(
            whole, cwd=folder, env=environment, stdout=out, stderr=err, stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            status = process.wait(timeout=LONGEST)
        finally:
            _end(process.pid)
        for stream in (out, err):
            stream.seek(0)
        printed, said = out.read(), err.read()
    assert status == 0, said[-4000:]
    return printed


def _no_browser(folder: Path) -> Path:
    """Return a folder with a command that opens nothing where a desktop would open a page."""
    binaries = folder / ".bin"
    binaries.mkdir(exist_ok=True)
    (binaries / "xdg-open").write_text("#!/bin/sh\n", encoding="utf-8")
    (binaries / "xdg-open").chmod(0o755)
    return binaries


def _end(group: int) -> None:
    """End what is left of a process group."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for _ in range(100):
            try:
                os.killpg(group, sign)
            except (ProcessLookupError, PermissionError):
                return
            time.sleep(0.1)


def _alone() -> tuple[str, ...]:
    prefix = ("unshare", "-rn", sys.executable, "-c", ALONE)
    return prefix if _can_be_alone(prefix) else ()


@cache
def _can_be_alone(prefix: tuple[str, ...]) -> bool:
    try:
        return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
