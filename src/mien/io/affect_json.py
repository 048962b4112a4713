"""One affect as one line of JSON: what ``mien perceive`` prints for each input."""

from __future__ import annotations

import json
from typing import Any

from mien.errors import InputError, MienError
from mien.io.decode import decode_affect
from mien.io.encode import encode_affect
from mien.types.affect import Affect

__all__ = ["affect_from", "affect_line", "affect_record", "error_record"]

PARTS = ("categories", "valence", "arousal", "dominance", "confidence", "model")
RARE = {"degrees": None, "kind": "expressed"}
"""Parts that are there only where they differ from what is usual."""


def affect_record(identity: str | int | None, affect: Affect) -> dict[str, Any]:
    """Return the record of one input: its affect, unknown parts null.

    Args:
        identity: Path as given, or number of the line; ``None`` leaves the ``id`` out, for a part of a record.
        affect: What was perceived; degrees and another kind than ``expressed`` are there where a model gives them.
    """
    known = encode_affect(affect)
    parts = {part: known.get(part) for part in PARTS}
    parts |= {part: known[part] for part, usual in RARE.items() if known.get(part, usual) != usual}
    return parts if identity is None else {"id": identity, **parts}


def error_record(identity: str | int, error: MienError | str) -> dict[str, Any]:
    """Return the record of an input of which nothing can be perceived, with the reason."""
    return {"id": identity, "error": str(error)}


def affect_line(record: dict[str, Any]) -> str:
    """Return a record as one line of JSON, without its line break.

    Example:
        >>> affect_line(error_record("a.png", "a.png is empty"))
        '{"id": "a.png", "error": "a.png is empty"}'
    """
    return json.dumps(record, ensure_ascii=True, allow_nan=False)


def affect_from(record: dict[str, Any]) -> Affect:
    """Return the affect that a record describes.

    Raises:
        InputError: The record holds an error, or is malformed.

    Example:
        >>> affect_from({"id": 1, "valence": {"mean": 0.5, "std": 0.2}}).valence
        Dimension(mean=0.5, std=0.2)
    """
    if "error" in record:
        raise InputError(f"nothing was perceived in {record.get('id')!r}: {record['error']}")
    try:
        return decode_affect(record)
    except (KeyError, TypeError, ValueError, AttributeError, MienError) as error:
        raise InputError(f"the record of {record.get('id')!r} is malformed: {error}") from error
