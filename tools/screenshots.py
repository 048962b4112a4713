"""Take the pictures of docs/images/: the served page and the report, with the examples, in a real browser.

python -m tools.screenshots [NAME...]

It runs in the folder of the repository and needs Chromium with its driver (Debian: apt-get install chromium
chromium-driver). The camera and the microphone of the live view are the example with the talking head.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import PIL.Image
from tests.page.browser import Browser
from tests.page.devices import make_camera, make_microphone
from tests.page.served import Served

import mien

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
IMAGES = ROOT / "docs" / "images"
QUALITY = 82
WIDE, TALL, NARROW = (1280, 860), (1280, 1480), (380, 780)
MOMENT = 9.0


class Studio:
    """A server with the examples in it, and a browser before it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = Served.start(folder / "data")
        self.jobs = {
            name: self.server.add(EXAMPLES / name, transcript=_transcript(name))
            for name in ("letter.txt", "chat.csv", "dialogue.ogg", "face.webp", "talk.mp4")
        }
        self.server.wait(list(self.jobs.values()))
        voice, face = folder / "voice.wav", folder / "face.mjpeg"
        make_microphone(EXAMPLES / "talk.mp4", voice)
        make_camera(EXAMPLES / "talk.mp4", face)
        self.browser = Browser.start(
            _program("chromium", "chromium-browser", "google-chrome"),
            _program("chromedriver"),
            "--hide-scrollbars",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={voice}",
            f"--use-file-for-fake-video-capture={face}",
        )

    def open(self, *parts: str, size: tuple[int, int] = WIDE, dark: bool = False) -> Browser:
        """Open a view and wait until it has drawn itself."""
        self.browser.open(self.server.page(*parts), width=size[0], height=size[1], dark=dark)
        self.browser.wait("return document.querySelector('main h1') !== null")
        time.sleep(1.5)
        return self.browser

    def press(self, name: str) -> None:
        """Press the button of that name."""
        find = "return [...document.querySelectorAll('button')].find(e => e.innerText.trim() === arguments[0])"
        self.browser.wait(find.replace("arguments[0]", repr(name)))
        self.browser.run(f"{find}.click()", name)
        self.browser.settle()

    def save(self, name: str) -> None:
        """Save what the window shows."""
        shot = self.browser.driver.get_screenshot_as_png()
        IMAGES.mkdir(exist_ok=True)
        path = IMAGES / f"{name}.webp"
        PIL.Image.open(io.BytesIO(shot)).convert("RGB").save(path, quality=QUALITY, method=6)
        sys.stdout.write(f"{path.relative_to(ROOT)} {path.stat().st_size // 1000} kB\n")

    def close(self) -> None:
        """End the browser and the server."""
        self.browser.stop()
        self.server.stop()


def analyze(studio: Studio) -> None:
    """The first view, with what was given before."""
    studio.open("analyze")
    studio.save("analyze")


def result(studio: Studio) -> None:
    """A video and its timeline, light and dark, and on a phone."""
    for name, size, dark in (("result", TALL, False), ("result-dark", TALL, True), ("result-phone", NARROW, True)):
        browser = studio.open("analyze", studio.jobs["talk.mp4"], size=size, dark=dark)
        browser.wait("return document.querySelector('#timeline .lane') !== null")
        _seek(browser)
        studio.save(name)


def compare(studio: Studio) -> None:
    """Two recordings beside each other."""
    studio.open("compare", studio.jobs["talk.mp4"], studio.jobs["dialogue.ogg"])
    studio.save("compare")


def consent(studio: Studio) -> None:
    """What the live view says before it asks for a device."""
    studio.open("live")
    studio.save("live-consent")


def live(studio: Studio) -> None:
    """Curves while camera and microphone run."""
    browser = studio.open("live", size=(WIDE[0], 1190))
    studio.press("Start camera and microphone")
    browser.wait("return (document.querySelector('#live-curves')?.innerText ?? '').includes('Voice 1')", 60)
    time.sleep(14)
    studio.save("live")
    studio.press("Stop")


def conversation(studio: Studio) -> None:
    """A made-up conversation, and who moves whom."""
    browser = studio.open("conversation")
    studio.press("Try a made-up conversation")
    browser.wait("return document.body.innerText.includes('association, not cause')", 60)
    time.sleep(1.5)
    studio.save("conversation")


def models(studio: Studio) -> None:
    """The cards of the models."""
    studio.open("models")
    studio.save("models")


def report(studio: Studio) -> None:
    """The page that an analysis is written to."""
    page = studio.folder / "talk.html"
    mien.load(_analysis(studio)).to_html(page, media=EXAMPLES / "talk.mp4")
    studio.browser.open(page, width=WIDE[0], height=WIDE[1])
    time.sleep(1.5)
    _seek(studio.browser)
    studio.save("report")


PICTURES: dict[str, Callable[[Studio], None]] = {
    "analyze": analyze,
    "result": result,
    "compare": compare,
    "consent": consent,
    "live": live,
    "conversation": conversation,
    "models": models,
    "report": report,
}


def _analysis(studio: Studio) -> Path:
    path = studio.folder / "talk.json"
    path.write_bytes(studio.server.ask("GET", f"/v1/jobs/{studio.jobs['talk.mp4']}/exports/json").content)
    return path


def _seek(browser: Browser) -> None:
    """Go to a moment at which something is said and seen."""
    browser.run(
        "document.querySelectorAll('video, audio').forEach(e => { e.currentTime = arguments[0]; }); scrollTo(0, 0)",
        MOMENT,
    )
    time.sleep(1.5)


def _transcript(name: str) -> Path | None:
    beside = (EXAMPLES / name).with_suffix(".srt")
    return beside if beside.is_file() else None


def _program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise SystemExit(f"none of {', '.join(names)} is here (Debian: apt-get install chromium chromium-driver)")
    return found


def main(wanted: list[str]) -> None:
    """Take the pictures of these names, by default all."""
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Path(folder))
        try:
            for name in wanted or PICTURES:
                PICTURES[name](studio)
        finally:
            studio.close()


if __name__ == "__main__":
    main(sys.argv[1:])
