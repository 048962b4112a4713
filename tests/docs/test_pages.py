"""Pages: links lead somewhere, code runs, generated text is fresh."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .blocks import ROOT, blocks, run_python, run_shell

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tools").rglob("*.md")])
WRITTEN = [page for page in PAGES if "docs/tutorials" in str(page) or "docs/how-to" in str(page)]
WITH_PYTHON = [page for page in WRITTEN if blocks(page, "python")]
WITH_SHELL = [page for page in WRITTEN if blocks(page, "sh")]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_there_are_pages() -> None:
    assert len(PAGES) > 20
    assert len(WITH_PYTHON) >= 3
    assert len(WITH_SHELL) >= 4


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", WITH_PYTHON, ids=name)
def test_python_runs(page: Path, desk: Path) -> None:
    for code in blocks(page, "python"):
        run_python(code, desk)


@pytest.mark.parametrize("page", WITH_SHELL, ids=name)
def test_shell_runs(page: Path, desk: Path) -> None:
    run_shell("".join(blocks(page, "sh")), desk)


@pytest.mark.parametrize("tool", ["results_table.py", "reference_pages.py"])
def test_generated_text_is_fresh(tool: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / tool), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
