"""What runs the models tells nobody: it leaves nothing on the disk, and opens no connection."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROBE = """
import sys

opened = []
sys.addaudithook(lambda event, given: opened.append(event) if event.startswith("socket.connect") else None)

import mien
from mien.types import Text

assert mien.analyze(Text("What a day!"), modalities=["text"]).persons == ("writer",)
with open("/proc/self/maps") as maps:
    assert "onnxruntime" in maps.read()
import psutil
assert psutil.Process().net_connections() == []
assert opened == []
"""


def test_models_leave_nothing_behind(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    places = dict.fromkeys(("HOME", "TMPDIR", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-B", "-c", PROBE],
        cwd=tmp_path,
        env={**kept, **places},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == []
