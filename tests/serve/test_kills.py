"""SIGKILL at random moments to a real server and its workers: no job is lost, none is doubled, nothing half is left."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

for needed in ("fastapi", "httpx", "jsonschema", "psutil", "uvicorn"):
    pytest.importorskip(needed, reason="needs the extra serve and the tools of development")

TRIAL = Path(__file__).parents[2] / "benchmarks" / "server_kills.py"


@pytest.fixture(scope="module")
def kills() -> Any:
    spec = importlib.util.spec_from_file_location("server_kills", TRIAL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def test_three_kills_and_six_texts(kills: Any, tmp_path: Path) -> None:
    found = kills.trial(tmp_path, kills=3, jobs=6, seed=1, pause=1.0, small=True)
    assert found.faults == {}, (tmp_path / "server.log").read_text()
    assert found.done == 6
    assert 1 <= found.server_kills < 3


@pytest.mark.slow
def test_thirty_kills_and_fifty_jobs(kills: Any, tmp_path: Path) -> None:
    found = kills.trial(tmp_path, kills=30, jobs=50, seed=7)
    assert found.faults == {}, (tmp_path / "server.log").read_text()
    assert found.done == 50
    assert found.attempts > 50, "no kill hit a job, so nothing was shown"
    assert 5 <= found.server_kills <= 25
