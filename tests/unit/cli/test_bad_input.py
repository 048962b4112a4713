"""What a user sees of an error: one sentence, exit status 2, no traceback, nothing half-written."""

from __future__ import annotations

import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from mien.cli.main import run


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert captured.out == ""
    return captured.err


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(list(arguments)) == 2
    text = said(capsys)
    assert text.count("\n") == 1
    assert text.startswith("mien: ")
    return text


def test_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert "nowhere.txt does not exist" in refused(capsys, "analyze", str(tmp_path / "nowhere.txt"), "--out", str(out))
    assert not out.exists()


def test_empty_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    assert "0 bytes" in refused(capsys, "analyze", str(tmp_path / "empty.wav"), "--out", str(tmp_path / "out"))


def test_folder_with_nothing_readable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.xyz").write_text("hm")
    text = refused(capsys, "analyze", str(tmp_path / "folder"), "--out", str(tmp_path / "out"))
    assert "holds nothing that mien reads" in text


def test_noise_is_no_video(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, 4000, dtype=np.uint8).tobytes()
    (tmp_path / "noise.mp4").write_bytes(noise)
    assert "noise.mp4" in refused(capsys, "analyze", str(tmp_path / "noise.mp4"), "--out", str(tmp_path / "out"))


def test_broken_utf8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.txt").write_bytes(b"fine so far \xc3\x28 and then not")
    assert "broken.txt" in refused(capsys, "analyze", str(tmp_path / "broken.txt"), "--out", str(tmp_path / "out"))


def test_not_a_number_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samples = np.full(16_000, np.nan, dtype="<f4").tobytes()
    header = b"RIFF" + (36 + len(samples)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    fmt = (3).to_bytes(2, "little") + (1).to_bytes(2, "little") + (16_000).to_bytes(4, "little")
    fmt += (64_000).to_bytes(4, "little") + (4).to_bytes(2, "little") + (32).to_bytes(2, "little")
    (tmp_path / "nan.wav").write_bytes(header + fmt + b"data" + len(samples).to_bytes(4, "little") + samples)
    assert "nan.wav" in refused(capsys, "analyze", str(tmp_path / "nan.wav"), "--out", str(tmp_path / "out"))
    assert not list((tmp_path / "out").glob("nan*"))


def test_unknown_format_and_modality(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("hello")
    text = refused(capsys, "analyze", str(letter), "--formats", "json,docx", "--out", str(tmp_path / "out"))
    assert "'docx'" in text
    assert "allowed: json, csv, parquet, html, vtt" in text
    text = refused(capsys, "analyze", str(letter), "--modalities", "smell", "--out", str(tmp_path / "out"))
    assert "'smell'" in text
    assert "allowed: text, speech, face" in text


def test_unwritable_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter, blocked = tmp_path / "letter.txt", tmp_path / "file"
    letter.write_text("hello")
    blocked.write_text("in the way")
    assert "cannot be" in refused(capsys, "analyze", str(letter), "--out", str(blocked / "out"))


def test_unknown_command_option_model_and_task(capsys: pytest.CaptureFixture[str]) -> None:
    assert "No such command" in refused(capsys, "analyse", "x")
    assert "No such option" in refused(capsys, "models", "--colour")
    assert "unknown model 'nobody'" in refused(capsys, "perceive", "text", "--model", "nobody")
    takes = "takes one that reads affect from text"
    assert f"text/affect {takes}" in refused(capsys, "perceive", "text", "--model", "face-expression")
    assert f"text/goemotions {takes}" in refused(capsys, "bench", "text/goemotions", "--model", "face-expression")
    assert "unknown task 'text/poems'" in refused(capsys, "bench", "text/poems")
    assert "face only" in refused(capsys, "perceive", "text", "--cropped")


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("I am so glad you came!")
    (tmp_path / "b.wav").write_bytes(b"")
    (tmp_path / "c.txt").write_text("What a sad day.")
    out = tmp_path / "out"
    sources = [str(tmp_path / name) for name in ("a.txt", "b.wav", "c.txt")]
    assert run(["analyze", *sources, "--out", str(out), "--formats", "json"]) == 2
    text = capsys.readouterr().err
    assert "2 of 3 analysed" in text
    assert "b.wav is empty" in text
    assert {path.name for path in out.glob("*.json") if not path.name.startswith(".")} == {"a.txt.json", "c.txt.json"}


def test_silence_holds_nothing_and_is_no_error(tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    with wave.open(str(silent), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))
    done = subprocess.run(
        [sys.executable, "-m", "mien", "analyze", str(silent), "--out", str(tmp_path / "out"), "--formats", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no voice was found" in (tmp_path / "out" / "silent.wav.json").read_text()
