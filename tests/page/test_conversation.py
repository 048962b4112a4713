"""The conversation view in a real browser: typed or pasted, read turn by turn, with who moves whom."""

from __future__ import annotations

import pytest

from .browser import Browser
from .served import Served
from .test_live import jobs, look_well, press, wait_for

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

ENTER, ESCAPE, END = "\ue007", "\ue00c", "\ue010"
READ = "return document.querySelectorAll('.talk-turn .talk-moods').length === arguments[0]"
LOG = "Ann: I love this song!\nBen: It makes me so sad.\nAnn: Oh no, I am sorry."


@pytest.fixture
def talk(driver: Browser, server: Served) -> Browser:
    driver.requests()
    driver.open(server.page("conversation"))
    driver.wait("return document.querySelector('#talk-paste') !== null")
    return driver


def read(page: Browser, turns: int) -> None:
    page.wait(READ.replace("arguments[0]", str(turns)))
    page.settle()


def fill(page: Browser, selector: str, words: str) -> None:
    field = page.driver.find_element("css selector", selector)
    field.clear()
    field.send_keys(words)


def turns(page: Browser) -> list[str]:
    return page.run("return [...document.querySelectorAll('.talk-turn .talk-words')].map(e => e.textContent)")


def pasted(page: Browser) -> None:
    # Keys would send the first line at its end.
    page.run("document.querySelector('#talk-paste textarea').value = arguments[0]", LOG)
    press(page, "Read it")
    read(page, 3)


def test_example_is_read_turn_by_turn_and_shows_who_moves_whom(talk: Browser, server: Served) -> None:
    press(talk, "Try a made-up conversation")
    read(talk, 30)
    assert "30 turns, 2 speakers" in talk.text("#talk-turns h2")
    assert talk.run("return document.querySelectorAll('.talk-words mark.for').length") > 10
    assert "valence" in talk.text(".talk-turn .talk-valence")
    pull = talk.text("#talk-pull")
    assert "Jon tends to follow Mara; this is association, not cause." in pull
    assert "14 exchanges" in pull
    assert "No clear pull" in pull
    drawing = talk.run("return document.querySelector('.pull-drawing').getAttribute('aria-label')")
    assert drawing.startswith("Pulls between speakers: Mara to Jon +0.9")
    assert talk.run("return document.querySelectorAll('.pull-arrow.sure').length") == 1
    assert "mean" in talk.run("return document.querySelector('#talk-course [role=img]').ariaLabel").lower()
    assert talk.complaints() == []
    assert [address for address in talk.requests() if not address.startswith((server.url, "data:", "about:"))] == []
    look_well(talk)


def test_log_is_pasted_and_lines_without_a_speaker_are_told(talk: Browser) -> None:
    fill(talk, "#talk-paste textarea", "It rained all day.")
    press(talk, "Read it")
    assert "Each line needs its speaker" in talk.text("#talk-paste-trouble")
    look_well(talk)
    pasted(talk)
    assert turns(talk) == [line.split(": ")[1] for line in LOG.split("\n")]
    assert "love" in talk.text(".talk-turn mark.for")
    assert "too few exchanges to tell" in talk.text("#talk-pull").lower()
    assert "too few" in talk.run("return document.querySelector('.pull-drawing').textContent")


def test_turns_are_typed_by_keyboard_and_speakers_take_turns(talk: Browser) -> None:
    fill(talk, "#talk-type input[name=speaker]", "Ann")
    fill(talk, "#talk-type textarea", f"What a wonderful morning!{ENTER}")
    read(talk, 1)
    talk.run("const e = document.querySelector('.talk-who select'); e.value = e.options[e.options.length - 1].value;"
             "e.dispatchEvent(new Event('change', { bubbles: true }))")  # fmt: skip
    talk.settle()
    fill(talk, ".talk-composer input[name=speaker]", "Ben")
    fill(talk, ".talk-composer textarea", f"I hate getting up.{ENTER}")
    read(talk, 2)
    assert talk.run("return document.querySelector('.talk-who select').value") == "Ann"
    assert talk.run("return document.activeElement.tagName") == "TEXTAREA"
    fill(talk, ".talk-composer textarea", f"Coffee?{ENTER}")
    read(talk, 3)
    names = talk.run("return [...document.querySelectorAll('.talk-head strong')].map(e => e.textContent)")
    assert names == ["Ann", "Ben", "Ann"]


def test_turn_is_changed_and_deleted_and_what_is_read_follows(talk: Browser) -> None:
    pasted(talk)
    before = talk.text(".talk-turn .talk-moods .first")
    talk.click("[aria-label='Edit turn 1 of Ann']")
    fill(talk, ".talk-edit textarea", f"never mind{ESCAPE}")
    assert turns(talk)[0] == "I love this song!"
    talk.click("[aria-label='Edit turn 1 of Ann']")
    fill(talk, ".talk-edit textarea", f"This song makes me furious!{ENTER}")
    talk.wait("return [...document.querySelectorAll('.talk-turn mark')].some(e => e.textContent === 'furious')")
    assert talk.text(".talk-turn .talk-moods .first") != before
    assert talk.run("return document.activeElement.getAttribute('aria-label')") == "Edit turn 1 of Ann"
    talk.click("[aria-label='Delete turn 2 of Ben']")
    read(talk, 2)
    assert turns(talk) == ["This song makes me furious!", "Oh no, I am sorry."]
    wait_for(talk, "#talk-pull", "This needs two who answer each other")


def test_conversation_stays_while_one_looks_elsewhere_and_can_be_cleared(talk: Browser) -> None:
    pasted(talk)
    talk.run("location.hash = '#/models'")
    wait_for(talk, "h1", "Models")
    talk.run("location.hash = '#/conversation'")
    wait_for(talk, "h1", "Conversation")
    read(talk, 3)
    press(talk, "Clear")
    press(talk, "Yes, clear all")
    wait_for(talk, "#talk-paste", "Paste a conversation")


def test_conversation_is_kept_only_when_it_is_saved(talk: Browser, server: Served) -> None:
    before = jobs(server)
    pasted(talk)
    assert jobs(server) == before
    press(talk, "Save and export")
    talk.wait("return location.hash.startsWith('#/analyze/')")
    (kept,) = jobs(server) - before
    server.wait([kept])
    analysis = server.ask("GET", f"/v1/jobs/{kept}/analysis").json()
    assert [turn["text"] for turn in analysis["turns"]] == [line.split(": ")[1] for line in LOG.split("\n")]
    assert server.ask("GET", f"/v1/jobs/{kept}/exports/csv").status_code == 200
    wait_for(talk, "main", "The conversation")


def test_words_are_shown_as_words(talk: Browser) -> None:
    evil = '<img src=x onerror="window.evil = 1"> </script> & so on'
    fill(talk, "#talk-type input[name=speaker]", "<b>Ann</b>")
    fill(talk, "#talk-type textarea", f"{evil}{ENTER}")
    read(talk, 1)
    assert turns(talk) == [evil]
    assert talk.run("return window.evil ?? null") is None
    assert talk.text(".talk-head strong") == "<b>Ann</b>"


def test_trouble_of_the_server_is_told(talk: Browser) -> None:
    talk.run("window.fetch = () => Promise.reject(new TypeError('gone'))")
    fill(talk, "#talk-type input[name=speaker]", "Ann")
    fill(talk, "#talk-type textarea", f"Hello{ENTER}")
    wait_for(talk, ".live-notice", "does not answer")
    assert turns(talk) == ["Hello"]
