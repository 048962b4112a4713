"""The docs build without a warning, and the site loads nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .blocks import ROOT

LOADED = re.compile(r"<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc=[\"']?(?:https?:)?//")
STYLED = re.compile(
    r"<link\b[^>]*\brel=[\"']?(?:stylesheet|preload|preconnect|icon|modulepreload)[^>]*href=[\"']?(?:https?:)?//"
)
IN_STYLE = re.compile(r"@import\s+[\"']?(?:https?:)?//|url\([\"']?(?:https?:)?//")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_page_is_built(site: Path) -> None:
    pages = {page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")}
    built = {page.relative_to(site) for page in site.rglob("*.html")}
    assert len(pages) > 40
    assert pages <= built
    assert {Path("contributing/index.html"), Path("changes.html")} <= built


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not LOADED.search(text), page
        assert not STYLED.search(text), page
    for sheet in site.rglob("*.css"):
        assert not IN_STYLE.search(sheet.read_text(encoding="utf-8")), sheet


def test_the_reference_of_python_is_there(site: Path) -> None:
    text = (site / "reference" / "python.html").read_text(encoding="utf-8")
    for name in ("mien.analyze", "mien.pipeline", "mien.MienTransformer", "Analysis", "MissingExtraError"):
        assert name in text
    assert "&gt;&gt;&gt; " in text or ">>> " in text or 'gp">&gt;&gt;&gt;' in text


def test_links_out_of_the_docs_are_led_or_dropped(site: Path) -> None:
    start = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="contributing/index.html"' in start
    text = (site / "how-to" / "work-with-an-analysis.html").read_text(encoding="utf-8")
    assert "../reference/analysis-1.json" in text
    assert "../../src" not in text
