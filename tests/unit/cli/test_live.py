from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

import mien
from mien.agent import News
from mien.agent import live as agent_live
from mien.cli import live
from mien.cli.main import run
from mien.types import Affect, Dimension, Distribution, Span
from mien.types.taxonomies import EKMAN7

EXAMPLES = Path(__file__).parents[3] / "examples"
JOY = Affect(
    Distribution(EKMAN7, [0.0, 0.0, 0.0, 0.75, 0.0, 0.0, 0.25]),
    valence=Dimension(0.5, 0.1),
    arousal=Dimension(-0.5, 0.1),
    span=Span(0.0, 1.0),
    confidence=0.8,
)


def test_source_is_played_told_and_kept(tmp_path: Path) -> None:
    kept = tmp_path / "talk.json"
    done = CliRunner().invoke(live.command, ["--source", str(EXAMPLES / "dialogue.ogg"), "--fast", "--keep", str(kept)])
    assert done.exit_code == 0, done.output
    assert "Use it only where everyone who is heard or seen has agreed" in " ".join(done.output.split())
    assert "Ada: " in done.output
    assert f"kept in {kept}" in done.output.replace("\n", "")
    assert mien.load(kept).persons == ("Ada", "Ben")


def test_nothing_is_kept_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(live.command, ["--source", str(EXAMPLES / "talk.mp4"), "--fast"])
    assert done.exit_code == 0
    assert "nothing is kept. Ctrl-C ends." in " ".join(done.output.split())
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_with_the_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: object) -> News:
        raise KeyboardInterrupt

    monkeypatch.setattr(agent_live.Live, "__next__", interrupted)
    done = CliRunner().invoke(live.command, ["--source", str(EXAMPLES / "dialogue.ogg"), "--fast"])
    assert done.exit_code == 0
    assert "nobody was perceived" in done.output


def test_endings(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["live", "--source", "clip.mp4", "--keep", "clip.doc"]) == 2
    assert (
        "the analysis was to be kept as clip.doc; allowed endings: .json, .html, .csv, .vtt" in capsys.readouterr().err
    )


def test_bars() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120, color_system=None)
    with live.Board(console) as board:
        board.show(News("speech", "voice-1", JOY, final=False))
        assert "voice-1" not in _drawn(board)
        board.show(News("fused", "voice-1", JOY, final=False))
        board.show(News("fused", "[bold]face", JOY, final=True))
        drawn = _drawn(board)
    assert "voice-1" in drawn
    assert "[bold]face" in drawn
    assert "█" * 15 in drawn
    assert "█" * 16 not in drawn
    assert "+0.50" in drawn
    assert "-0.50" in drawn
    assert "80%" in drawn


def _drawn(board: live.Board) -> str:
    page = io.StringIO()
    Console(file=page, width=120, color_system=None).print(board.table())
    return page.getvalue()
