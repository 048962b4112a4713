"""Uploads, written piece by piece to a file that only we name."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from anyio import to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from mien.io.sniff import EXTENSIONS
from mien.serve.problems import Problem

__all__ = ["Form", "FormReader", "Received", "label", "new_path"]

FILES = ("file", "transcript")
FIELDS = ("modalities", "open_only")
LONGEST_LABEL = 200
LONGEST_FIELD = 1024
LONGEST_HEADERS = 8192
WRITTEN_AT_ONCE = 2**20
ODD = re.compile(r"[\s]+")


def label(given: str) -> str:
    r"""Return what a client's name for a file may be shown as: no path, nothing invisible, not too long.

    Example:
        >>> label("../../etc/pass\x00wd")
        'passwd'
    """
    last = re.split(r"[/\\]", given)[-1]
    plain = "".join(mark for mark in unicodedata.normalize("NFC", last) if unicodedata.category(mark)[0] != "C")
    short = ODD.sub(" ", plain).strip().strip(".")[-LONGEST_LABEL:]
    return short or "upload"


def new_path(folder: Path, name: str) -> Path:
    """Return a path that nobody can guess, with the suffix of a name where that is one that we know."""
    suffix = PurePosixPath(name).suffix.lower()
    known = next((one for one in EXTENSIONS if one == suffix), "")
    return folder / f"{secrets.token_hex(16)}{known}"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came: where it lies, and what the client calls it."""

    path: Path
    label: str


@dataclass(slots=True)
class Form:
    """What came with an upload."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, Received] = field(default_factory=dict)

    def discard(self) -> None:
        """Remove the files that nobody has taken."""
        for received in self.files.values():
            received.path.unlink(missing_ok=True)


class FormReader:
    """Reads one body of ``multipart/form-data``.

    Args:
        folder: Where the files go.
        content_type: The header of the request.

    Raises:
        Problem: The header has no boundary.
    """

    def __init__(self, folder: Path, content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 200:
            raise Problem(415, "a file comes as multipart/form-data with a boundary, words come as application/json")
        self.form = Form()
        self._folder = folder
        self._part = _Part()
        self._open: BinaryIO | None = None
        self._unwritten: list[tuple[BinaryIO, bytes]] = []
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda chunk, start, end: self._part.name(chunk[start:end]),
                "on_header_value": lambda chunk, start, end: self._part.value(chunk[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._content,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
        )

    async def read(self, stream: AsyncIterator[bytes]) -> Form:
        """Read the whole body and return what it holds; after an error nothing of it is left.

        Raises:
            Problem: It is malformed, or holds something else than it may.
        """
        try:
            async for chunk in stream:
                for start in range(0, len(chunk), WRITTEN_AT_ONCE):
                    self._parser.write(chunk[start : start + WRITTEN_AT_ONCE])
                    await to_thread.run_sync(self._write)
            self._parser.finalize()
            if not self._ended:
                raise Problem(400, "the form ends before its last boundary")
        except FormParserError as error:
            self._abandon()
            raise Problem(400, "the form is malformed; it must be multipart/form-data") from error
        except BaseException:
            self._abandon()
            raise
        return self.form

    def _begin(self) -> None:
        self._part = _Part()

    def _header_end(self) -> None:
        self._part.next_header()

    def _headers_finished(self) -> None:
        name, filename = self._part.disposition()
        if name in self.form.files or name in self.form.fields:
            raise Problem(422, f"the form has the field {name!r} twice")
        if name in FILES:
            if filename is None:
                raise Problem(422, f"the field {name!r} must be a file, with a filename")
            path = new_path(self._folder, label(filename))
            self._open = path.open("xb")
            self.form.files[name] = Received(path, label(filename))
        elif name in FIELDS:
            self.form.fields[name] = ""
        else:
            raise Problem(422, f"the form has the field {label(name)!r}; allowed: {', '.join((*FILES, *FIELDS))}")
        self._part.field = name

    def _content(self, chunk: bytes, start: int, end: int) -> None:
        if self._open is not None:
            self._unwritten.append((self._open, chunk[start:end]))
            return
        self._part.text += chunk[start:end]
        if len(self._part.text) > LONGEST_FIELD:
            raise Problem(422, f"the field {self._part.field!r} is longer than {LONGEST_FIELD} bytes")

    def _end(self) -> None:
        if self._open is not None:
            self._unwritten.append((self._open, b""))
            self._open = None
            return
        self.form.fields[self._part.field] = self._part.text.decode("utf-8", "replace")

    def _finish(self) -> None:
        self._ended = True

    def _write(self) -> None:
        for file, content in self._unwritten:
            if content:
                file.write(content)
            else:
                file.close()
        self._unwritten.clear()

    def _abandon(self) -> None:
        for file in {self._open, *(file for file, _ in self._unwritten)} - {None}:
            with suppress(OSError):
                file.close()  # type: ignore[union-attr]
        self.form.discard()


class _Part:
    """The headers of one part, and its text where it is no file."""

    def __init__(self) -> None:
        self.field = ""
        self.text = b""
        self._headers: dict[bytes, bytes] = {}
        self._name = self._value = b""
        self._size = 0

    def name(self, piece: bytes) -> None:
        self._name += self._counted(piece)

    def value(self, piece: bytes) -> None:
        self._value += self._counted(piece)

    def next_header(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def disposition(self) -> tuple[str, str | None]:
        """Return the names of the field and of the file."""
        kind, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if kind != b"form-data" or b"name" not in options:
            raise Problem(400, "a part of the form has no name")
        return _text(options, b"name"), _text(options, b"filename") if b"filename" in options else None

    def _counted(self, piece: bytes) -> bytes:
        self._size += len(piece)
        if self._size > LONGEST_HEADERS:
            raise Problem(400, f"the headers of a part of the form are longer than {LONGEST_HEADERS} bytes")
        return piece


def _text(options: Mapping[bytes, bytes], name: bytes) -> str:
    return options[name].decode("utf-8", "replace")
