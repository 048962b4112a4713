"""A real browser for the pages; the tests are skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .browser import Browser
from .media import make_media
from .served import Served

EXAMPLES = Path(__file__).parents[2] / "examples"
APP = Path(__file__).parents[2] / "src/mien/serve/page/index.html"


@pytest.fixture(scope="session")
def driver() -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("no Chromium with its driver here (Debian: apt-get install chromium chromium-driver)")
    pytest.importorskip("selenium", reason="needs selenium")
    browser = Browser.start(chromium, chromedriver)
    yield browser
    browser.stop()


@pytest.fixture(scope="session")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    make_media(folder)
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that all tests share; each adds what it needs."""
    pytest.importorskip("fastapi", reason="needs the extra serve")
    if not APP.is_file():
        pytest.skip("the served page is not built (pip install -e . builds it)")
    running = Served.start(tmp_path_factory.mktemp("served"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def analyses(server: Served) -> dict[str, str]:
    """Ids of finished analyses of the examples, by kind."""
    ids = {
        "text": server.add(EXAMPLES / "letter.txt"),
        "audio": server.add(EXAMPLES / "dialogue.ogg", transcript=EXAMPLES / "dialogue.srt"),
        "video": server.add(EXAMPLES / "talk.mp4", transcript=EXAMPLES / "talk.srt"),
    }
    server.wait(list(ids.values()))
    return ids
