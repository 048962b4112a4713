"""What MkDocs is told beyond mkdocs.yml: folders in the navigation, pages from outside docs/, and where links lead.

The pages are written to be read in the repository as well, where a link may lead to any file.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
SHOWN = {
    "CONTRIBUTING.md": "contributing/index.md",
    "CHANGELOG.md": "changes.md",
    "src/mien/io/schema/analysis-1.json": "reference/analysis-1.json",
    "web/src/app/icon.svg": "images/mark.svg",
}
LINK = re.compile(r"(!?)\[([^\]]+)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_config(config: Any) -> Any:
    """Let an entry of the navigation that ends in a slash stand for the pages of that folder."""
    config.nav = _filled(config.nav, Path(config.docs_dir))
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the files outside docs/ that are shown."""
    for source, place in SHOWN.items():
        content = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, place, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links to where their targets are shown; a link to what is not shown becomes plain words."""
    shown = {place: source for source, place in SHOWN.items()}
    here = PurePosixPath(shown.get(page.file.src_uri, f"docs/{page.file.src_uri}")).parent

    def lead(found: re.Match[str]) -> str:
        picture, words, target, anchor = found[1], found[2], found[3], found[4] or ""
        aim = os.path.normpath(here / target)
        place = SHOWN.get(aim) or (aim.removeprefix("docs/") if aim.startswith("docs/") else None)
        if place is None:
            return words
        start = PurePosixPath(page.file.src_uri).parent
        return f"{picture}[{words}]({os.path.relpath(place, start)}{anchor})"

    return LINK.sub(lead, markdown)


def _filled(entry: Any, docs: Path) -> Any:
    if isinstance(entry, list):
        return [_filled(each, docs) for each in entry]
    if isinstance(entry, dict):
        return {name: _filled(value, docs) for name, value in entry.items()}
    if entry.endswith("/"):
        return [page.relative_to(docs).as_posix() for page in sorted((docs / entry).glob("*.md"))]
    return entry
