"""The planning table follows from what was measured by the formulas that it names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
import scale_table  # noqa: E402 - tools are scripts, not a package
from scale_table import Measured, lines  # noqa: E402

sys.path.remove(str(TOOLS))

KNOWN = Measured(work=0.36, rows=2.0, bytes=100.0, share=0.9, hand_out=0.01, planning=3.0)


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("processor hours of work", "36,000 (c = 0.36)"),
        ("processor hours paid", "40,000 (e = 0.90)"),
        ("time on 100 processors", "17 days"),
        ("time on 1,000 processors", "40 hours"),
        ("time on 10,000 processors", "4 hours"),
        ("cost at 0.05 a processor hour", "2,000"),
        ("source files", "90 TB (b = 2 Mbit/s)"),
        ("read by 1,000 processors", "5.56 Gbit/s"),
        ("rows", "720,000,000 (r = 2)"),
        ("tables", "0.036 TB (w = 100 bytes)"),
        ("time of the driver for all", "17 minutes (h = 0.01 s)"),
        ("processors that one driver feeds", "130,000"),
    ],
)
def test_lines_follow_from_what_was_measured(what: str, value: str) -> None:
    assert {name: shown for name, _, shown in lines(KNOWN)}[what] == value


def test_the_page_has_the_table_of_the_results() -> None:
    page = scale_table.PAGE.read_text(encoding="utf-8")
    assert scale_table.planning_table(scale_table.measured()) in page
