"""Pictures and sound of one file as one stream in order of time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from mien.io.container import Warn, warn_user
from mien.io.frames import frames
from mien.io.sounds import sounds
from mien.types.signals import Frame, Recording, Sound, Video

__all__ = ["pieces"]


def pieces(
    media: Recording | Video,
    *,
    frame_rate: float = 10.0,
    sound_rate: int = 16_000,
    seconds: float = 1.0,
    max_side: int | None = 1280,
    warn: Warn = warn_user,
) -> Iterator[Sound | Frame]:
    """Decode a file and give its pictures and sounds in order of their begin, a sound before a picture of its time.

    Each stream is read through a handle of its own, so that memory stays the same however the file interleaves them.

    Args:
        media: The handle.
        frame_rate: Pictures a second, in Hz.
        sound_rate: Samples a second, in Hz.
        seconds: Length of a sound.
        max_side: Longest side of a picture in pixels; ``None`` keeps every size.
        warn: Called with a sentence where the file is damaged.

    Raises:
        InputError: Nothing decodes, or samples are not finite.
        OptionError: An option is not allowed.
    """
    recording = media.recording if isinstance(media, Video) else media
    streams: list[Iterator[Sound | Frame]] = []
    if recording is not None:
        streams.append(sounds(recording, rate=sound_rate, seconds=seconds, warn=warn))
    if isinstance(media, Video):
        streams.append(frames(media, frame_rate, max_side=max_side, warn=warn))
    return heapq.merge(*streams, key=_begin)


def _begin(piece: Sound | Frame) -> float:
    return piece.start if isinstance(piece, Sound) else piece.time or 0.0
