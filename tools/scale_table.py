"""The table of docs/explanation/beyond-one-machine.md, computed from results/scale/. `results_table.py` writes it.

What is measured comes from the results; what is supposed stands here, by name, and in the table's text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generated import ROOT, table

RESULTS = ROOT / "results" / "scale"
PAGE = ROOT / "docs" / "explanation" / "beyond-one-machine.md"

HOURS = 100_000
"""Hours of video in the corpus, in files of `FILE_HOURS`."""
FILE_HOURS = 1.0
MEGABITS = 2.0
"""Bit rate of the video, in Mbit/s: supposed."""
PRICES = (0.01, 0.05)
"""Price of a processor hour, as spot and on demand: supposed, in any currency."""
PROCESSORS = (100, 1_000, 10_000)


@dataclass(frozen=True)
class Measured:
    """What the table follows from, each a committed result.

    Args:
        work: Processor seconds a second of video.
        rows: Rows a second of video.
        bytes: Bytes of tables a second of video.
        share: Speed-up of two workers on Ray over one, divided by two.
        hand_out: Seconds to hand a shard out on Ray.
        planning: Seconds to plan 100,000 files.
    """

    work: float
    rows: float
    bytes: float
    share: float
    hand_out: float
    planning: float


def measured(folder: Path = RESULTS) -> Measured:
    """Read the results."""
    rows = [row for path in sorted(folder.glob("*.json")) for row in json.loads(path.read_text(encoding="utf-8"))]
    found = {f"{row['task']} {name}": metric["value"] for row in rows for name, metric in row["metrics"].items()}
    return Measured(
        work=found["scale/video processor_seconds_per_video_second"],
        rows=found["scale/video rows_per_video_second"],
        bytes=found["scale/video table_bytes_per_video_second"],
        share=found["scale/annotate-ray speedup_of_two"] / 2,
        hand_out=found["scale/hand-out ray_seconds_per_shard"],
        planning=found["scale/plan plan_seconds"],
    )


def planning_table(known: Measured) -> str:
    """Return the table as Markdown."""
    return table(("what", "formula", "for 100,000 hours"), lines(known))


def lines(known: Measured) -> Iterator[tuple[str, str, str]]:
    """Yield what, formula and value."""
    seconds = HOURS * 3600
    hours = HOURS * known.work
    paid = hours / known.share
    yield "processor hours of work", "H · c", f"{_short(hours)} (c = {known.work:.3g})"
    yield "processor hours paid", "H · c / e", f"{_short(paid)} (e = {known.share:.2f})"
    for count in PROCESSORS:
        yield f"time on {count:,} processors", "H · c / (e · N)", _time(paid / count)
    for price in PRICES:
        yield f"cost at {price} a processor hour", "H · c · p / e", _short(paid * price)
    yield "source files", "H · 3600 · b / 8", f"{seconds * MEGABITS / 8e6:.3g} TB (b = {MEGABITS:g} Mbit/s)"
    yield "read by one processor", "b / c", f"{MEGABITS / known.work:.3g} Mbit/s"
    for count in PROCESSORS[1:]:
        yield f"read by {count:,} processors", "N · b / c", f"{count * MEGABITS / known.work / 1000:.3g} Gbit/s"
    yield "rows", "H · 3600 · r", f"{_short(seconds * known.rows)} (r = {known.rows:.2g})"
    yield "tables", "H · 3600 · w", f"{seconds * known.bytes / 1e12:.2g} TB (w = {known.bytes:.3g} bytes)"
    shards = HOURS / FILE_HOURS
    yield "shards, files of an hour", "H", _short(shards)
    yield "time to plan them", "measured", f"{known.planning * shards / 100_000:.2g} s"
    yield (
        "time of the driver for all",
        "shards · h",
        f"{_time(shards * known.hand_out / 3600)} (h = {known.hand_out:.2g} s)",
    )
    busy = 3600 * FILE_HOURS * known.work / known.hand_out
    yield "processors that one driver feeds", "3600 · c / h", _short(busy)


def _short(number: float) -> str:
    """Two significant digits, with thousands apart.

    >>> _short(123456.0)
    '120,000'
    """
    return f"{float(f'{number:.2g}'):,.0f}"


def _time(hours: float) -> str:
    """Return hours as days, hours or minutes."""
    if hours >= 48:
        return f"{hours / 24:.2g} days"
    return f"{hours:.2g} hours" if hours >= 1 else f"{hours * 60:.2g} minutes"
