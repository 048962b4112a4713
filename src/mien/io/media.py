"""Handles to audio and video files: what a file holds, without holding it in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import InputError
from mien.io.container import (
    Clock,
    Damage,
    Stretch,
    Warn,
    best_stream,
    frames_of,
    opened,
    packets,
    stretch_of,
    warn_user,
)
from mien.io.geometry import Geometry
from mien.types.signals import Recording, Video

if TYPE_CHECKING:
    from av.container import InputContainer

__all__ = ["open_media"]

LOWEST_RATE, HIGHEST_RATE = 1_000, 768_000
MOST_CHANNELS = 64


def open_media(path: str | Path, *, warn: Warn = warn_user) -> Recording | Video:
    """Return a handle to an audio or video file, read as far as its first frame of each stream.

    Args:
        path: The file.
        warn: Called with a sentence where one stream of two cannot be decoded.

    Raises:
        InputError: The file is missing, is no media, or nothing of it decodes.

    Example:
        >>> import tempfile, wave
        >>> path = Path(tempfile.mkdtemp()) / "silence.wav"
        >>> with wave.open(str(path), "wb") as file:
        ...     file.setparams((2, 2, 8000, 0, "NONE", ""))
        ...     file.writeframes(bytes(4 * 12000))
        >>> recording = open_media(path)
        >>> recording.duration, recording.rate, recording.channels
        (1.5, 8000, 2)
    """
    path = Path(path)
    with opened(path) as container:
        streams = {kind: best_stream(container, kind) for kind in ("audio", "video")}
        there = {kind: stream for kind, stream in streams.items() if stream is not None}
        firsts = _firsts(container, there)
        stretch = stretch_of(container, path.stat().st_size)
        geometry = Geometry.of(firsts["video"], there["video"]) if "video" in firsts else None
        frame_rate = float(there["video"].average_rate or there["video"].guessed_rate or 0) if geometry else 0.0
    for lost in there.keys() - firsts.keys() if firsts else ():
        warn(f"{path}: the {lost} stream does not decode and is left out")
    if "audio" in firsts and _is_short_wave(path):
        warn(f"{path} is cut short: its header states more sound than it holds")
    duration = stretch.duration or _scanned(path, stretch)
    recording = _recording(path, duration, firsts["audio"]) if "audio" in firsts else None
    if geometry is not None:
        width, height = geometry.shown
        return Video(path, duration, width, height, frame_rate, geometry.rotation, recording)
    if recording is None:
        raise InputError(f"{path} holds neither sound nor pictures that decode; it may be truncated or damaged")
    return recording


def _firsts(container: InputContainer, streams: dict[str, Any]) -> dict[str, Any]:
    """The first frame of each stream that has one."""
    kinds = {stream.index: kind for kind, stream in streams.items()}
    found: dict[str, Any] = {}
    for packet in packets(container, list(streams.values()), Damage()) if streams else ():
        kind = kinds[packet.stream.index]
        if kind not in found:
            found.update((kind, frame) for frame in frames_of(packet, Damage())[:1])
        if len(found) == len(kinds):
            break
    return found


def _recording(path: Path, duration: float | None, frame: Any) -> Recording:
    rate, channels = int(frame.sample_rate), int(frame.layout.nb_channels)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise InputError(f"{path} has a rate of {rate} Hz; allowed: {LOWEST_RATE} to {HIGHEST_RATE} Hz")
    if not 1 <= channels <= MOST_CHANNELS:
        raise InputError(f"{path} has {channels} channels; allowed: 1 to {MOST_CHANNELS}")
    return Recording(path, duration, rate, channels)


def _is_short_wave(path: Path) -> bool:
    """Whether a WAVE file is shorter than its header says; libav goes by the file. Streams state 0 or the largest."""
    with path.open("rb") as stream:
        head = stream.read(12)
    stated = int.from_bytes(head[4:8], "little")
    return head[:4] == b"RIFF" and head[8:] == b"WAVE" and 0 < path.stat().st_size - 8 < stated < 0xFFFFFFF0


def _scanned(path: Path, stretch: Stretch) -> float | None:
    """Where the last packet ends: what a browser records does not state its length."""
    clock = Clock(stretch)
    end = 0.0
    with opened(path) as container:
        streams = [stream for kind in ("audio", "video") if (stream := best_stream(container, kind)) is not None]
        for packet in packets(container, streams, Damage()):
            if packet.pts is not None:
                time = clock.read(float(packet.pts * packet.time_base), backwards=True)
                end = max(end, (time or 0.0) + float((packet.duration or 0) * packet.time_base))
    return end or None
