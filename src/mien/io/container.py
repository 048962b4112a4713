"""Opening a container with libav and decoding one stream of it, broken packets skipped and counted."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import InputError
from mien.io.paths import readable_file
from mien.io.quiet import quiet

if TYPE_CHECKING:
    from av.container import InputContainer

__all__ = [
    "Clock",
    "Damage",
    "DecodeWarning",
    "Stretch",
    "Warn",
    "best_stream",
    "decoded",
    "frames_of",
    "opened",
    "packets",
    "report",
    "stretch_of",
    "warn_user",
]

FORMATS = "aac,aiff,flac,matroska,mov,mp3,ogg,w64,wav"
ALLOWED = "wav, flac, mp3, m4a, ogg, opus, mp4, mkv, webm, mov"
SLOWEST = 20.0
"""Bits a second: a file that states to be longer than its size allows at this rate is not believed."""
LARGEST = 200_000_000
"""Pixels of one picture that libav may make room for."""
THREADS = 2

Warn = Callable[[str], None]


class DecodeWarning(UserWarning):
    """A file is damaged, and what decodes of it is used."""


def warn_user(message: str) -> None:
    """Tell of damage through Python's warnings."""
    warnings.warn(message, DecodeWarning, stacklevel=3)


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """Open a container; libav sees local files of the allowed formats only, and stays silent.

    Raises:
        InputError: The file cannot be read, or libav finds no such format in it.
    """
    import av

    path = readable_file(path)
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    with quiet():
        try:
            container = av.open(f"file:{path}", options=options, metadata_errors="replace")
        except (av.FFmpegError, ValueError, MemoryError) as error:
            raise InputError(
                f"{path} cannot be decoded as audio or video: it is damaged, cut short or of another format; "
                f"allowed: {ALLOWED}"
            ) from error
        with container:
            yield container


def best_stream(container: InputContainer, kind: str) -> Any:
    """Return the stream of a kind (``"audio"`` or ``"video"``) that libav holds for the best, or ``None``.

    Cover art is no video, and a stream without a decoder is none at all.
    """
    import av
    from av.stream import Disposition

    try:
        stream = container.streams.best("audio" if kind == "audio" else "video")
    except av.FFmpegError:
        return None
    if stream is None or stream.codec_context is None or stream.disposition & Disposition.attached_pic:
        return None
    stream.codec_context.options = {"max_pixels": str(LARGEST)}
    stream.codec_context.thread_count = THREADS
    stream.codec_context.thread_type = "AUTO"
    return stream


@dataclass(slots=True)
class Damage:
    """How many packets or frames of a stream were lost."""

    lost: int = 0


def decoded(container: InputContainer, stream: Any, damage: Damage) -> Iterator[Any]:
    """Decode one stream frame by frame; what does not decode is counted and skipped."""
    for packet in packets(container, [stream], damage):
        yield from frames_of(packet, damage)


def packets(container: InputContainer, streams: list[Any], damage: Damage) -> Iterator[Any]:
    """Give the packets of some streams, up to where the container breaks off."""
    import av

    found = container.demux(*streams)
    while True:
        try:
            packet = next(found, None)
        except (av.FFmpegError, ValueError):
            damage.lost += 1
            return
        if packet is None:
            return
        yield packet


def frames_of(packet: Any, damage: Damage) -> list[Any]:
    """Decode one packet; where it is damaged, there is no frame."""
    import av

    try:
        return list(packet.decode())
    except (av.FFmpegError, ValueError, MemoryError):
        damage.lost += 1
        return []


@dataclass(frozen=True, slots=True)
class Stretch:
    """The timeline of a file.

    Args:
        origin: The libav time, in seconds, that counts as zero for every stream.
        duration: Length in seconds; ``None`` where nothing says it.
        limit: Times past this are damage.
    """

    origin: float
    duration: float | None
    limit: float


def stretch_of(container: InputContainer, size: int, known: float | None = None) -> Stretch:
    """Return the timeline of an open container, of a file of ``size`` bytes, ``known`` seconds long."""
    origin = (container.start_time or 0) / 1e6
    longest = size * 8 / SLOWEST
    stated = known if known is not None or not container.duration else container.duration / 1e6
    duration = stated if stated is not None and 0 < stated <= longest else None
    return Stretch(origin, duration, (longest if duration is None else duration) + 1)


class Clock:
    """Presentation times of one stream, in seconds from the origin: finite, within the file, never backwards."""

    def __init__(self, stretch: Stretch) -> None:
        self._stretch = stretch
        self.last = 0.0

    def read(self, time: float | None, *, backwards: bool = False) -> float | None:
        """Return a libav time on the timeline, or ``None`` where it is unknown or cannot be true.

        Args:
            time: Presentation time as libav has it, in seconds.
            backwards: Whether times may come out of order, as those of packets do.
        """
        if time is None or not math.isfinite(time):
            return None
        shifted = time - self._stretch.origin
        earliest = 0.0 if backwards else self.last
        if not earliest - 1e-6 <= shifted <= self._stretch.limit:
            return None
        self.last = max(self.last, shifted)
        return shifted if backwards else self.last


def report(path: Path, what: str, damage: Damage, reached: float, stretch: Stretch, warn: Warn) -> None:
    """Warn once where packets were lost or the stream ended early.

    Args:
        path: The file.
        what: ``"sound"`` or ``"pictures"``.
        damage: What was lost.
        reached: Seconds up to which the stream decoded.
        stretch: What the file states.
        warn: Called with the sentence.
    """
    stated = stretch.duration
    if stated is not None and reached < stated - max(0.5, 0.05 * stated):
        warn(f"{path}: the {what} decode only up to {reached:.1f} s of the {stated:.1f} s that the file states")
    elif damage.lost:
        warn(f"{path}: {damage.lost} damaged stretches of the {what} were left out")
