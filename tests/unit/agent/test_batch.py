from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mien.agent import Team, analyze_all, choose
from mien.agent.batch import LEDGER
from mien.errors import OptionError, OutputError


@pytest.fixture(scope="module")
def team() -> Team:
    return choose(["text"])


@pytest.fixture
def letters(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{name}.txt" for name in "abc"]
    for path in paths:
        path.write_text(f"Letter {path.stem}. I was so happy to hear from you!")
    return paths


def test_results_are_named_after_sources(team: Team, letters: list[Path], tmp_path: Path) -> None:
    outcomes = list(analyze_all(letters, team, tmp_path / "out", formats=["json", "csv"]))
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert [path.name for path in outcomes[0].files] == ["a.txt.json", "a.txt.csv"]
    assert all(path.is_file() for outcome in outcomes for path in outcome.files)


def test_same_name_in_two_folders(team: Team, tmp_path: Path) -> None:
    sources = [tmp_path / folder / "letter.txt" for folder in ("one", "two")]
    for source in sources:
        source.parent.mkdir()
        source.write_text("Hello there, how nice!")
    names = [outcome.files[0].name for outcome in analyze_all(sources, team, tmp_path / "out", formats=["json"])]
    assert names == ["letter.txt.json", "letter.txt-2.json"]


def test_a_format_that_cannot_hold_it_stops_no_other(team: Team, letters: list[Path], tmp_path: Path) -> None:
    (outcome,) = analyze_all(letters[:1], team, tmp_path / "out", formats=["json", "eaf", "textgrid", "csv"])
    assert outcome.error is not None
    assert [part.partition(" needs")[0] for part in outcome.error.split("; ")] == ["an ELAN document", "a TextGrid"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a.txt.json", "a.txt.csv"}


def test_interrupted_run_goes_on(team: Team, letters: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"

    def stop_at_b(source: Path) -> Callable[[float, float | None], None]:
        if source.name == "b.txt":
            raise KeyboardInterrupt
        return lambda done, total: None

    with pytest.raises(KeyboardInterrupt):
        list(analyze_all(letters, team, out, formats=["json"], progress=stop_at_b))
    assert {path.name for path in out.iterdir()} == {"a.txt.json", LEDGER}
    again = list(analyze_all(letters, team, out, formats=["json"], resume=True))
    assert [outcome.skipped for outcome in again] == [True, False, False]


def test_resume_reads_a_changed_file_again(team: Team, letters: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    list(analyze_all(letters, team, out, formats=["json"]))
    letters[1].write_text("Now it says something else entirely. How sad.")
    again = list(analyze_all(letters, team, out, formats=["json"], resume=True))
    assert [outcome.skipped for outcome in again] == [True, False, True]


def test_resume_with_other_options_reads_again(team: Team, letters: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    list(analyze_all(letters, team, out, formats=["json"]))
    again = list(analyze_all(letters, team, out, formats=["json", "vtt"], resume=True))
    assert not any(outcome.skipped for outcome in again)


def test_broken_ledger_is_no_hindrance(team: Team, letters: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / LEDGER).write_text("{")
    assert not any(outcome.skipped for outcome in analyze_all(letters, team, out, formats=["json"], resume=True))
    assert len(json.loads((out / LEDGER).read_text())) == 3


def test_bad_options(team: Team, letters: list[Path], tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="the format 'docx' was asked for; allowed: json, csv, parquet, html, vtt"):
        list(analyze_all(letters, team, tmp_path / "out", formats=["docx"]))
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        list(analyze_all(letters, team, tmp_path / "file" / "out"))


def test_a_result_made_over_by_another_source_is_made_again(team: Team, tmp_path: Path) -> None:
    sources = [tmp_path / folder / "letter.txt" for folder in ("one", "two")]
    for source in sources:
        source.parent.mkdir()
        source.write_text(f"Hello {source.parent.name}, how nice!")
        list(analyze_all([source], team, tmp_path / "out", formats=["json"]))
    assert not next(iter(analyze_all(sources[:1], team, tmp_path / "out", formats=["json"], resume=True))).skipped


def test_a_changed_transcript_is_read_again(team: Team, tmp_path: Path) -> None:
    example = Path(__file__).parents[3] / "examples" / "dialogue.ogg"
    recording, words = tmp_path / "talk.ogg", tmp_path / "talk.srt"
    recording.write_bytes(example.read_bytes())
    words.write_text("1\n00:00:00,000 --> 00:00:02,000\nAda: I am so happy!\n")
    run = {"formats": ["json"], "resume": True}
    assert not next(iter(analyze_all([recording], team, tmp_path / "out", **run))).skipped
    assert next(iter(analyze_all([recording], team, tmp_path / "out", **run))).skipped
    words.write_text("1\n00:00:00,000 --> 00:00:02,000\nAda: I am so very, very sad.\n")
    assert not next(iter(analyze_all([recording], team, tmp_path / "out", **run))).skipped


def test_one_result_that_cannot_be_written_does_not_stop_the_others(
    team: Team, letters: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "out" / "b.txt.json").mkdir(parents=True)
    outcomes = list(analyze_all(letters, team, tmp_path / "out", formats=["json"]))
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert "b.txt.json cannot be written" in (outcomes[1].error or "")
