"""What the server can write, as it is told to clients."""

from __future__ import annotations

from mien.io.exports import FORMATS, available
from mien.serve.shapes import FormatInfo

__all__ = ["format_infos", "format_names"]


def format_names() -> list[str]:
    """Return the names of the formats that can be written here."""
    return [name for name in FORMATS if available(name)]


def format_infos() -> list[FormatInfo]:
    """Return every format, and whether it can be written here."""
    return [
        FormatInfo(name=form.name, ending=form.ending, label=form.label, available=available(form.name))
        for form in FORMATS.values()
    ]
