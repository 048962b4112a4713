"""What a file is: by its content first, by its extension only where the content leaves it open."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

from mien.errors import InputError
from mien.io.paths import read_bytes
from mien.io.text import HEAD, decode_text, encoding_of

__all__ = ["Kind", "sniff"]

Kind = Literal["text", "chat", "transcript", "audio", "video", "image", "analysis"]

EXTENSIONS: dict[str, Kind] = {
    **dict.fromkeys((".txt", ".md"), "text"),
    **dict.fromkeys((".csv", ".jsonl"), "chat"),
    **dict.fromkeys((".srt", ".vtt"), "transcript"),
    **dict.fromkeys((".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus"), "audio"),
    **dict.fromkeys((".mp4", ".m4v", ".mkv", ".webm", ".mov"), "video"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp"), "image"),
    ".json": "analysis",
}
ALLOWED = (
    "text (.txt, .md), chats (.csv, .jsonl), transcripts (.srt, .vtt), audio (.wav, .flac, .mp3, .m4a, .ogg, .opus), "
    "video (.mp4, .mkv, .webm, .mov), images (.png, .jpg, .webp) and analyses (.json)"
)
FOREIGN = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\x1f\x8b": "a gzip archive",
    b"GIF8": "a GIF image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old office document",
}
TIMING = re.compile(
    r"^[ \t]*(\d+:)?\d{1,2}:\d{2}[,.]\d{1,3}[ \t]*-->[ \t]*(\d+:)?\d{1,2}:\d{2}[,.]\d{1,3}", re.MULTILINE
)
PAGE = re.compile(r"\s*(<\?xml[^>]*>\s*)?<(!doctype html|html|svg)\b", re.IGNORECASE)
ANNOTATIONS = re.compile(
    r'\s*(<\?xml[^>]*>\s*)?<(emotionml|ANNOTATION_DOCUMENT)\b|File type = "ooTextFile|frame, ?face_id, ?timestamp,'
)
FACES = "frame,face_id,timestamp,confidence,success,person,"
ANALYSIS_NOTE = "NOTE mien.analysis"


def sniff(path: str | Path) -> Kind:
    r"""Return what a file is.

    Args:
        path: The file; ``"-"`` is standard input, which is text.

    Raises:
        InputError: The file cannot be read, or is of no kind that mien reads.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "wrongly-named.mp4"
        >>> _ = path.write_text("speaker,text\nAda,Hi!\n")
        >>> sniff(path)
        'chat'
    """
    if str(path) == "-":
        return "text"
    path = Path(path)
    head = read_bytes(path, HEAD)
    return _binary(head, path) or _written(head, path)


def _binary(head: bytes, path: Path) -> Kind | None:
    for mark, name in FOREIGN.items():
        if head.startswith(mark):
            raise InputError(f"{path} is {name}, which mien does not read; allowed: {ALLOWED}")
    if head.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    if _is_sound(head):
        return "audio"
    if head[4:8] in (b"ftyp", b"moov", b"wide", b"mdat") or head.startswith((b"\x1aE\xdf\xa3", b"OggS")):
        return _media(path)
    return None


def _is_sound(head: bytes) -> bool:
    """WAVE, FLAC, and MP3 with or without tags; UTF-16's mark looks like MPEG and is none."""
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return True
    if head.startswith((b"fLaC", b"ID3")):
        return True
    return head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xfa", b"\xf3", b"\xf2", b"\xe3", b"\xe2")


def _media(path: Path) -> Kind:
    from mien.io.media import open_media
    from mien.types.signals import Video

    return "video" if isinstance(open_media(path, warn=lambda _: None), Video) else "audio"


def _written(head: bytes, path: Path) -> Kind:
    named = EXTENSIONS.get(path.suffix.lower())
    try:
        content = decode_text(_whole_characters(head), str(path))
    except InputError as error:
        if named in ("audio", "video"):
            return _media(path)
        if named is None:
            raise InputError(f"{path} has an unknown format; allowed: {ALLOWED}") from error
        return named
    if PAGE.match(content):
        raise InputError(f"{path} is a web page or drawing, which mien does not read; allowed: {ALLOWED}")
    if ANNOTATIONS.match(content) and not content.startswith(FACES):
        raise InputError(f"{path} holds annotations of a recording; give the recording, and these with --tracks")
    return _written_kind(content) or (named if named in ("chat", "transcript", "analysis") else "text")


def _whole_characters(head: bytes) -> bytes:
    """The head without a character that its end cuts in two."""
    if len(head) < HEAD:
        return head
    if encoding_of(head)[0] != "utf-8":
        cut = len(head) - len(head) % 2
        return head[: cut - 2] if _high_surrogate(head, cut) else head[:cut]
    for back in range(1, 4):
        if head[-back] >= 0xC0:
            return head[:-back]
        if head[-back] < 0x80:
            break
    return head


def _high_surrogate(head: bytes, cut: int) -> bool:
    order: Literal["little", "big"] = "little" if head.startswith(b"\xff\xfe") else "big"
    return 0xD800 <= int.from_bytes(head[cut - 2 : cut], order) < 0xDC00


def _written_kind(content: str) -> Kind | None:
    if ANALYSIS_NOTE in content[:200] or content.startswith(("person,modality,start,end,unit,", FACES)):
        return "analysis"
    if content.startswith("WEBVTT") or TIMING.search(content):
        return "transcript"
    return _records_kind(content)


def _records_kind(content: str) -> Kind | None:
    from mien.io.chat import is_chat_header, is_chat_record

    if re.match(r'\s*\{[^{}]*"format"\s*:\s*"mien\.analysis"', content):
        return "analysis"
    first = content.lstrip().split("\n", 1)[0]
    if first.startswith("{"):
        try:
            return "chat" if is_chat_record(json.loads(first)) else None
        except (ValueError, RecursionError):
            return None
    return "chat" if is_chat_header(first) else None
