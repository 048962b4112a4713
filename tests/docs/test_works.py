"""The page of works and the tables of speech tell what results hold, and say so where they hold nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
import speech_tables  # noqa: E402 - tools are scripts, not a package
import works  # noqa: E402
from speech_works import SPEECH  # noqa: E402
from works import ABSENT, Figure, Work  # noqa: E402

sys.path.remove(str(TOOLS))

ROW = {"task": "speech/x", "model": "m", "metrics": {"uar": {"value": 0.5, "low": 0.4, "high": 0.6}, "size": 3.0}}


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "results" / "speech"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text(json.dumps([ROW]), encoding="utf-8")
    monkeypatch.setattr(works, "ROOT", tmp_path)
    return folder


def test_a_figure_is_read_from_its_row(results: Path) -> None:
    assert str(Figure("x.json", "speech/x", ("uar", "size"))) == "`speech/x`: uar 0.500 [0.400, 0.600], size 3.000"
    assert str(Figure("x.json", "speech/x", ("uar",), model="m")) == "`speech/x` of m: uar 0.500 [0.400, 0.600]"


@pytest.mark.parametrize(
    "figure",
    [Figure("y.json", "speech/x", ("uar",)), Figure("x.json", "speech/y", ()), Figure("x.json", "speech/x", (), "n")],
)
def test_what_is_not_there_yet_is_told(results: Path, figure: Figure) -> None:
    assert not figure.measured
    assert str(figure).endswith(f": {ABSENT}")
    row = Work("A work", "a claim", "in part", figures=(figure,), studies=("none",)).row({})
    assert row[2] == f"**{ABSENT}**"
    assert row[3] == f"{figure}; study `none`: {ABSENT}"


def test_a_work_with_one_figure_keeps_its_state(results: Path) -> None:
    figures = (Figure("x.json", "speech/x", ("uar",)), Figure("y.json", "speech/x", ("uar",)))
    assert Work("A work", "a claim", "in part", figures=figures).row({})[2] == "**in part**"


def test_every_work_on_speech_names_metrics_that_its_results_have() -> None:
    assert len(SPEECH) == 6
    for work in SPEECH:
        for figure in work.figures:
            assert figure.task in str(figure)


def test_tables_without_results_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_tables, "RESULTS", tmp_path)
    (text,) = speech_tables.pages().values()
    assert text.count(speech_tables.ABSENT) == 7


def test_tables_with_results_have_rows() -> None:
    (text,) = speech_tables.pages().values()
    assert "openSMILE eGeMAPS" in text
    assert "| hidden, alpha 0 |" in text
