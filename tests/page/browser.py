"""Chromium without a window, of any width and theme."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

AUTOPLAY = "--autoplay-policy=no-user-gesture-required"


class Browser:
    """A page of the browser, told what to do in a few words."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    @classmethod
    def start(cls, chromium: str, chromedriver: str, *flags: str) -> Browser:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for flag in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--mute-audio",
            AUTOPLAY,
            *flags,
        ):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        return cls(webdriver.Chrome(options=options, service=Service(executable_path=chromedriver)))

    def stop(self) -> None:
        self.driver.quit()

    def open(self, page: Path | str, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Open a file or an address on a screen of that width, in the light or dark theme; wait until it is drawn."""
        self.screen(width=width, height=height, dark=dark)
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get(page.as_uri() if isinstance(page, Path) else page)
        self.wait("return document.querySelector('h1') !== null")
        self.settle()

    def settle(self) -> None:
        """Wait for two drawn pictures."""
        self.driver.execute_async_script(
            "const d = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => d()))"
        )

    def run(self, script: str, *values: Any) -> Any:
        return self.driver.execute_script(script, *values)

    def run_async(self, script: str, *values: Any) -> Any:
        return self.driver.execute_async_script(script, *values)

    def wait(self, script: str, seconds: float = 15) -> Any:
        from selenium.webdriver.support.ui import WebDriverWait

        waiting = WebDriverWait(self.driver, seconds, poll_frequency=0.05)
        return waiting.until(lambda driver: driver.execute_script(script))

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        chain = ActionChains(self.driver)
        for key in keys:
            chain.send_keys(key)
        chain.perform()
        self.settle()

    def click(self, selector: str) -> None:
        self.driver.find_element("css selector", selector).click()
        self.settle()

    def give(self, selector: str, *files: Path) -> None:
        """Choose files in an input for files."""
        self.driver.find_element("css selector", selector).send_keys("\n".join(str(file) for file in files))

    def downloads(self, folder: Path) -> None:
        """Let files be saved, into that folder."""
        options = {"behavior": "allow", "downloadPath": str(folder)}
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", options)

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector))

    def complaints(self) -> list[str]:
        """What the browser logged: script errors, blocked requests."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self) -> list[str]:
        """The addresses that the browser asked for since this was last called, page and workers alike."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        sockets = [event["params"]["url"] for event in events if event["method"] == "Network.webSocketCreated"]
        return sent + sockets

    def screen(self, *, width: int, height: int = 900, dark: bool = False) -> None:
        """Change the screen and the theme under the open page."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [theme]})
        self.settle()

    def picture(self, path: Path) -> None:
        """Save the whole page, its hidden lower part included, as a PNG."""
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
        path.write_bytes(base64.b64decode(shot["data"]))
