"""Pages: links lead somewhere, code runs, generated text is fresh."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .blocks import ROOT, RUN, SHOWN, every_block, run_page

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tools").rglob("*.md")])
DOCS = sorted((ROOT / "docs").rglob("*.md"))
RUNNABLE = [page for page in DOCS if any(block.language in RUN for block in every_block(page))]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_there_are_pages() -> None:
    assert len(PAGES) > 20
    assert len(RUNNABLE) >= 5


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_blocks_are_run_or_only_shown(page: Path) -> None:
    for block in every_block(page):
        assert block.language in (*RUN, *SHOWN), f"line {block.line}: nobody runs {block.language!r}"
        if block.language == "json":
            json.loads(block.body)
        if block.language == "toml":
            tomllib.loads(block.body)


@pytest.mark.parametrize("page", RUNNABLE, ids=name)
def test_blocks_run(page: Path, desk: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    run_page(page, desk, tmp_path_factory.mktemp("notes"))


@pytest.mark.parametrize("tool", ["results_table.py", "reference_pages.py"])
def test_generated_text_is_fresh(tool: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / tool), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
