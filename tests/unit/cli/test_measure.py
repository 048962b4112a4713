"""``mien measure``: what a user sees of a voice's figures."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import pytest

import mien
from mien.cli.main import run
from mien.errors import InputError
from mien.perceive.measuring import measure_voice
from mien.types import Audio

RATE = 16_000


def buzz(seconds: float = 1.0) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(0.1 * sum(np.sin(2 * np.pi * 180 * order * time) / order for order in range(1, 20)))


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    path = tmp_path / "buzz.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((32767 * buzz()).astype(np.int16).tobytes())
    return path


def test_a_voice_in_lines(voice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "voice", str(voice)]) == 0
    first, pitch, steady, level, rate = capsys.readouterr().out.splitlines()
    assert first == f"{voice}: 1.0 s"
    assert pitch.startswith("  pitch 180.0 Hz, from 180.0 Hz to 180.0 Hz")
    assert "jitter 0.0 %" in steady
    assert "Hammarberg index" in level
    assert rate.endswith(" without pauses; 0 pauses")


def test_a_voice_as_json(voice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "voice", str(voice), "nothing.wav", "--json"]) == 0
    found, missing = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert found["id"] == str(voice)
    assert found["pitch"] == pytest.approx(180.0, abs=0.2)
    assert found["pause_length"] is None
    assert set(missing) == {"id", "error"}


def test_silence_has_unknown_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(bytes(2 * RATE))
    assert run(["measure", "voice", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("  pitch unknown")


def test_wrong_pitches_are_one_sentence(voice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "voice", str(voice), "--floor", "500", "--ceiling", "100"]) == 2
    assert capsys.readouterr().err.startswith("mien: pitches from 500 to 100 Hz were asked for; allowed: ")


def test_the_verb_takes_files_and_samples(voice: Path) -> None:
    audio = Audio(buzz()[None].astype(np.float32), RATE)
    assert mien.measure_voice is measure_voice
    assert measure_voice(voice).pitch == pytest.approx(measure_voice(audio).pitch, abs=0.1)
    with pytest.raises(InputError, match="NaN or infinite"):
        measure_voice(Audio(np.full((1, 100), np.nan, dtype=np.float32), RATE))
