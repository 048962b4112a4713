"""Whole recordings as one piece."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from mien.errors import InputError, OptionError
from mien.io import clip
from mien.io.clip import at_rate, read_clip, read_parts
from mien.types import Audio


def tone(path: Path, seconds: float, rate: int = 8000) -> Path:
    samples = 0.3 * np.sin(2 * np.pi * 200 * np.arange(int(seconds * rate)) / rate)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def test_file_is_one_piece_at_16_khz(tmp_path: Path) -> None:
    sound = read_clip(tone(tmp_path / "tone.wav", 2.5))
    assert sound.start == 0.0
    assert sound.audio.rate == 16_000
    assert sound.audio.duration == pytest.approx(2.5, abs=0.01)


def test_long_file_is_sent_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip, "LONGEST", 1.5)
    with pytest.raises(InputError, match=r"tone.wav is longer than 2 s; read it with: mien analyze"):
        read_clip(tone(tmp_path / "tone.wav", 2.5))


def test_channels_are_averaged_and_resampled() -> None:
    audio = at_rate(Audio(np.stack([np.full(8000, 0.5), np.full(8000, -0.1)]), 8000), 16_000)
    assert audio.samples.shape == (1, 16_000)
    assert float(np.median(audio.samples)) == pytest.approx(0.2, abs=0.01)


def test_wrong_rate_and_samples() -> None:
    with pytest.raises(OptionError, match="sound at 10 Hz was given; allowed: 1000 to 768000 Hz"):
        at_rate(Audio(np.zeros((1, 9)), 10), 16_000)
    with pytest.raises(InputError, match="NaN or infinite"):
        at_rate(Audio(np.full((1, 9), np.inf), 8000), 16_000)


def test_parts_are_what_the_whole_has_there(tmp_path: Path) -> None:
    path = tone(tmp_path / "tone.wav", 2.5, rate=16_000)
    whole = read_clip(path).audio.mono()
    parts = [(0.5, 1.25), (1.0, 2.2), (0.0, None), (2.4, 9.0)]  # they overlap, and the last one goes past the end
    for (start, end), part in zip(parts, read_parts(path, parts), strict=True):
        wanted = whole[round(start * 16_000) : None if end is None else round(end * 16_000)]
        np.testing.assert_array_equal(part.audio.mono(), wanted)
        assert part.start == 0.0
    assert read_parts(path, []) == []


def test_a_part_that_is_too_long_or_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tone(tmp_path / "tone.wav", 2.5)
    with pytest.raises(InputError, match=r"tone.wav holds no sound from 3 to 4 s"):
        read_parts(path, [(0.0, 1.0), (3.0, 4.0)])
    monkeypatch.setattr(clip, "LONGEST", 1.5)
    with pytest.raises(InputError, match=r"tone.wav has more than 2 s from 0.5 s on; give a shorter part"):
        read_parts(path, [(0.5, None)])
    assert read_parts(path, [(1.0, 2.0)])[0].audio.duration == pytest.approx(1.0)
