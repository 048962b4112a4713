from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mien
from mien.agent import choose
from mien.errors import InputError, OptionError
from mien.types import Image, Text


def test_text_has_a_timeline_of_characters() -> None:
    analysis = mien.analyze(Text("I am so happy! Then the rain came and I was sad."), modalities=["text"])
    assert analysis.source.unit == "characters"
    assert analysis.persons == ("writer",)
    spans = [affect.span for affect in analysis.fused[0].affects]
    assert all(span is not None and span.unit == "characters" for span in spans)
    assert analysis.models[0].name == "text-affect"


def test_words_are_evidence() -> None:
    content = "The post came. I am so happy!"
    analysis = mien.analyze(Text(content), modalities=["text"])
    words = [reason for affect in analysis.tracks[0].affects for reason in affect.evidence if reason.source == "word"]
    assert "happy" in {reason.note for reason in words}
    for reason in words:
        assert reason.span is not None
        assert content[int(reason.span.start) : int(reason.span.end)] == reason.note


def test_chat_has_one_track_a_speaker(tmp_path: Path) -> None:
    chat = tmp_path / "chat.csv"
    chat.write_text("speaker,time,text\nAda,0,I love this!\nBen,5,I hate it.\nAda,9,Oh no. I am sorry.\n")
    analysis = mien.analyze(chat, modalities=["text"])
    assert analysis.persons == ("Ada", "Ben")
    assert [turn.speaker for turn in analysis.context.turns] == ["Ada", "Ben", "Ada"]
    assert mien.load(_saved(analysis, tmp_path)) == analysis


@pytest.mark.parametrize("content", [" \n\t\n ", "\u200b", ""])
def test_nothing_to_read_is_said(content: str) -> None:
    analysis = mien.analyze(Text(content), modalities=["text"])
    assert isinstance(analysis, mien.Analysis)
    assert not analysis.fused
    assert "text: no words were found in it" in analysis.warnings


def test_long_line_is_read(tmp_path: Path) -> None:
    letter = tmp_path / "long.txt"
    letter.write_text("so it goes on and on and I am happy " * 6_000)
    analysis = mien.analyze(letter, modalities=["text"])
    assert analysis.fused
    assert analysis.source.duration == len(letter.read_text())


def test_open_only_leaves_research_models_out() -> None:
    team = choose(open_only=True)
    assert "text" in team.perceivers
    assert set(team.perceivers) | {line.split()[0] for line in team.left_out} == {"text", "speech", "face"}
    analysis = mien.analyze(Image(np.zeros((32, 32, 3), np.uint8)), team=team)
    assert not analysis.tracks
    assert all(use.line == "open" for use in analysis.models)


def test_analysis_is_not_analysed(tmp_path: Path) -> None:
    path = _saved(mien.analyze(Text("Hello, how lovely!"), modalities=["text"]), tmp_path)
    with pytest.raises(InputError, match=r"is an analysis already, or other JSON; analyses are read by mien\.load"):
        mien.analyze(path)


def test_unknown_modality() -> None:
    with pytest.raises(OptionError, match="the modality 'smell' was asked for; allowed: text, speech, face"):
        mien.analyze(Text("hello"), modalities=["smell"])
    with pytest.raises(OptionError, match="allowed: text, speech, face"):
        mien.analyze(Text("hello"), modalities=[])


def _saved(analysis: mien.Analysis, folder: Path) -> Path:
    path = folder / "analysis.json"
    analysis.to_json(path)
    return path


def test_text_of_many_lines_is_read_in_stretches(tmp_path: Path) -> None:
    letter = tmp_path / "lines.txt"
    letter.write_text("I am happy.\n" * 30_000)
    analysis = mien.analyze(letter, modalities=["text"])
    assert 100 < len(analysis.tracks[0].affects) <= 4000
    assert any("read in stretches" in warning for warning in analysis.warnings)


def test_broken_transcript_does_not_lose_the_recording(tmp_path: Path) -> None:
    example = Path(__file__).parents[3] / "examples" / "dialogue.ogg"
    (tmp_path / "talk.ogg").write_bytes(example.read_bytes())
    (tmp_path / "talk.srt").write_text("1\n00:00:09,000 --> 00:00:0\nbroken\n\n00:00:03,000 --> 00:00:01,000\nHm\n")
    analysis = mien.analyze(tmp_path / "talk.ogg", modalities=["speech"])
    assert analysis.tracks
    assert any("the transcript beside the recording is left out" in warning for warning in analysis.warnings)


def test_other_things_are_refused() -> None:
    with pytest.raises(OptionError, match="a NoneType was given to analyse; allowed: a path, a Text or an Image"):
        mien.analyze(None)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="an empty path was given"):
        mien.analyze("")
