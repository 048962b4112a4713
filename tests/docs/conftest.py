"""A folder as a reader of the docs has it: the examples are there, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from .blocks import ROOT


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path
