"""Every form that an analysis can be written in: one table, which the command line, the server and the page share.

Example:
    >>> list(FORMATS)[:5]
    ['json', 'csv', 'parquet', 'html', 'vtt']
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from mien.errors import MissingExtraError, OptionError
from mien.io.save import save_bytes
from mien.types.analysis import Analysis

__all__ = ["FORMATS", "Format", "available", "check_format", "export"]

MODULES: Mapping[str, tuple[str, ...]] = {"parquet": ("pandas", "pyarrow"), "audformat": ("audformat", "pandas")}
"""What a format with an extra imports."""

PLAYED = ("html", "eaf")
"""Formats that refer to the medium that was analysed."""


@dataclass(frozen=True, slots=True)
class Format:
    """One form of an analysis.

    Args:
        name: What options and addresses call it.
        ending: The ending of its file, without the leading dot.
        label: What a person reads in a menu.
        media_type: The Internet media type of its file; that of the packed folder where it is a folder.
        extra: The extra that it needs, if any.
        folder: Whether it is a folder; a path that ends in ``.zip`` gets it packed.
    """

    name: str
    ending: str
    label: str
    media_type: str
    extra: str | None = None
    folder: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        each.name: each
        for each in (
            Format("json", "json", "JSON, complete", "application/json"),
            Format("csv", "csv", "CSV, a row an affect", "text/csv"),
            Format("parquet", "parquet", "Parquet, a row an affect", "application/vnd.apache.parquet", "tables"),
            Format("html", "html", "Report page", "text/html"),
            Format("vtt", "vtt", "WebVTT subtitles", "text/vtt"),
            Format("emotionml", "emotionml", "EmotionML 1.0", "application/emotionml+xml"),
            Format("eaf", "eaf", "ELAN annotations", "application/xml"),
            Format("textgrid", "TextGrid", "Praat TextGrid", "text/plain"),
            Format("audformat", "audformat", "audformat database", "application/zip", "tables", folder=True),
            Format("openface", "openface.csv", "OpenFace-style CSV", "text/csv"),
        )
    }
)


def check_format(name: str) -> Format:
    """Return a format by name, if it can be written here.

    Raises:
        OptionError: The format is unknown.
        MissingExtraError: It needs an extra that is not installed.
    """
    if name not in FORMATS:
        raise OptionError(f"the format {name!r} was asked for; allowed: {', '.join(FORMATS)}")
    found = FORMATS[name]
    if found.extra is not None and not available(name):
        raise MissingExtraError(f"the format {name}", found.extra)
    return found


def available(name: str) -> bool:
    """Return whether what a format needs is installed.

    Example:
        >>> available("json")
        True
    """
    try:
        return all(find_spec(module) is not None for module in MODULES.get(name, ()))
    except (ImportError, ValueError):
        return False


def export(analysis: Analysis, name: str, path: str | Path, *, media: str | Path | None = None) -> None:
    """Write an analysis in the format of that name, whole or not at all.

    Args:
        analysis: What to write.
        name: A name of `FORMATS`.
        path: The file, or for a folder format the folder; there a path that ends in ``.zip`` gets the folder packed.
        media: What was analysed, so that formats which refer to it find it; the report page carries it.

    Raises:
        OptionError: The format is unknown, or cannot hold this analysis (such as words without times in a TextGrid).
        MissingExtraError: The format needs an extra that is not installed.
        OutputError: The place cannot be written.

    Example:
        >>> from mien.types import Source
        >>> wanted = Path(tempfile.mkdtemp()) / "a.vtt"
        >>> export(Analysis(Source("a.wav", "audio")), "vtt", wanted)
        >>> wanted.read_text()[:6]
        'WEBVTT'
    """
    form = check_format(name)
    if form.folder and Path(path).suffix == ".zip":
        _packed(analysis, form, Path(path), media)
    else:
        _write(analysis, name, path, media)


def _write(analysis: Analysis, name: str, path: str | Path, media: str | Path | None) -> None:
    module = {"parquet": "frame"}.get(name, name)
    write: Callable[..., object] = getattr(import_module(f"mien.io.{module}"), f"to_{name}")
    write(analysis, path, **({"media": media} if name in PLAYED else {}))


def _packed(analysis: Analysis, form: Format, path: Path, media: str | Path | None) -> None:
    """Write a folder format beside and pack it."""
    with tempfile.TemporaryDirectory(prefix="mien-") as scratch:
        folder = Path(scratch) / path.stem
        _write(analysis, form.name, folder, media)
        packed = shutil.make_archive(str(Path(scratch) / "packed"), "zip", root_dir=scratch, base_dir=folder.name)
        save_bytes(path, Path(packed).read_bytes())
