"""What writes small corpora of our own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WriteTable = Callable[[Path, list[dict[str, Any]]], None]
WriteLines = Callable[..., Path]


@pytest.fixture
def write_table() -> WriteTable:
    """Writes rows as a Parquet table."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")

    def write(path: Path, rows: list[dict[str, Any]]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(pyarrow.Table.from_pylist(rows), path)

    return write


@pytest.fixture
def write_lines(tmp_path: Path) -> WriteLines:
    """Writes lines to a file below the test's folder, which it returns."""

    def write(path: str, *lines: str) -> Path:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path

    return write
