"""A folder as a reader of the docs has it: the examples and the docs are there, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from .blocks import ROOT


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for name in ("examples", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path
