"""Measure the served page: its weight compressed, and when its first content is painted on loopback.

    python benchmarks/page.py [--repeat 10] [--save]

Needs Chromium with its driver, and selenium. Each paint is measured with an empty cache, in a browser that has just
been started, against a `mien serve` of its own. With `--save`, the objects are also written to results/serve/page.json.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import mien

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "results" / "serve" / "page.json"
PAGE = ROOT / "src" / "mien" / "serve" / "page"
KILO = 1000
PAINT = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def weight() -> dict[str, Any]:
    """What all files of the page weigh together, and those that the first view asks for."""
    begin = time.perf_counter()
    sizes = {file: len(gzip.compress(file.read_bytes(), 9)) for file in PAGE.rglob("*") if file.is_file()}
    fonts = sum(size for file, size in sizes.items() if file.suffix == ".woff2")
    found = {"all_kilobytes": sum(sizes.values()) / KILO, "font_kilobytes": fonts / KILO}
    note = "All files of the page, each compressed by gzip at level 9; media are what users bring."
    return _row("serve/page-weight", len(sizes), time.perf_counter() - begin, found, note)


def first_paint(repeat: int) -> dict[str, Any]:
    """When the browser painted the first content of the view Analyze, and what it had fetched by then."""
    from tests.page.served import Served

    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as data:
        server = Served.start(Path(data))
        try:
            visits = [_visit(server.page("analyze")) for _ in range(repeat)]
        finally:
            server.stop()
    paints, fetched = zip(*visits, strict=True)
    middle = {"value": statistics.median(paints), "low": min(paints), "high": max(paints)}
    found = {"first_paint_ms": middle, "fetched_kilobytes": statistics.median(fetched)}
    note = f"Median and range of {repeat} fresh browsers on loopback, caches empty, two cores."
    return _row("serve/page-first-paint", repeat, time.perf_counter() - begin, found, note)


def _visit(url: str) -> tuple[float, float]:
    from tests.page.browser import Browser

    browser = Browser.start(str(shutil.which("chromium")), str(shutil.which("chromedriver")))
    try:
        browser.open(url)
        paint = float(browser.wait(PAINT))
        fetched = "return performance.getEntries().reduce((sum, one) => sum + (one.transferSize || 0), 0)"
        return paint, float(browser.run(fetched)) / KILO
    finally:
        browser.stop()


def _row(task: str, n: int, seconds: float, metrics: dict[str, Any], note: str) -> dict[str, Any]:
    return {
        "task": task,
        "model": "",
        "n": n,
        "seconds": round(seconds, 1),
        "metrics": {name: _rounded(value) for name, value in metrics.items()},
        "version": mien.__version__,
        "command": "python benchmarks/page.py",
        "note": note,
        "seeds": [],
    }


def _rounded(value: Any) -> Any:
    return {name: round(one, 1) for name, one in value.items()} if isinstance(value, dict) else round(value, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=10)
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    rows = [weight(), first_paint(options.repeat)]
    for row in rows:
        print(json.dumps(row))
    if options.save:
        SAVED.parent.mkdir(parents=True, exist_ok=True)
        SAVED.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
