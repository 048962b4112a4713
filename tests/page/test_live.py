"""The live view in a real browser with a fake camera and microphone: asked for first, read as it comes, then gone."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from .browser import Browser
from .conftest import EXAMPLES
from .devices import make_camera, make_microphone
from .served import Served
from .test_app_views import AXE, serious

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

BUTTON = "return [...document.querySelectorAll('button')].find(e => e.innerText.trim() === arguments[0])"
DEVICES = "--use-fake-device-for-media-stream"
BOTH = "Start camera and microphone"
SCREENS = [(width, dark) for width in (380, 1280) for dark in (False, True)]


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera and microphone play the example with a talking head."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("no Chromium with its driver here (Debian: apt-get install chromium chromium-driver)")
    pytest.importorskip("selenium", reason="needs selenium")
    folder = tmp_path_factory.mktemp("devices")
    sound, pictures = folder / "voice.wav", folder / "face.mjpeg"
    make_microphone(EXAMPLES / "talk.mp4", sound)
    make_camera(EXAMPLES / "talk.mp4", pictures)
    files = (f"--use-file-for-fake-audio-capture={sound}", f"--use-file-for-fake-video-capture={pictures}")
    browser = Browser.start(chromium, chromedriver, DEVICES, *files)
    browser.driver.set_script_timeout(60)
    yield browser
    browser.stop()


@pytest.fixture
def live(camera: Browser, server: Served) -> Browser:
    camera.requests()
    allow(camera, "granted")
    camera.open(server.page("live"))
    camera.wait("return document.querySelector('.live-consent') !== null")
    return camera


def allow(page: Browser, setting: str) -> None:
    """Answer the browser's question before it asks: granted or denied."""
    for name in ("camera", "microphone"):
        page.driver.execute_cdp_cmd("Browser.setPermission", {"permission": {"name": name}, "setting": setting})


def press(page: Browser, name: str) -> None:
    page.wait(BUTTON.replace("arguments[0]", f"'{name}'") + " !== undefined")
    page.run(BUTTON + ".click()", name)
    page.settle()


def wait_for(page: Browser, selector: str, words: str, seconds: float = 40) -> None:
    from selenium.common.exceptions import TimeoutException

    try:
        page.wait(f"return (document.querySelector('{selector}')?.innerText ?? '').includes('{words}')", seconds)
    except TimeoutException:
        pytest.fail(f"{selector} does not say {words!r} within {seconds} s; the page says {page.text('main')[:600]!r}")


def jobs(server: Served) -> set[str]:
    answer = server.ask("GET", "/v1/jobs").json()
    return {job["id"] for job in (answer["jobs"] if isinstance(answer, dict) else answer)}


def look_well(page: Browser) -> None:
    """Nothing hangs over the edge and axe finds nothing serious, on phones and screens, light and dark."""
    for width, dark in SCREENS:
        page.screen(width=width, dark=dark)
        page.wait(f"return document.documentElement.dataset.theme === '{'dark' if dark else 'light'}'")
        assert page.run("return document.documentElement.scrollWidth <= window.innerWidth")
        if AXE.is_file():
            assert serious(page) == []
    page.screen(width=1280)


def test_says_what_is_read_and_kept_before_it_asks_for_anything(live: Browser) -> None:
    terms = live.text(".live-terms")
    assert "nowhere else" in terms
    assert "Nothing, unless you turn recording on" in terms
    assert live.run("return document.querySelector('.live-keep input').checked") is False
    assert live.run("return document.querySelector('video')") is None
    assert not [address for address in live.requests() if address.startswith("ws")]
    look_well(live)


def test_curves_move_faces_and_voices_appear_and_what_is_kept_opens_as_an_analysis(
    live: Browser, server: Served
) -> None:
    before = jobs(server)
    live.click(".live-keep input")
    press(live, BOTH)
    wait_for(live, ".live-state", "Live")
    wait_for(live, "#live-curves", "Face 1")
    wait_for(live, "#live-curves", "Voice 1")
    shot = "[...document.querySelectorAll('#live-curves canvas')].map(e => e.toDataURL()).join()"
    live.run(f"window.drawn = {shot}")
    live.wait(f"return {shot} !== window.drawn")
    box = live.wait(
        "const e = document.querySelector('.live-picture .face'); return e && e.getBoundingClientRect().toJSON()"
    )
    picture = live.run("return document.querySelector('.live-picture').getBoundingClientRect().toJSON()")
    assert box["width"] > 20
    assert picture["left"] <= box["left"] < box["right"] <= picture["right"]
    assert picture["top"] <= box["top"] < box["bottom"] <= picture["bottom"]
    live.wait("return document.querySelectorAll('#live-now .bar').length >= 3")
    live.wait("return Number(document.querySelector('[role=meter]').ariaValueNow) > 10")
    wait_for(live, ".live-keeping", "what they speak of")
    assert "recording in this page" in live.text(".live-controls")
    look_well(live)
    press(live, "Stop")
    wait_for(live, "#live-summary", "Face 1")
    assert "Voice 1" in live.text("#live-summary")
    assert live.run("return document.querySelectorAll('#timeline .lane').length") >= 4
    assert jobs(server) == before
    look_well(live)
    press(live, "Keep as an analysis")
    live.wait("return location.hash.startsWith('#/analyze/')", 30)
    (kept,) = jobs(server) - before
    assert live.run("return location.hash") == f"#/analyze/{kept}"
    server.wait([kept])
    analysis = server.ask("GET", f"/v1/jobs/{kept}/analysis").json()
    assert analysis["source"]["kind"] == "video"
    assert {track["modality"] for track in analysis["tracks"]} == {"speech", "face"}
    live.wait("return document.querySelector('#timeline .lane-ribbon') !== null", 30)
    assert live.complaints() == []
    home = server.url.rstrip("/")
    local = (home, home.replace("http", "ws", 1), "blob:", "data:", "about:", "chrome")
    assert [address for address in live.requests() if not address.startswith(local)] == []


