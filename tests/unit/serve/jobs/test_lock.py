"""One server a folder, however the last one ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mien.errors import OutputError
from mien.serve.jobs.lock import FolderLock

HOLD = """
import sys
from pathlib import Path
from mien.serve.jobs.lock import FolderLock

lock = FolderLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_folder_is_held_by_one_until_it_is_released(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    with pytest.raises(OutputError, match="cannot be taken: another server uses it; give another folder"):
        FolderLock(tmp_path)
    lock.release()
    FolderLock(tmp_path).release()


def test_killed_server_lets_go(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(OutputError, match="another server uses it"):
            FolderLock(tmp_path)
        other.kill()
        other.wait()
        FolderLock(tmp_path).release()


def test_broken_lock_is_told(tmp_path: Path) -> None:
    (tmp_path / "server.lock").write_bytes(b"not a lock of ours " * 100)
    with pytest.raises(OutputError, match="cannot be taken: file is not a database; give another folder"):
        FolderLock(tmp_path)
