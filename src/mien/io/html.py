"""The report page: one HTML file that holds the analysis, and the media where they are small enough.

The page itself is built from ``web/`` when the package is built. It forbids itself any network by a
Content-Security-Policy; analysis and media are put into it as JSON that no browser runs.
"""

from __future__ import annotations

import base64
import html
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from mien.errors import AssetError
from mien.io.json import to_json
from mien.io.mime import HEAD, media_type
from mien.io.paths import read_bytes, readable_file
from mien.io.save import save_text

if TYPE_CHECKING:
    from mien.types import Analysis

__all__ = ["LARGEST_EMBEDDED", "to_html"]

PAGE = Path(__file__).with_name("report.html")
LARGEST_EMBEDDED = 40 * 2**20
"""Media up to this many bytes go into the page; larger ones are referred to."""

SHOWN = ("audio", "video", "image")
ANALYSIS_PLACE = '<script id="mien-analysis" type="application/json">null</script>'
MEDIA_PLACE = '<script id="mien-media" type="application/json">null</script>'
TITLE_PLACE = "<title>mien report</title>"
UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def to_html(analysis: Analysis, path: str | Path | None = None, *, media: str | Path | None = None) -> str:
    """Return the report page of an analysis.

    Args:
        analysis: What to show.
        path: Where to write the page, if anywhere.
        media: The recording, video or picture that was analysed. Up to `LARGEST_EMBEDDED` bytes it goes into the page;
            a larger one is referred to by its path relative to the page, and the page says so. Ignored for words.

    Returns:
        The page: one HTML document that needs nothing else.

    Raises:
        AssetError: The page is not in this installation.
        InputError: The media cannot be read.
        OutputError: ``path`` cannot be written.

    Example:
        >>> from mien.types import Analysis, Source
        >>> to_html(Analysis(Source("note.txt", "text", "characters", 12)))[:15]
        '<!doctype html>'
    """
    carried = _media(analysis, media, path)
    title = f"<title>{html.escape(Path(analysis.source.name).name)} · mien</title>"
    page = _page()
    page = _put(page, TITLE_PLACE, title)
    page = _put(page, ANALYSIS_PLACE, ANALYSIS_PLACE.replace("null", _safe(to_json(analysis))))
    page = _put(page, MEDIA_PLACE, MEDIA_PLACE.replace("null", _safe(json.dumps(carried))))
    if path is not None:
        save_text(path, page)
    return page


def _page() -> str:
    if not PAGE.is_file():
        raise AssetError(
            f"the report page {PAGE} is missing from this installation; install mien again with 'pip install .', "
            "which builds it"
        )
    return PAGE.read_text(encoding="utf-8")


def _put(page: str, place: str, content: str) -> str:
    before, found, after = page.partition(place)
    if not found:
        raise AssetError(f"the report page {PAGE} has no place {place!r}; install mien again with 'pip install .'")
    return before + content + after


def _safe(document: str) -> str:
    """Return JSON that cannot end its script element, nor a line of JavaScript."""
    for unsafe, escape in UNSAFE.items():
        document = document.replace(unsafe, escape)
    return document


def _media(analysis: Analysis, media: str | Path | None, page: str | Path | None) -> dict[str, str]:
    """Return how the page gets the media: inside it, beside it, or not at all."""
    if media is None or analysis.source.kind not in SHOWN:
        return {"kind": "none", "note": ""}
    media = readable_file(media)
    size = media.stat().st_size
    mime = media_type(read_bytes(media, HEAD), analysis.source.kind)
    if size > LARGEST_EMBEDDED:
        note = f"The media ({size / 2**20:.0f} MB) is too large to be inside this page. It is played from {media.name}."
        return {"kind": "reference", "name": media.name, "mime": mime, "href": _href(media, page), "note": note}
    content = base64.b64encode(read_bytes(media)).decode("ascii")
    return {"kind": "embedded", "name": media.name, "mime": mime, "base64": content}


def _href(media: Path, page: str | Path | None) -> str:
    """Return the media's address: relative to the page where there is one and both lie on one drive."""
    media = media.resolve()
    if page is None:
        return media.as_uri()
    try:
        return quote(Path(os.path.relpath(media, Path(page).resolve().parent)).as_posix())
    except ValueError:
        return media.as_uri()
