from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from mien.errors import InputError
from mien.io import read, sniff
from mien.io.sniff import HEAD

KINDS = {
    "note.txt": "text",
    "note.md": "text",
    "wide.txt": "text",
    "chat.csv": "chat",
    "chat.jsonl": "chat",
    "said.srt": "transcript",
    "said.vtt": "transcript",
    "analysis.json": "analysis",
    **dict.fromkeys(("sound.wav", "sound.flac", "sound.mp3", "sound.m4a", "sound.ogg"), "audio"),
    **dict.fromkeys(("clip.mp4", "clip.mkv", "clip.mov", "clip.webm"), "video"),
    **dict.fromkeys(("photo.png", "photo.jpg", "photo.webp"), "image"),
}


@pytest.fixture(scope="module")
def folder(seeds: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("seeds")
    seeds.write_all(made)
    return made


def test_every_format_is_told_by_its_name_and_reads(folder: Path) -> None:
    assert {path.name: sniff(path) for path in folder.iterdir()} == KINDS
    for path in folder.iterdir():
        read(path)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("suffix", [".mp4", ".txt", ".png", ".xyz", ""])
def test_content_counts_more_than_the_extension(folder: Path, tmp_path: Path, name: str, suffix: str) -> None:
    wrong = tmp_path / f"wrong{suffix}"
    wrong.write_bytes((folder / name).read_bytes())
    assert sniff(wrong) == KINDS[name]
    read(wrong)


def test_standard_input_is_text() -> None:
    assert sniff("-") == "text"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"%PDF-1.7", "is a PDF, which mien does not read; allowed: text"),
        (b"PK\x03\x04...", "is a ZIP archive"),
        (b"\x01\x02\x03\xff\x00" * 50, r"thing.bin has an unknown format; allowed: text \(.txt, .md\)"),
        (b"<!DOCTYPE html><p>Hi", "is a web page or drawing"),
    ],
)
def test_unknown_formats_are_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "thing.bin"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=message):
        sniff(path)


@pytest.mark.parametrize("offset", range(4))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_character_cut_by_the_end_of_the_head(tmp_path: Path, offset: int, encoding: str) -> None:
    path = tmp_path / "long"
    path.write_bytes(("a" * offset + "\U0001f600" * HEAD).encode(encoding))
    assert sniff(path) == "text"


def test_own_outputs_are_no_transcripts(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_text("WEBVTT\n\nNOTE mien.analysis\n")
    (tmp_path / "a.csv").write_text("person,modality,start,end,unit,label\n")
    assert {sniff(path) for path in tmp_path.iterdir()} == {"analysis"}
