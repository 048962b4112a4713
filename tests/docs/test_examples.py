"""The examples: small, media only, and each is perceived as it was made."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import mien
from mien.types import Analysis

from .blocks import ROOT

EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.is_file())
MEDIA = {".csv", ".txt", ".ogg", ".srt", ".mp4", ".webp"}


@cache
def analysis(name: str) -> Analysis:
    return mien.analyze(ROOT / "examples" / name)


def read(name: str) -> set[str]:
    return {track.modality for track in analysis(name).tracks if track.affects}


def test_there_are_examples() -> None:
    assert {"chat.csv", "letter.txt", "dialogue.ogg", "dialogue.srt", "talk.mp4", "talk.srt", "face.webp"} <= {
        path.name for path in EXAMPLES
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_example_is_small_media(path: Path) -> None:
    assert path.suffix in MEDIA
    assert path.stat().st_size < 1_000_000


def test_the_letter_counts_characters() -> None:
    assert read("letter.txt") == {"text"}
    assert analysis("letter.txt").source.unit == "characters"


def test_the_chat_has_two_friends() -> None:
    assert read("chat.csv") == {"text"}
    assert set(analysis("chat.csv").persons) == {"Noor", "Finn"}


def test_the_dialogue_has_words_and_voices_of_two() -> None:
    assert read("dialogue.ogg") == {"text", "speech"}
    assert set(analysis("dialogue.ogg").persons) == {"Ada", "Ben"}


def test_the_portrait_has_one_face() -> None:
    assert read("face.webp") == {"face"}
    assert len(analysis("face.webp").persons) == 1


def test_the_talk_has_one_face_all_the_time_and_a_voice() -> None:
    assert read("talk.mp4") == {"text", "speech", "face"}
    faces = [track for track in analysis("talk.mp4").tracks if track.modality == "face"]
    assert len(faces) == 1
    seen = sum(affect.span.duration for affect in faces[0].affects if affect.span)
    assert seen >= 0.8 * (analysis("talk.mp4").source.duration or 0.0)
