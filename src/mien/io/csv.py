"""Analyses as CSV: one row per affect."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from mien.io.rows import columns_of, rows_of
from mien.io.save import save_text
from mien.types.analysis import Analysis

__all__ = ["to_csv"]


def to_csv(analysis: Analysis, path: str | Path | None = None) -> str:
    """Return one CSV row per affect, unknown parts empty, and write them to ``path`` if one is given.

    Raises:
        OutputError: The file cannot be written.
    """
    written = io.StringIO()
    writer = csv.DictWriter(written, columns_of(analysis), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows_of(analysis))
    if path is not None:
        save_text(path, written.getvalue())
    return written.getvalue()
