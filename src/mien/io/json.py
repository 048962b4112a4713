"""Analyses as JSON, exactly reversible: what is loaded equals what was saved.

The form is published as ``schema/analysis-1.json`` (JSON Schema, draft 2020-12). A file states its version; every
older version stays readable, a newer one is refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from mien.errors import InputError, MienError, OptionError
from mien.io.decode import decode_analysis
from mien.io.encode import encode_analysis
from mien.io.paths import read_bytes
from mien.io.save import save_text
from mien.io.text import decode_text
from mien.types.analysis import Analysis

__all__ = ["FORMAT", "VERSION", "from_json", "load", "schema", "to_json"]

FORMAT = "mien.analysis"
VERSION = 1
LONGEST_TOLD = 200


def to_json(analysis: Analysis, path: str | Path | None = None) -> str:
    """Return an analysis as JSON, and write it to ``path`` if one is given.

    Raises:
        OptionError: The analysis holds a number that JSON has no form for.
        OutputError: The file cannot be written.
    """
    plain = {"format": FORMAT, "version": VERSION, **encode_analysis(analysis)}
    try:
        written = _dumped(plain) + "\n"
    except (ValueError, TypeError) as error:
        raise OptionError(f"the analysis of {analysis.source.name} has no form in JSON: {error}") from error
    if path is not None:
        save_text(path, written)
    return written


def from_json(written: str, name: str = "the text") -> Analysis:
    """Return the analysis that JSON describes.

    Args:
        written: The JSON.
        name: What errors call it.

    Raises:
        InputError: It is no JSON, no analysis, or of a newer version.

    Example:
        >>> from mien.types import Source
        >>> analysis = Analysis(Source("letter.txt", "text", "characters", 12.0))
        >>> from_json(to_json(analysis)) == analysis
        True
    """
    try:
        plain = json.loads(written, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not JSON, so it holds no analysis: {_told(error)}") from error
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise InputError(f'{name} holds no analysis of mien; it must be an object with "format": "{FORMAT}"')
    _check_version(plain.get("version"), name)
    try:
        return decode_analysis(plain)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, MienError) as error:
        raise InputError(f"{name} is not a well-formed analysis: {_told(error)}") from error


def load(path: str | Path) -> Analysis:
    """Return the analysis that a file holds.

    Raises:
        InputError: The file cannot be read, holds no analysis, or one of a newer version.
    """
    return from_json(decode_text(read_bytes(path), str(path)), str(path))


def schema() -> dict[str, Any]:
    """Return the published JSON Schema of the current version."""
    found: dict[str, Any] = json.loads(
        (Path(__file__).parent / "schema" / f"analysis-{VERSION}.json").read_text("utf-8")
    )
    return found


def _dumped(plain: dict[str, Any]) -> str:
    written = json.dumps(plain, ensure_ascii=False, allow_nan=False)
    try:
        written.encode("utf-8")
    except UnicodeEncodeError:
        # File names that are no UTF-8 carry lone surrogates, which only an escape can hold.
        return json.dumps(plain, ensure_ascii=True, allow_nan=False)
    return written


def _check_version(version: object, name: str) -> None:
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InputError(f"{name} states the version {version!r}; allowed: whole numbers from 1 to {VERSION}")
    if version > VERSION:
        raise InputError(f"{name} is of version {version}, newer than this mien reads; allowed: up to {VERSION}")


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


def _told(error: Exception) -> str:
    told = f"{error.args[0]!r} is missing or unknown" if isinstance(error, KeyError) and error.args else str(error)
    return told[:LONGEST_TOLD].replace("\n", " ")
