"""The report page in a real browser: it draws, obeys keys, fits phones, reads well, and asks nothing of any network."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mien.io.html import PAGE, to_html
from mien.io.json import from_json

from .browser import Browser
from .samples import SAMPLES

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
SHORT = [name for name in SAMPLES if name != "long"]
MEDIA = {"photo": "photo.png", "audio": "audio.wav", "video": "video.webm"}
ARROW_RIGHT, ARROW_DOWN, END, TAB = "\ue014", "\ue015", "\ue010", "\ue004"

pytestmark = [
    pytest.mark.skipif(not PAGE.is_file(), reason="the report page is not built (pip install -e . builds it)"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
Make = Callable[[str], Path]


@pytest.fixture
def make(tmp_path: Path, media_folder: Path) -> Make:
    """Write the report of a sample and return its path."""

    def write(name: str) -> Path:
        analysis = from_json(json.dumps(SAMPLES[name]()))
        media = media_folder / MEDIA[name] if name in MEDIA else None
        page = tmp_path / f"{name}.html"
        to_html(analysis, page, media=media)
        return page

    return write


@pytest.mark.parametrize("name", SHORT)
@pytest.mark.parametrize("width", [380, 1280])
def test_every_sample_draws_without_complaint_and_without_sideways_scroll(
    driver: Browser, make: Make, name: str, width: int
) -> None:
    driver.open(make(name), width=width, dark=width == 380)
    assert driver.run("return document.documentElement.scrollWidth <= window.innerWidth")
    assert driver.complaints() == []
    assert "must not be used" in driver.text("#limits")


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core: run 'npm ci' in web/")
@pytest.mark.parametrize("name", SHORT)
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(driver: Browser, make: Make, name: str, dark: bool) -> None:
    driver.open(make(name), dark=dark)
    driver.run(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = driver.run_async("const done = arguments[0]; axe.run(document).then(done)")
    serious = [
        (found["id"], [node["html"][:120] for node in found["nodes"]][:3])
        for found in result["violations"]
        if found["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_page_forbids_itself_the_network(driver: Browser, make: Make) -> None:
    driver.open(make("text"))
    answer = driver.run_async(
        "const done = arguments[0]; fetch('http://127.0.0.1:9/').then(() => done('sent'), error => done(String(error)))"
    )
    assert "Failed to fetch" in answer
    assert any("Content Security Policy" in message for message in driver.complaints())
    driver.open(make("text"))
    assert (
        driver.run("return performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length")
        == 0
    )


def test_text_that_looks_like_markup_stays_text(driver: Browser, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = '</script><script>window.evil = 1</script><img src=x onerror="window.evil = 2"> \u2028 & done'
    document = SAMPLES["chat"]()
    document["turns"][0]["text"] = evil
    document["warnings"] = [evil]
    monkeypatch.setitem(SAMPLES, "chat", lambda: document)
    driver.open(make("chat"))
    assert driver.run("return window.evil ?? null") is None
    assert evil.split("\u2028", maxsplit=1)[0].strip() in driver.text(".warnings")


def test_arrow_keys_move_the_cursor_from_the_slider_and_from_the_page(driver: Browser, make: Make) -> None:
    driver.open(make("audio"))
    driver.press(ARROW_RIGHT, ARROW_RIGHT)
    assert driver.run("return document.querySelector('[role=slider]').ariaValueNow") == "2"
    driver.run("document.querySelector('[role=slider]').focus()")
    driver.press(END)
    assert driver.run("return document.querySelector('[role=slider]').ariaValueNow") == "30"
    assert driver.text(".now-time") == "0:30.0"


def test_arrow_keys_go_from_sentence_to_sentence(driver: Browser, make: Make) -> None:
    driver.open(make("text"))
    driver.run("document.querySelector('[role=listbox]').focus()")
    driver.press(ARROW_DOWN, ARROW_DOWN)
    assert driver.text("[aria-selected=true] .sentence-words") == "They had said yes! \U0001f389"
    assert driver.text("#evidence mark.for") == "yes"
    assert driver.text(".headline-label").lower() == "joy"


def test_everything_can_be_reached_with_the_tab_key(driver: Browser, make: Make) -> None:
    driver.open(make("video"))
    reached = set()
    for _ in range(40):
        driver.press(TAB)
        reached.add(
            driver.run("const e = document.activeElement; return e.className || e.getAttribute('role') || e.tagName")
        )
        outline = driver.run(
            "const e = document.activeElement; return e === document.body || e.tagName === 'VIDEO' || "
            "getComputedStyle(e).outlineStyle !== 'none'"
        )
        assert outline, "the focus cannot be seen"
    assert {"skip", "scrubber", "person-choose", "moment"} <= reached


def test_moment_jumps_and_chooses_its_person(driver: Browser, make: Make) -> None:
    driver.open(make("audio"))
    driver.run("document.querySelectorAll('.moment')[1].click()")
    driver.settle()
    assert driver.text(".now-time") == "0:19.0"
    assert driver.text("#now [aria-checked=true]") == "Ben"
    assert "Conflict" in driver.text("#now")


def test_video_plays_from_inside_the_page_and_the_boxes_follow(driver: Browser, make: Make) -> None:
    driver.open(make("video"))
    driver.wait("return document.querySelector('video').readyState >= 2")
    before = driver.run("return document.querySelector('.face').style.left")
    driver.run("document.querySelector('video').play()")
    driver.wait("return document.querySelector('video').currentTime > 0.8")
    driver.run("document.querySelector('video').pause()")
    driver.settle()
    now = driver.run("return document.querySelector('video').currentTime")
    assert driver.run("return document.querySelector('.face').style.left") != before
    assert float(driver.run("return document.querySelector('[role=slider]').ariaValueNow")) == pytest.approx(
        now, abs=0.2
    )


def test_recording_inside_the_page_is_drawn_as_a_waveform_that_can_be_clicked(driver: Browser, make: Make) -> None:
    driver.open(make("audio"))
    driver.wait("return document.querySelector('.wave canvas') !== null")
    driver.settle()
    inked = driver.run(
        "const c = document.querySelector('.wave canvas');"
        "const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);"
        "return data.some((value, at) => at % 4 === 3 && value > 0)"
    )
    assert inked
    driver.click(".wave canvas")
    assert float(driver.run("return document.querySelector('[role=slider]').ariaValueNow")) == pytest.approx(
        15, abs=0.5
    )
    assert driver.complaints() == []


def test_theme_follows_the_system_until_one_is_chosen(driver: Browser, make: Make) -> None:
    page = make("photo")
    driver.open(page, dark=True)
    assert driver.run("return document.documentElement.dataset.theme") == "dark"
    driver.run("[...document.querySelectorAll('[role=radio]')].find(e => e.textContent === 'Light').click()")
    driver.settle()
    assert driver.run("return document.documentElement.dataset.theme") == "light"


def test_ten_minutes_of_three_persons_stay_quick(driver: Browser, make: Make) -> None:
    driver.open(make("long"))
    assert driver.run("return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") < 5000
    each = driver.run_async("""
        const done = arguments[0], slider = document.querySelector('[role=slider]');
        let count = 0;
        const begin = performance.now();
        const step = () => {
          slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
          count += 1;
          if (count < 30) requestAnimationFrame(step); else done((performance.now() - begin) / 30);
        };
        step();
    """)
    assert each < 150


def test_empty_analysis_says_so(driver: Browser, make: Make) -> None:
    driver.open(make("empty"))
    assert "Nothing to perceive" in driver.text("#now")
    assert "no voice was found" in driver.text(".warnings")
