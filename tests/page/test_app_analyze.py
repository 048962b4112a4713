"""The way through the served page in a real browser: give something, follow it, read it, change it, take it away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .browser import Browser
from .conftest import EXAMPLES
from .served import Served

ESCAPE = "\ue00c"
TOKEN = "a-token-long-enough-for-tests"
READY = "return document.querySelector('#now') !== null"

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(autouse=True)
def nothing_leaves_the_machine(driver: Browser, server: Served) -> Iterator[None]:
    """After each test: every request went to a server of this test run, and the policy was never hit."""
    driver.requests()
    yield
    asked = [url for url in driver.requests() if urlsplit(url).scheme not in ("blob", "data", "about", "chrome")]
    assert asked, "the browser kept no record of its requests"
    assert [url for url in asked if urlsplit(url).hostname != "127.0.0.1"] == []


def click_text(driver: Browser, selector: str, text: str) -> None:
    """Click the first element of a selector that holds a text, as soon as it is there."""
    found = (
        f"[...document.querySelectorAll({json.dumps(selector)})].find(e => e.innerText.includes({json.dumps(text)}))"
    )
    driver.wait(f"return {found} !== undefined")
    driver.run(f"{found}.click()")
    driver.settle()


def choose(driver: Browser, selector: str, value: str) -> None:
    driver.run(
        "const e = document.querySelector(arguments[0]); e.value = arguments[1];"
        "e.dispatchEvent(new Event('change', { bubbles: true }))",
        selector,
        value,
    )


def test_files_are_sent_followed_and_opened(driver: Browser, server: Served) -> None:
    driver.open(server.page("analyze"))
    driver.run("""
        window.seen = new Set();
        new MutationObserver(() => document.querySelectorAll('.job').forEach(e => seen.add(e.className)))
          .observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    """)
    driver.give("input[type=file]", EXAMPLES / "dialogue.ogg", EXAMPLES / "dialogue.srt")
    driver.wait("return document.querySelector('.job.done a.job-name')?.innerText === 'dialogue.ogg'", 120)
    states = " ".join(driver.run("return [...window.seen]"))
    assert "running" in states
    driver.wait("return [...document.querySelectorAll('[aria-live]')].some(e => e.innerText.includes('is ready'))")
    assert [url for url in driver.requests() if url.endswith("/events")], "progress came without server-sent events"
    driver.click(".job.done a.job-name")
    driver.wait(READY)
    assert driver.text("h1") == "dialogue.ogg"
    assert "Did you get any sleep" in driver.text("#stage"), "the transcript beside the recording was not taken"
    assert driver.complaints() == []


def test_file_may_be_dropped_anywhere_on_the_view(driver: Browser, server: Served) -> None:
    driver.open(server.page("analyze"))
    driver.run("""
        window.carried = new DataTransfer();
        carried.items.add(new File(['What a wonderful surprise this is!'], 'dropped.txt', { type: 'text/plain' }));
        const send = name => document.body.dispatchEvent(
          new DragEvent(name, { dataTransfer: carried, bubbles: true, cancelable: true }));
        send('dragenter');
        window.fall = () => send('drop');
    """)
    driver.wait("return document.querySelector('.drop.over') !== null")
    assert driver.run("return fall()") is False, "the browser would have left the page for the file"
    driver.wait("return document.querySelector('.drop.over') === null")
    driver.wait("return document.querySelector('.job.done a.job-name')?.innerText === 'dropped.txt'", 60)


def test_refused_file_says_why(driver: Browser, server: Served, tmp_path: Path) -> None:
    bad = tmp_path / "holiday.mp4"
    bad.write_bytes(b"%PDF-1.7 not a film")
    driver.open(server.page("analyze"))
    driver.give("input[type=file]", bad)
    driver.wait("return document.querySelector('.job .trouble') !== null")
    assert "holiday.mp4" in driver.text(".job .trouble")
    assert "PDF" in driver.text(".job .trouble")
    click_text(driver, ".job button", "Dismiss")
    assert driver.text(".job .trouble") == ""
    driver.complaints()  # the browser logs the refusal itself


def test_text_and_chat_are_pasted(driver: Browser, server: Served) -> None:
    driver.open(server.page("analyze"))
    click_text(driver, ".paste .link", "a chat")
    assert "7 turns, 2 speakers" in driver.text("#words-are")
    click_text(driver, ".paste button", "Analyze")
    driver.wait(READY, 60)
    assert "grandmother" in driver.text("#stage")
    assert driver.run("return location.hash").startswith("#/analyze/")
    driver.open(server.page("analyze"))
    click_text(driver, ".paste .link", "a letter")
    assert "A text of" in driver.text("#words-are")
    click_text(driver, ".paste button", "Analyze")
    driver.wait("return document.querySelector('.transcript.prose') !== null", 60)
    assert "melted cake" in driver.text("#stage")


def test_click_on_a_moment_moves_the_recording_and_shows_the_evidence(
    driver: Browser, server: Served, analyses: dict[str, str]
) -> None:
    driver.open(server.page("analyze", analyses["video"]))
    driver.wait("return document.querySelector('video')?.readyState >= 1")
    driver.wait("return document.querySelector('.wave canvas') !== null")
    driver.run("[...document.querySelectorAll('.moment')].find(e => e.innerText.includes('conflict')).click()")
    driver.settle()
    at = driver.run("return document.querySelector('video').currentTime")
    assert at == pytest.approx(
        float(driver.run("return document.querySelector('[role=slider]').ariaValueNow")), abs=0.2
    )
    assert at > 0
    assert "Conflict" in driver.text("#now")
    assert driver.run("return document.querySelectorAll('.reason').length") > 0
    driver.run(
        "[...document.querySelectorAll('.moment-row')].find(e => e.innerText.includes('conflict'))"
        ".querySelector('.moment-play').click()"
    )
    driver.wait(f"return document.querySelector('video').currentTime > {at + 0.3}")
    driver.wait("return document.querySelector('video').paused", 30)
    stopped = driver.run("return document.querySelector('video').currentTime")
    assert stopped < driver.run("return document.querySelector('video').duration"), "it played on after the moment"


def test_labels_change_and_a_missing_map_is_told(driver: Browser, server: Served, analyses: dict[str, str]) -> None:
    driver.open(server.page("analyze", analyses["text"]))
    driver.wait("return document.querySelectorAll('.taxonomy option').length > 3")
    before = driver.text("#now .bars")
    choose(driver, ".taxonomy select", "sentiment3")
    driver.wait("return /positive|negative/.test(document.querySelector('#now .bars').innerText)")
    assert driver.text("#now .bars") != before
    driver.run("""
        const real = window.fetch;
        window.fetch = (url, options) => url.endsWith('taxonomy=parrott')
          ? Promise.resolve(Response.json({ detail: 'no map leads to parrott from here' }, { status: 422 }))
          : real(url, options);
    """)
    choose(driver, ".taxonomy select", "parrott")
    driver.wait("return document.querySelector('.actions .trouble') !== null")
    assert "parrott" in driver.text(".actions .trouble")
    assert driver.run("return document.querySelector('.taxonomy select').value") == "sentiment3"
    assert driver.complaints() == []


def test_every_export_is_saved(driver: Browser, server: Served, analyses: dict[str, str], tmp_path: Path) -> None:
    driver.downloads(tmp_path)
    driver.open(server.page("analyze", analyses["audio"]))
    click_text(driver, ".menu > button", "Export")
    names = driver.run("return [...document.querySelectorAll('[data-format]')].map(e => e.dataset.format)")
    offered = [one["name"] for one in server.ask("GET", "/v1/info").json()["formats"] if one["available"]]
    assert names == offered
    for count, name in enumerate(names, start=1):
        driver.wait(f"return document.querySelector('[data-format={name}]').ariaDisabled !== 'true'", 60)
        driver.run("document.querySelector(arguments[0]).click()", f"[data-format={name}]")
        for _ in range(300):
            saved = [file for file in tmp_path.iterdir() if file.suffix != ".crdownload"]
            if len(saved) == count:
                break
            driver.settle()
        assert len(saved) == count, f"{name} was not saved: {driver.text('.actions')}"
    assert all(file.stat().st_size > 0 for file in tmp_path.iterdir())
    driver.press(ESCAPE)
    assert driver.run("return document.querySelector('.menu-list')") is None


def test_two_analyses_are_compared(driver: Browser, server: Served, analyses: dict[str, str]) -> None:
    driver.open(server.page("analyze"))
    driver.wait("return document.querySelectorAll('.job.done').length >= 3")
    for name in ("talk.mp4", "dialogue.ogg"):
        driver.run("document.querySelector(arguments[0]).click()", f"[aria-label='Compare {name}']")
    driver.settle()
    click_text(driver, ".compare-bar button", "Compare")
    driver.wait("return document.querySelector('#aligned .lane-ribbon') !== null")
    assert driver.text("h1") == "talk.mp4 and dialogue.ogg"
    assert driver.run("return document.querySelectorAll('#paths .here').length") == 2
    first = driver.text("#differences")
    assert "valence" in first
    choose(driver, ".side-choice.side-1 label:last-of-type select", "Ben")
    driver.wait("return document.querySelector('#aligned').innerText.includes('Ben in dialogue.ogg')")
    assert driver.text("#differences") != first
    click_text(driver, ".compare-head [role=radio]", "By share of length")
    driver.wait("return document.querySelector('#aligned .axis').innerText.includes('100 %')")
    before = driver.text(".aligned-now")
    driver.run("""
        const slider = document.querySelector('.point input');
        slider.value = 0.5;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
    """)
    driver.settle()
    assert driver.text(".aligned-now") != before
    assert driver.complaints() == []


def test_deleting_asks_first_and_leaves_nothing(driver: Browser, server: Served) -> None:
    one = server.add(EXAMPLES / "chat.csv")
    server.wait([one])
    driver.open(server.page("analyze", one))
    driver.wait(READY)
    driver.run("document.querySelector('[aria-label=\"Delete chat.csv\"]').click()")
    driver.settle()
    assert driver.run("return document.activeElement.innerText") == "Keep"
    driver.press(ESCAPE)
    assert driver.run("return document.activeElement.ariaLabel") == "Delete chat.csv"
    driver.run("document.activeElement.click()")
    driver.settle()
    click_text(driver, ".confirm button", "Delete all of it")
    driver.wait("return location.hash === '#/analyze'")
    assert server.ask("GET", f"/v1/jobs/{one}").status_code == 404
    driver.open(server.page("analyze", one))
    driver.wait("return document.querySelector('main .trouble') !== null")
    driver.complaints()  # the browser logs the missing job itself


def test_token_is_asked_for_once_and_a_vanished_server_is_noticed(driver: Browser, tmp_path: Path) -> None:
    guarded = Served.start(tmp_path, "--token", TOKEN)
    try:
        driver.open(guarded.page("analyze"))
        driver.wait("return document.querySelector('input[type=password]') !== null")
        field = driver.driver.find_element("css selector", "input[type=password]")
        field.send_keys("wrong\ue007")
        driver.wait("return document.querySelector('#token-trouble').innerText !== ''")
        assert "wrong" in driver.text("#token-trouble")
        field.send_keys(f"{TOKEN}\ue007")
        driver.wait("return document.querySelector('.empty') !== null")
        driver.open(guarded.page("models"))
        driver.wait("return document.querySelectorAll('.model').length > 0")
    finally:
        guarded.stop()
    driver.run("location.hash = '#/analyze'")
    driver.wait("return document.querySelector('.notice.bad') !== null")
    assert "does not answer" in driver.text(".notice.bad")
    driver.driver.get("about:blank")
    driver.complaints()  # the browser logs the refusals itself
