"""The tables of an annotated corpus: one row an affect, one row a file, and one row a file that could not be read.

Needs pyarrow (extra ``tables``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mien.agent.annotate.plan import Item
from mien.errors import MissingExtraError
from mien.io import saving
from mien.types import Affect, Analysis, Track

__all__ = ["AFFECTS", "ERRORS", "FILES", "affect_rows", "arrow", "file_row", "write_table"]

Row = dict[str, Any]

SOURCE = {"root": "string", "source": "string", "size": "int64", "modified": "time"}
SCORES = [f"{name}_{part}" for name in ("valence", "arousal", "dominance") for part in ("mean", "std")]
AFFECTS: Mapping[str, str] = {
    **SOURCE,
    **dict.fromkeys(("person", "modality"), "string"),
    **dict.fromkeys(("start", "end"), "float64"),
    **dict.fromkeys(("unit", "taxonomy", "label"), "string"),
    **dict.fromkeys(("confidence", *SCORES), "float32"),
    "probs": "probs",
    "kind": "string",
    "models": "strings",
}
FILES: Mapping[str, str] = {
    **SOURCE,
    "kind": "string",
    "duration": "float64",
    "unit": "string",
    "persons": "int32",
    "affects": "int32",
    "warnings": "strings",
    "error": "string",
}
ERRORS: Mapping[str, str] = {"root": "string", "path": "string", "reason": "string"}

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def affect_rows(item: Item, analysis: Analysis, models: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Yield one row per affect, those of the single modalities before the fused ones.

    Args:
        item: The file.
        analysis: What was found in it.
        models: Name and version of the models by modality.
    """
    source = _source(item)
    used = {use.name for use in analysis.models}
    fused = [name for names in models.values() for name in names if name.partition(" ")[0] in used]
    for track in (*analysis.tracks, *analysis.fused):
        named = models.get(track.modality, fused)
        for affect in track.affects:
            yield {**source, **_affect(track, affect), "models": list(dict.fromkeys(named))}


def file_row(item: Item, analysis: Analysis | None, error: str | None = None) -> Row:
    """Return the row of one file: what it is and holds, or why it could not be read."""
    row = {**_source(item), "error": _clean(error) if error is not None else None, "warnings": []}
    if analysis is not None:
        source = analysis.source
        row.update(kind=source.kind, duration=source.duration, unit=source.unit, persons=len(analysis.persons))
        row.update(affects=_count(analysis), warnings=[_clean(line) for line in analysis.warnings])
    return row


def write_table(path: Path, rows: Sequence[Row], columns: Mapping[str, str], about: Mapping[str, Any]) -> None:
    """Write rows as Parquet, whole or not at all.

    Args:
        path: The file.
        rows: Column to value; a missing one is null.
        columns: Column to type, one of the tables of this module.
        about: What else is known, for the key ``mien`` of the file's metadata.

    Raises:
        OutputError: The file cannot be written.
    """
    pyarrow = arrow()
    types = _types(pyarrow)
    fields = [(name, types[kind]) for name, kind in columns.items()]
    schema = pyarrow.schema(fields, metadata={"mien": json.dumps(about)})
    with saving(path) as temporary:
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, schema=schema), str(temporary), compression="zstd")


def arrow() -> Any:
    """Return pyarrow, with the module for Parquet.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("mien annotate", "tables") from error
    return pyarrow


def _types(pyarrow: Any) -> Mapping[str, Any]:
    plain = {name: getattr(pyarrow, name)() for name in ("string", "int32", "int64", "float32", "float64")}
    return {
        **plain,
        "time": pyarrow.timestamp("us", "UTC"),
        "strings": pyarrow.list_(pyarrow.string()),
        "probs": pyarrow.map_(pyarrow.string(), pyarrow.float32()),
    }


def _source(item: Item) -> Row:
    modified = EPOCH + timedelta(microseconds=item.modified // 1000)
    return {"root": _clean(item.root), "source": _clean(item.path), "size": item.size, "modified": modified}


def _affect(track: Track, affect: Affect) -> Row:
    row: Row = {"person": track.person, "modality": track.modality, "kind": affect.kind}
    row["confidence"] = affect.confidence
    if affect.span is not None:
        row.update(start=affect.span.start, end=affect.span.end, unit=affect.span.unit)
    if affect.categories is not None:
        probs = affect.categories.as_dict()
        row.update(taxonomy=affect.categories.taxonomy.name, label=affect.categories.top[0], probs=list(probs.items()))
    for name in ("valence", "arousal", "dominance"):
        dimension = getattr(affect, name)
        if dimension is not None:
            row.update({f"{name}_mean": dimension.mean, f"{name}_std": dimension.std})
    return row


def _count(analysis: Analysis) -> int:
    return sum(len(track.affects) for track in (*analysis.tracks, *analysis.fused))


def _clean(text: str) -> str:
    """Return a text that UTF-8 can hold: a file's name need not be one."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