def test_nothing_is_kept_without_recording(live: Browser, server: Served) -> None:
    before = jobs(server)
    press(live, "Microphone only")
    wait_for(live, "#live-curves", "Voice 1")
    assert live.run("return document.querySelector('video')") is None
    press(live, "Stop")
    wait_for(live, "#live-keep", "Nothing is kept")
    wait_for(live, "#live-summary", "Voice 1")
    assert jobs(server) == before
    assert live.complaints() == []
    press(live, "Start again")
    wait_for(live, "h1", "Live")
    assert "Before you begin" in live.text(".live-consent")


def test_pause_stops_the_clock_and_go_on_starts_it(live: Browser) -> None:
    press(live, "Camera only")
    live.wait("return document.querySelector('.live-time')?.innerText >= '0:02'", 30)
    press(live, "Pause")
    wait_for(live, ".live-state", "Paused")
    now = "return document.querySelector('.live-time').innerText"
    stood = live.run(now)
    live.run_async("setTimeout(arguments[0], 1600)")
    assert live.run(now) == stood
    press(live, "Go on")
    live.wait(f"return document.querySelector('.live-time').innerText > '{stood}'")
    assert live.run("return document.querySelector('[role=meter]')") is None


def test_what_is_left_out_to_keep_up_is_told(live: Browser) -> None:
    waits = (
        "Object.defineProperty(WebSocket.prototype, 'bufferedAmount', { configurable: true, get: () => arguments[0] })"
    )
    live.run(waits.replace("arguments[0]", "400_000"))
    press(live, BOTH)
    wait_for(live, ".live-keeping", "left out to keep up")
    wait_for(live, "#live-curves", "Voice 1")
    assert "Some sound" not in live.text(".live-keeping")
    live.run(waits.replace("arguments[0]", "4_000_000"))
    wait_for(live, ".live-keeping", "Some sound was left out")


def test_camera_goes_off_when_one_leaves(live: Browser) -> None:
    press(live, BOTH)
    wait_for(live, ".live-state", "Live")
    live.run("window.tracks = document.querySelector('video').srcObject.getTracks()")
    assert live.run("return window.tracks.map(track => track.readyState)") == ["live"]
    live.run("location.hash = '#/models'")
    live.wait("return window.tracks.every(track => track.readyState === 'ended')")


def test_refusal_is_told_in_words_and_one_can_try_again(live: Browser) -> None:
    allow(live, "denied")
    press(live, BOTH)
    wait_for(live, "[role=alert]", "Camera and microphone: The browser was not allowed to use it")
    allow(live, "granted")
    press(live, "Camera only")
    wait_for(live, ".live-state", "Live")


@pytest.mark.parametrize(
    ("error", "words"), [("NotFoundError", "None was found"), ("NotReadableError", "another program")]
)
def test_missing_device_is_told_in_words(live: Browser, error: str, words: str) -> None:
    live.run(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', arguments[0]))".replace(
            "arguments[0]", f"'{error}'"
        )
    )
    press(live, BOTH)
    wait_for(live, "[role=alert]", words)
    assert "Camera and microphone" in live.text("[role=alert]")
    assert live.run(BUTTON + " !== undefined", "Microphone only")


def test_page_without_devices_says_where_it_would_work(live: Browser) -> None:
    live.run("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    press(live, "Camera only")
    wait_for(live, "[role=alert]", "over HTTPS")


def test_broken_connection_is_told_and_mended(camera: Browser, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    first = Served.start(tmp_path / "data", "--port", port)
    try:
        allow(camera, "granted")
        camera.open(first.page("live"))
        press(camera, "Microphone only")
        wait_for(camera, ".live-state", "Live")
        first.process.kill()
        first.process.wait(timeout=20)
        wait_for(camera, ".live-notice", "Trying again")
    finally:
        first.stop()
    second = Served.start(tmp_path / "data", "--port", port)
    try:
        camera.wait("return document.querySelector('.live-notice') === null", 40)
        wait_for(camera, ".live-notes summary", "note")
        assert "came back" in camera.run("return document.querySelector('.live-notes').textContent")
        wait_for(camera, "#live-curves", "Voice 1")
    finally:
        camera.run("location.hash = '#/models'")
        second.stop()
