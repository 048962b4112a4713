"""Plain text: files and standard input, UTF-8 (with or without mark) or UTF-16 with its mark.

Nothing is stripped or translated apart from the mark, Markdown included, so that every character offset counts in the
text exactly as the file has it.
"""

from __future__ import annotations

import codecs
import re
import sys
from pathlib import Path

from mien.errors import InputError
from mien.io.paths import read_bytes
from mien.types.signals import Text, Utterance
from mien.types.span import Span

__all__ = ["decode_text", "paragraphs", "read_text"]

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
CONTROL_SHARE = 0.05
HEAD = 65_536


def read_text(path: str | Path) -> Text:
    """Return the text of a file, or of standard input for ``"-"``.

    Raises:
        InputError: The file is missing or empty, is broken UTF-8, or holds binary noise.

    Example:
        >>> import pathlib, tempfile
        >>> note = pathlib.Path(tempfile.mkdtemp()) / "note.txt"
        >>> _ = note.write_text("What a day!")
        >>> read_text(note).content
        'What a day!'
    """
    if str(path) == "-":
        return Text(decode_text(sys.stdin.buffer.read(), "standard input"))
    return Text(decode_text(read_bytes(path), str(path)))


def decode_text(raw: bytes, name: str) -> str:
    """Return bytes as text, without the mark that may open them.

    Args:
        raw: The bytes.
        name: What the error calls them.

    Raises:
        InputError: The bytes are no text.
    """
    encoding, body = encoding_of(raw)
    try:
        content = body.decode(encoding)
    except UnicodeDecodeError as error:
        given = raw[error.start : error.start + 1].hex() if encoding == "utf-8" else error.reason
        raise InputError(
            f"{name} is not text: byte {error.start} ({given}) breaks {encoding.upper()}; "
            "allowed: UTF-8, and UTF-16 with its mark"
        ) from error
    if "\x00" in content:
        raise InputError(f"{name} is not text: it holds NUL characters; allowed: UTF-8, and UTF-16 with its mark")
    head = content[:HEAD]
    if len(CONTROL.findall(head)) > CONTROL_SHARE * len(head):
        raise InputError(f"{name} is not text: it is full of control characters, like binary noise")
    return content


def encoding_of(raw: bytes) -> tuple[str, bytes]:
    """Return the encoding that a mark names (UTF-8 without one) and the bytes after the mark."""
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return encoding, raw[len(mark) :]
    return "utf-8", raw


def paragraphs(text: Text) -> list[Utterance]:
    r"""Cut a text at its line breaks; each piece knows its place in characters, blank ones are left out.

    Example:
        >>> [(piece.text, piece.span.start) for piece in paragraphs(Text("Hello.\n\nBye."))]
        [('Hello.', 0), ('Bye.', 8)]
    """
    found = re.finditer(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+", text.content)
    return [
        Utterance(match.group(), Span(match.start(), match.end(), "characters"))
        for match in found
        if match.group().strip()
    ]
