"""A crash at any line of an operation: the next start finds all of it or nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LOADED = {"source.txt": "source", "source.srt": "words"}
NOTHING: tuple[list[str], dict[str, str]] = ([], {})
WAITING = (["waiting"], LOADED)
DONE = (["done"], {**LOADED, "analysis.json": "result"})
KEPT = (["done"], {**LOADED, "analysis.json": "old result"})
FAILED = (["failed"], LOADED)
ENDS: dict[str, tuple[Any, Any]] = {
    "add": (NOTHING, WAITING),
    "claim": (WAITING, WAITING),
    "finish": (WAITING, DONE),
    "fail": (WAITING, FAILED),
    "requeue": (WAITING, WAITING),
    "delete": (KEPT, NOTHING),
    "expire": (KEPT, NOTHING),
    "recover": (WAITING, WAITING),
}
QUICK = ("finish", "requeue", "delete")
"""Those with most to lose; the rest takes its time."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(
    "operation", [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in ENDS]
)
def test_crash_at_any_line_leaves_all_or_nothing(operation: str, tmp_path: Path) -> None:
    script = Path(__file__).with_name("crash_points.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, operation], capture_output=True, text=True, check=True, timeout=120
    )
    found = json.loads(done.stdout)
    before, after = ENDS[operation]
    ends = [(each["states"], each["files"]) for each in found]
    assert len(ends) > 5, "it was ended at too few lines to show anything"
    assert [each["orphans"] for each in found] == [0] * len(found)
    turn = next(number for number, end in enumerate(ends) if end == after)
    assert ends[:turn] == [before] * turn
    assert ends[turn:] == [after] * (len(ends) - turn)
