"""The code blocks of the docs, and a place to run them without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NO_NETWORK = ("unshare", "-rn")


def blocks(page: Path, language: str) -> list[str]:
    """Return the code blocks of a page in one language."""
    return [body for found, body in BLOCK.findall(page.read_text(encoding="utf-8")) if found == language]


def run_python(code: str, folder: Path) -> str:
    """Run Python code in a folder and return what it prints."""
    return _run([sys.executable, "-c", code], folder)


def run_shell(code: str, folder: Path) -> str:
    """Run shell code in a folder; the first command that fails ends it."""
    return _run(["bash", "-euo", "pipefail", "-c", code], folder)


def _run(command: list[str], folder: Path) -> str:
    binaries = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    whole = [*(NO_NETWORK if _can_unshare() else ()), *command]
    done = subprocess.run(whole, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def _can_unshare() -> bool:
    try:
        return subprocess.run([*NO_NETWORK, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
