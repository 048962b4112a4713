from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from mien.errors import InputError
from mien.io import paragraphs, read_text, read_words
from mien.types import Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_reads_every_allowed_encoding_without_its_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes("Grüße, 中文\r\n# so!".encode(encoding))
    assert read_text(path).content == "Grüße, 中文\r\n# so!"


def test_big_endian_utf16(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(b"\xfe\xff" + "so".encode("utf-16-be"))
    assert read_text(path).content == "so"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"fine \xc3\x28 not", r"byte 5 \(c3\) breaks UTF-8; allowed: UTF-8, and UTF-16 with its mark"),
        (b"a\x00b", "holds NUL characters"),
        (b"\xff\xfea", "breaks UTF-16-LE"),
        (bytes(range(1, 9)) * 30, "full of control characters"),
        (b"", r"is empty \(0 bytes\)"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=message):
        read_text(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.txt does not exist; give a file or a folder that does"):
        read_text(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is a folder where a file is needed"):
        read_text(tmp_path)
    with pytest.raises(InputError, match=r"does not exist|cannot be looked at"):
        read_text("a\0b")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"hello")))
    assert read_text("-").content == "hello"


def test_white_space_only_is_a_text_without_words(tmp_path: Path) -> None:
    path = tmp_path / "blank.txt"
    path.write_text(" \n\t\n")
    assert read_text(path).content == " \n\t\n"
    assert read_words(path) == []


def test_a_ten_megabyte_line(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("so long " * 1_300_000)
    (only,) = read_words(path)
    assert only.span.duration == 8 * 1_300_000


def test_paragraphs_know_their_place() -> None:
    content = "One.\r\n\r\nTwo.\u2028 Three"
    for piece in paragraphs(Text(content)):
        assert content[int(piece.span.start) : int(piece.span.end)] == piece.text
