"""What an upload is, by its content, and whether it is small enough to be analysed."""

from __future__ import annotations

from mien.errors import InputError
from mien.io import open_media, read_image, read_text, read_words, sniff
from mien.io.sniff import ALLOWED
from mien.serve.problems import Problem
from mien.serve.settings import Limits
from mien.serve.uploads import Received
from mien.types import Video

__all__ = ["inspect", "inspect_transcript"]

WRITTEN = ("text", "chat", "transcript")
THUMBNAIL = 64


def inspect(received: Received, limits: Limits) -> str:
    """Return the kind of a file: text, chat, transcript, audio, image or video.

    Raises:
        Problem: It is of no kind that is read (415), or is empty, broken, too long or has too many pixels (422).
    """
    kind = _kind(received)
    if kind == "analysis":
        told = "is an analysis already, or other JSON, which the page and mien.load read; allowed: what can be analysed"
        raise Problem(415, f"{received.label} {told}")
    try:
        if kind in WRITTEN:
            _check_words(received, kind, limits)
        elif kind == "image":
            _check_picture(received, limits)
        else:
            _check_media(received, limits)
    except InputError as error:
        raise Problem(422, _told(error, received)) from error
    return kind


def inspect_transcript(received: Received, kind: str, limits: Limits) -> None:
    """Check that a file is words that may go with a recording.

    Raises:
        Problem: It is something else (415), or it goes with no recording, is broken or too long (422).
    """
    if kind not in ("audio", "video"):
        raise Problem(422, f"a transcript belongs to a recording; the file is of the kind {kind}")
    if (found := _kind(received)) not in WRITTEN:
        raise Problem(415, f"the transcript {received.label} is of the kind {found}; allowed: {', '.join(WRITTEN)}")
    try:
        _check_words(received, found, limits)
    except InputError as error:
        raise Problem(422, _told(error, received)) from error


def _kind(received: Received) -> str:
    if received.path.stat().st_size == 0:
        raise Problem(422, f"{received.label} is empty (0 bytes), so there is nothing to read")
    try:
        return sniff(received.path)
    except InputError as error:
        # Of an unknown kind, or of a known kind and damaged.
        raise Problem(415 if ALLOWED in str(error) else 422, _told(error, received)) from error


def _check_words(received: Received, kind: str, limits: Limits) -> None:
    size = received.path.stat().st_size
    if size > limits.text_bytes:
        raise Problem(422, f"{received.label} has {size:,} bytes of words; allowed: up to {limits.text_bytes:,}")
    if kind == "text":
        read_text(received.path)
    else:
        read_words(received.path)


def _check_picture(received: Received, limits: Limits) -> None:
    read_image(received.path, max_side=THUMBNAIL, most_pixels=limits.picture_pixels)


def _check_media(received: Received, limits: Limits) -> None:
    media = open_media(received.path, warn=lambda _: None)
    if media.duration is not None and media.duration > limits.duration:
        told = f"{received.label} lasts {media.duration:,.0f} seconds; allowed: up to {limits.duration:,.0f}"
        raise Problem(422, told)
    if isinstance(media, Video) and media.width * media.height > limits.frame_pixels:
        allowed = f"allowed: up to {limits.frame_pixels / 1e6:g} megapixels"
        raise Problem(422, f"the pictures of {received.label} have {media.width} x {media.height} pixels; {allowed}")


def _told(error: InputError, received: Received) -> str:
    """Return a sentence about the file by the client's name for it: where it lies is nobody's business."""
    return str(error).replace(str(received.path), received.label).replace(received.path.name, received.label)
