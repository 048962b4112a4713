"""What kind of medium a file is, as browsers are told: by its first bytes, from a fixed list."""

from __future__ import annotations

__all__ = ["HEAD", "MEDIA_TYPES", "media_type"]

HEAD = 16
"""Bytes at the beginning of a file that tell its type."""

MARKS = (
    (0, b"RIFF", 8, b"WAVE", "audio/wav"),
    (0, b"RIFF", 8, b"WEBP", "image/webp"),
    (0, b"\x89PNG", 0, b"", "image/png"),
    (0, b"\xff\xd8\xff", 0, b"", "image/jpeg"),
    (0, b"fLaC", 0, b"", "audio/flac"),
    (0, b"ID3", 0, b"", "audio/mpeg"),
    (0, b"OggS", 0, b"", "KIND/ogg"),
    (0, b"\x1aE\xdf\xa3", 0, b"", "KIND/webm"),
    (4, b"ftyp", 0, b"", "KIND/mp4"),
)
UNTOLD = {"audio": "audio/mpeg", "video": "video/mp4", "image": "image/jpeg"}
UNKNOWN = "application/octet-stream"

MEDIA_TYPES = (
    *dict.fromkeys(found.replace("KIND", kind) for *_, found in MARKS for kind in ("audio", "video")),
    UNKNOWN,
)
"""Every type that a medium may be told to have; none could hold a script."""


def media_type(head: bytes, kind: str) -> str:
    """Return the media type of a file.

    Args:
        head: Its first `HEAD` bytes.
        kind: What it was read as: audio, video or image; containers hold sound or pictures.

    Example:
        >>> media_type(b"OggS", "audio")
        'audio/ogg'
    """
    for first, mark, second, also, found in MARKS:
        if head[first:].startswith(mark) and head[second:].startswith(also):
            return found.replace("KIND", kind if kind in ("audio", "video") else "video")
    return UNTOLD.get(kind, UNKNOWN)
