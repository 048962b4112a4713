"""Names of clients, and bodies of forms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mien.serve.problems import Problem
from mien.serve.uploads import Form, FormReader, label, new_path

TYPE = "multipart/form-data; boundary=xx"


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    ending = f'; filename="{filename}"' if filename is not None else ""
    return f'--xx\r\nContent-Disposition: form-data; name="{name}"{ending}\r\n\r\n'.encode() + content + b"\r\n"


def read(folder: Path, body: bytes, *, size: int = 7, content_type: str = TYPE) -> Form:
    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    async def reading() -> Form:
        return await FormReader(folder, content_type).read(stream())

    return asyncio.run(reading())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("talk.mp4", "talk.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\talk.mp4", "talk.mp4"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("..", "upload"),
        (".", "upload"),
        ("", "upload"),
        ("/", "upload"),
        ("x" * 500 + ".wav", "x" * 196 + ".wav"),
        ("Ada  und\tBen.txt", "Ada undBen.txt"),
        ("\ud800.txt", "txt"),
    ],
)
def test_label(given: str, shown: str) -> None:
    assert label(given) == shown


@pytest.mark.parametrize("name", ["a.mp4", "A.MP4", "../a.mp4", "a.mp4/../../b.mp4"])
def test_a_known_suffix_is_kept_and_nothing_else(name: str, tmp_path: Path) -> None:
    path = new_path(tmp_path, name)
    assert path.parent == tmp_path
    assert path.suffix == ".mp4"
    assert len(path.stem) == 32


@pytest.mark.parametrize("name", ["a.sh", "a", ".mp4/../x", "a.mp4\x00", "a.mp4 "])
def test_an_unknown_suffix_is_not(name: str, tmp_path: Path) -> None:
    assert new_path(tmp_path, name).suffix == ""


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_form_in_pieces(size: int, tmp_path: Path) -> None:
    content = bytes(range(256)) * 4
    body = part("file", content, "../talk.mp4") + part("modalities", b"text,face") + part("transcript", b"", "a.srt")
    form = read(tmp_path, body + b"--xx--\r\n", size=size)
    assert form.fields == {"modalities": "text,face"}
    assert form.files["file"].label == "talk.mp4"
    assert form.files["file"].path.read_bytes() == content
    assert form.files["file"].path.parent == tmp_path
    assert form.files["transcript"].path.read_bytes() == b""


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"", 400, "ends before its last boundary"),
        (b"rubbish", 400, "malformed"),
        (part("file", b"half", "a.txt"), 400, "ends before its last boundary"),
        (part("file", b"", "a.txt")[:-2], 400, "ends before its last boundary"),
        (part("file", b"a", "a.txt") + part("file", b"b", "b.txt") + b"--xx--", 422, "'file' twice"),
        (part("file", b"a") + b"--xx--", 422, "must be a file"),
        (part("url", b"http://x") + b"--xx--", 422, "'url'; allowed: file, transcript"),
        (part("modalities", b"x" * 2000) + b"--xx--", 422, "longer than 1024 bytes"),
        (b"--xx\r\nX: y\r\n\r\nz\r\n--xx--", 400, "no name"),
        (b"--xx\r\nX: " + b"y" * 9000 + b"\r\n\r\nz\r\n--xx--", 400, "headers of a part|malformed"),
    ],
)
def test_a_form_that_is_wrong_leaves_nothing(body: bytes, status: int, told: str, tmp_path: Path) -> None:
    with pytest.raises(Problem, match=told) as refused:
        read(tmp_path, body)
    assert refused.value.status_code == status
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/form-data", "multipart/mixed; boundary=x"])
def test_another_type_is_not_supported(content_type: str, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="multipart/form-data with a boundary") as refused:
        read(tmp_path, b"", content_type=content_type)
    assert refused.value.status_code == 415
