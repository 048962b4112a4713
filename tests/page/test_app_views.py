"""Every view of the served page in a real browser: it draws and reads well at any width and theme, and obeys keys."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .browser import Browser
from .conftest import APP
from .served import Served

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
TAB, ENTER = "\ue004", "\ue007"
VIEWS = ("analyze", "result", "compare", "live", "conversation", "models")
DRAWN = {"analyze": ".job.done", "result": "#timeline .lane-ribbon", "compare": "#paths .here", "models": ".model"}
LARGEST = 500_000
SLOWEST = 1000.0

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


Show = Callable[..., None]


@pytest.fixture
def show(driver: Browser, server: Served, analyses: dict[str, str]) -> Show:
    """Open a view and wait until what the server knows is drawn."""
    parts = {
        "result": ("analyze", analyses["audio"]),
        "compare": ("compare", analyses["audio"], analyses["video"]),
    }

    def open_view(view: str, **screen: Any) -> None:
        driver.open(server.page(*parts.get(view, (view,))), **screen)
        driver.wait(f"return document.querySelector({json.dumps(DRAWN.get(view, 'main h1'))}) !== null")
        driver.settle()

    return open_view


@pytest.mark.parametrize("width", [380, 1280])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("view", VIEWS)
def test_view_draws_without_complaint_and_axe_finds_nothing_serious(
    driver: Browser, show: Show, view: str, width: int, dark: bool
) -> None:
    show(view, width=width, dark=dark)
    assert driver.run("return document.documentElement.dataset.theme") == ("dark" if dark else "light")
    assert driver.run("return document.documentElement.scrollWidth <= window.innerWidth")
    assert driver.run("return document.querySelectorAll('h1').length") == 1
    assert driver.complaints() == []
    if AXE.is_file():
        assert serious(driver) == []


def serious(driver: Browser) -> list[Any]:
    # As a test and not as a script of the page: the page's policy would refuse one that is inline.
    driver.run(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = driver.run_async("const done = arguments[0]; axe.run(document).then(done)")
    return [
        (one["id"], [node["html"][:140] for node in one["nodes"]][:3])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_whole_view_can_be_walked_with_the_tab_key(driver: Browser, show: Show, view: str) -> None:
    show(view)
    wanted = driver.run(
        "return [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex=\"0\"]')]"
        ".filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility() && e.type !== 'radio').length"
    )
    driver.run("window.walked = new Set()")
    for _ in range(wanted + 8):
        driver.press(TAB)
        seen = driver.run(
            "const e = document.activeElement; const own = !walked.has(e); walked.add(e);"
            "const box = e.matches('.chip input') ? e.nextElementSibling : e;"
            "return [e === document.body || e.tagName === 'VIDEO' || e.tagName === 'AUDIO' ||"
            " getComputedStyle(box).outlineStyle !== 'none', e.outerHTML.slice(0, 90), own]"
        )
        assert seen[0], f"the focus cannot be seen on {seen[1]}"
    missed = driver.run(
        "return [...document.querySelectorAll('main a[href], main button, main input, main select, main textarea')]"
        ".filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility() && !walked.has(e))"
        ".map(e => e.outerHTML.slice(0, 90))"
    )
    assert missed == []


def test_navigation_by_keyboard_moves_the_focus_and_is_said(
    driver: Browser, server: Served, analyses: dict[str, str]
) -> None:
    driver.open(server.page("analyze"))
    driver.press(TAB)
    assert driver.run("return document.activeElement.className") == "skip"
    driver.press(ENTER)
    assert driver.run("return document.activeElement.id") == "content"
    driver.run("document.querySelector('nav a[href=\"#/models\"]').focus()")
    driver.press(ENTER)
    driver.wait("return document.querySelector('h1')?.innerText === 'Models'")
    driver.wait("return document.activeElement === document.querySelector('h1')")
    assert driver.run("return document.querySelector('nav [aria-current=page]').innerText") == "Models"
    driver.wait("return [...document.querySelectorAll('[aria-live]')].some(e => e.innerText === 'Models')")
    driver.run("location.hash = arguments[0]", f"#/analyze/{analyses['audio']}")
    driver.wait("return document.activeElement.tagName === 'H1' && document.activeElement.innerText === 'dialogue.ogg'")


def test_theme_follows_the_system_until_one_is_chosen_and_is_kept(driver: Browser, server: Served) -> None:
    driver.open(server.page("models"), dark=True)
    assert driver.run("return document.documentElement.dataset.theme") == "dark"
    driver.run("[...document.querySelectorAll('[role=radio]')].find(e => e.innerText === 'Light').click()")
    driver.settle()
    assert driver.run("return document.documentElement.dataset.theme") == "light"
    driver.open(server.page("analyze"), dark=True)
    assert driver.run("return document.documentElement.dataset.theme") == "light"
    driver.run("[...document.querySelectorAll('[role=radio]')].find(e => e.innerText === 'Auto').click()")


def test_models_are_told_with_scores_licences_and_limits(driver: Browser, server: Served) -> None:
    driver.open(server.page("models"))
    driver.wait("return document.querySelectorAll('.model').length > 0")
    cards = {card["name"]: card for card in server.ask("GET", "/v1/models").json()["models"]}
    assert driver.run("return document.querySelectorAll('.model').length") == len(cards)
    driver.run("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    told = driver.text("main")
    for card in cards.values():
        assert card["licence"] in told
        assert all(line[1:] in told for line in (*card["not_for"], *card["limits"]))
        assert all(corpus["corpus"] in told for corpus in card["trained_on"])
    driver.run("[...document.querySelectorAll('main [role=radio]')].find(e => e.innerText === 'Text').click()")
    driver.settle()
    shown = driver.run("return [...document.querySelectorAll('.model h2')].map(e => e.innerText.split(' ')[0])")
    assert set(shown) == {name for name, card in cards.items() if card["modality"] == "text"}


def test_page_is_light() -> None:
    if not APP.is_file():
        pytest.skip("the served page is not built (pip install -e . builds it)")
    files = [file for file in APP.parent.rglob("*") if file.is_file()]
    sizes = {file.name: len(gzip.compress(file.read_bytes(), 9)) for file in files}
    assert sum(sizes.values()) <= LARGEST, sizes
    assert not any("sourceMappingURL" in file.read_text(encoding="utf-8", errors="ignore") for file in files)


def test_first_paint_is_quick(driver: Browser, server: Served) -> None:
    paints = []
    for _ in range(3):
        driver.open(server.page("analyze"))
        driver.wait("return performance.getEntriesByName('first-contentful-paint').length === 1")
        paints.append(driver.run("return performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    assert min(paints) <= SLOWEST, paints


def test_policy_forbids_other_servers_and_inline_code(driver: Browser, server: Served) -> None:
    driver.open(server.page("analyze"))
    answer = driver.run_async(
        "const done = arguments[0]; fetch('http://127.0.0.1:9/').then(() => done('sent'), error => done(String(error)))"
    )
    assert "Failed to fetch" in answer
    assert any("Content Security Policy" in message for message in driver.complaints())
    document = server.ask("GET", "/").text
    assert "<style" not in document
    assert 'style="' not in document
    assert document.count("<script") == document.count('<script type="module" src="/app/assets/')
