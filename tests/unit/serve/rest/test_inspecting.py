"""What an upload is, by its content, and whether it is small enough."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import PIL.Image
import pytest

from mien.serve.inspecting import inspect, inspect_transcript
from mien.serve.problems import Problem
from mien.serve.uploads import Received

from .conftest import LIMITS

EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.fixture
def given(tmp_path: Path):  # type: ignore[no-untyped-def]
    def give(content: bytes, suffix: str = "", name: str = "mine.bin") -> Received:
        path = tmp_path / f"0123456789abcdef{suffix}"
        path.write_bytes(content)
        return Received(path, name)

    return give


def sound(seconds: float, rate: int = 8000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        out.writeframes(bytes(2 * int(seconds * rate)))
    return file.getvalue()


def picture(width: int, height: int, form: str = "PNG") -> bytes:
    file = io.BytesIO()
    PIL.Image.new("L", (width, height), 80).save(file, form)
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that states a huge size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("huge.txt", bytes(10_000_000))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "suffix", "kind"),
    [
        (b"What a day!", ".mp4", "text"),
        (b"speaker,text\nAda,Hi!\n", ".exe", "chat"),
        (b'{"speaker": "Ada", "text": "Hi!"}\n', ".txt", "chat"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi!\n", ".png", "transcript"),
        (picture(90, 90), ".txt", "image"),
        (picture(90, 90, "JPEG"), ".csv", "image"),
        (sound(1.0), ".jpg", "audio"),
    ],
)
def test_kind_is_that_of_the_content(given, content: bytes, suffix: str, kind: str) -> None:  # type: ignore[no-untyped-def]
    assert inspect(given(content, suffix), LIMITS) == kind


def test_video() -> None:
    wide = replace(LIMITS, duration=60, frame_pixels=1_000_000)
    assert inspect(Received(EXAMPLES / "talk.mp4", "talk.mp4"), wide) == "video"


WRONG = {
    "empty": (b"", 422, "mine.bin is empty"),
    "pdf": (b"%PDF-1.7", 415, "mine.bin is a PDF"),
    "zip": (zipped(), 415, "mine.bin is a ZIP archive"),
    "gzip": (b"\x1f\x8b" + bytes(100), 415, "mine.bin is a gzip archive"),
    "program": (b"\x7fELF" + bytes(100), 415, "mine.bin is a program"),
    "page": (b"<!doctype html><script>alert(1)</script>", 415, "is a web page"),
    "drawing": (b'<?xml version="1.0"?><svg onload="alert(1)"/>', 415, "is a web page or drawing"),
    "noise": (bytes(range(128, 256)) * 4, 415, "has an unknown format"),
    "analysis": (b'{"format": "mien.analysis", "version": 1}', 415, "is an analysis already"),
    "long text": (b"Hello. " * 1000, 422, "7,000 bytes of words; allowed: up to 5,000"),
    "broken chat": (b'{"speaker": "Ada", "text": "Hi!"}\n{"text": 3}\n', 422, "line 2"),
    "broken times": (b"WEBVTT\n\n00:09.000 --> 00:02.000\nHi!\n", 422, "ends at 2 s"),
    "large picture": (picture(200, 100), 422, "200 x 100 pixels"),
    "bomb": (bomb(50_000, 50_000), 422, "50000 x 50000 pixels"),
    "larger bomb": (bomb(2**31 - 1, 2**31 - 1), 422, "pixels"),
    "torn picture": (picture(90, 90)[:-30], 422, "cannot be decoded"),
    "torn photograph": (b"\xff\xd8\xff\xe0" + bytes(range(200)), 422, "cannot be decoded"),
    "long sound": (sound(4.0), 422, "lasts 4 seconds; allowed: up to 3"),
    "torn sound": (sound(1.0)[:20], 422, "damaged|cannot be decoded|neither sound"),
    "torn video": ((EXAMPLES / "talk.mp4").read_bytes()[:2000], 422, "damaged|neither sound"),
    "broken ogg": (b"OggS" + bytes(2000), 422, "damaged|cannot be decoded"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_refused(given, name: str) -> None:  # type: ignore[no-untyped-def]
    content, status, told = WRONG[name]
    with pytest.raises(Problem, match=told) as refused:
        inspect(given(content), LIMITS)
    assert refused.value.status_code == status
    assert "0123456789abcdef" not in refused.value.detail


def test_large_pictures_of_a_video_are_refused() -> None:
    with pytest.raises(Problem, match=r"the pictures of talk\.mp4 have") as refused:
        inspect(Received(EXAMPLES / "talk.mp4", "talk.mp4"), replace(LIMITS, duration=60))
    assert refused.value.status_code == 422


def test_transcripts(given) -> None:  # type: ignore[no-untyped-def]
    words = given(b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi!\n", ".vtt", "mine.vtt")
    inspect_transcript(words, "audio", LIMITS)
    with pytest.raises(Problem, match="the file is of the kind text") as refused:
        inspect_transcript(words, "text", LIMITS)
    assert refused.value.status_code == 422
    with pytest.raises(Problem, match=r"the transcript mine\.bin is of the kind image") as refused:
        inspect_transcript(given(picture(9, 9)), "audio", LIMITS)
    assert refused.value.status_code == 415
    with pytest.raises(Problem, match="ends at 2 s") as refused:
        inspect_transcript(given(b"WEBVTT\n\n00:09.000 --> 00:02.000\nHi!\n"), "audio", LIMITS)
    assert refused.value.status_code == 422
