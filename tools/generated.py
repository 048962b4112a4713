"""What the generators of docs share: write pages, or say which ones are stale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mien.runtime import ModelInfo, open_asset

ROOT = Path(__file__).resolve().parents[1]


def cards() -> list[ModelInfo]:
    """Return the card of each model of this repository: the package's own, then those of ``packages/``."""
    found = [*(ROOT / "src" / "mien" / "assets").glob("*/card.toml"), *(ROOT / "packages").glob("*/src/*/*/card.toml")]
    return [open_asset(card.parent).info for card in sorted(found, key=lambda card: card.parent.name)]


def settle(pages: Mapping[Path, str], *, folders: Iterable[Path] = (), remedy: str = "make results") -> int:
    """Write the pages, or with `--check` compare them; return the exit status.

    Args:
        pages: path to text.
        folders: folders in which nothing but these pages may lie; others are removed, or reported.
        remedy: the command to name when something is stale.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is stale")
    check = parser.parse_args().check
    stale = [path for path, text in pages.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    extra = [path for folder in folders for path in folder.rglob("*.md") if path not in pages]
    if check:
        return _report([*stale, *extra], remedy)
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages[path], encoding="utf-8")
    for path in extra:
        path.unlink()
    return 0


def _report(stale: Sequence[Path], remedy: str) -> int:
    for path in stale:
        sys.stderr.write(f"{path.relative_to(ROOT)} is stale; run: {remedy}\n")
    return 1 if stale else 0


def between(text: str, name: str, body: str) -> str:
    """Return the text with the body between its markers `<!-- name -->` and `<!-- /name -->`."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"the markers {begin} and {end} are missing")
    return f"{before}{begin}\n{body.strip()}\n{end}{after}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, or a sentence where it would be empty."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    if not lines:
        return "None."
    return "\n".join(["| " + " | ".join(header) + " |", "|" + "---|" * len(header), *lines])
