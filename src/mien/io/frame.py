"""Analyses as a pandas table and as Parquet (extra ``tables``): one row per affect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import MissingExtraError
from mien.io.rows import columns_of, rows_of
from mien.io.save import saving
from mien.types.analysis import Analysis

if TYPE_CHECKING:
    import pandas

__all__ = ["to_frame", "to_parquet"]

WORDS = ("person", "modality", "unit", "label", "kind", "model")


def to_frame(analysis: Analysis) -> pandas.DataFrame:
    """Return one row per affect as a pandas table; unknown numbers are NaN.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise MissingExtraError("to_frame", "tables") from error
    table = pandas.DataFrame(rows_of(analysis), columns=columns_of(analysis))
    kinds: dict[str, Any] = {name: "object" if name in WORDS else "float64" for name in table.columns}
    return table.astype(kinds)


def to_parquet(analysis: Analysis, path: str | Path) -> None:
    """Write one row per affect as Parquet; unknown parts are null.

    Raises:
        MissingExtraError: pyarrow is not installed.
        OutputError: The file cannot be written.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("to_parquet", "tables") from error
    fields = [(name, pyarrow.string() if name in WORDS else pyarrow.float64()) for name in columns_of(analysis)]
    table = pyarrow.Table.from_pylist(rows_of(analysis), schema=pyarrow.schema(fields))
    with saving(path) as temporary:
        pyarrow.parquet.write_table(table, str(temporary))
