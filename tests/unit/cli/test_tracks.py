"""``mien analyze --tracks``: what others found takes part, under the name that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

import mien
from mien.cli.main import run
from mien.io import load, read_tracks
from mien.types import Text

GRID = (
    '"ooTextFile" "TextGrid" 0 4 <exists> 2 "IntervalTier" "Ada" 0 4 2 0 2 "angry" 2 4 "joy" '
    '"TextTier" "x" 0 4 1 1 "{}"'
)


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    path = tmp_path / "ada.TextGrid"
    path.write_text(GRID.format("a long remark of a listener"))
    return path


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "chat.csv"
    path.write_text("speaker,time,end,text\nAda,0,4,How wonderful!\n")
    return path


def test_tracks_join_the_person_of_their_name(grid: Path, chat: Path, tmp_path: Path, capsys) -> None:
    assert run(["analyze", str(chat), "--out", str(tmp_path / "out"), "--formats", "json", "--tracks", str(grid)]) == 0
    assert "the tier 'x' holds no labels and is left out" in " ".join(capsys.readouterr().err.split())
    analysis = load(tmp_path / "out" / "chat.csv.json")
    assert [(track.person, track.modality) for track in analysis.tracks] == [("Ada", "text"), ("Ada", "fused")]
    assert analysis.persons == ("Ada",)
    assert any(reason.source == "fused" for affect in analysis.fused[0].affects for reason in affect.evidence)
    assert "tracks that were made elsewhere took part: Ada (fused)" in analysis.warnings


def test_tracks_are_renamed_and_a_change_is_noticed(grid: Path, chat: Path, tmp_path: Path, capsys) -> None:
    given = ["analyze", str(chat), "--out", str(tmp_path / "out"), "--formats", "json", "--tracks", str(grid)]
    assert run([*given, "--person", "Ada=Bob"]) == 0
    assert load(tmp_path / "out" / "chat.csv.json").persons == ("Ada", "Bob")
    assert run([*given, "--person", "Ada=Bob", "--resume"]) == 0
    assert "done before" in " ".join(capsys.readouterr().err.split())
    assert run([*given, "--resume"]) == 0
    assert "done before" not in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["{chat}", "{chat}2", "--tracks", "{grid}"], "--tracks was given for 2 sources"),
        (["{chat}", "--tracks", "{grid}", "--person", "Eve=Bob"], "unknown person of the tracks 'Eve'; known: Ada"),
        (["{chat}", "--tracks", "{grid}", "--person", "Eve"], "--person was given 'Eve'; allowed: THEIRS=OURS"),
        (["{chat}", "--tracks", "{chat}"], "chat.csv holds no tracks that mien reads; allowed: EmotionML"),
        (["{chat}", "--tracks", "nowhere.eaf"], "nowhere.eaf does not exist"),
    ],
)
def test_wrong_use_is_one_sentence(more: list[str], told: str, grid: Path, chat: Path, tmp_path: Path, capsys) -> None:
    given = [part.format(chat=chat, grid=grid) for part in more]
    assert run(["analyze", *given, "--out", str(tmp_path / "out")]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.filterwarnings("ignore::mien.io.LeftOutWarning")
def test_the_python_way(grid: Path) -> None:
    analysis = mien.analyze(Text("How wonderful!"), modalities=["text"], tracks=read_tracks(grid))
    assert analysis.persons == ("writer", "Ada")
