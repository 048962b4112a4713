"""How much the streams of one server may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mien.agent.stream import Bounds

__all__ = ["StreamLimits"]


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How much the streams of one server may take.

    Args:
        streams: Most streams at a time.
        idle: Seconds without any message after which a stream is closed.
        audio_bytes: Largest message of sound.
        picture_bytes: Largest picture.
        picture_pixels: Most pixels of a picture.
        text_bytes: Largest message of text.
        longest: Seconds of a stream after which nothing more is taken.
        sound_ahead: Seconds of sound that may wait to be read before the oldest is dropped.
        pictures_ahead: Pictures that may wait before the oldest is dropped.
        turns_ahead: Turns that may wait before the client has to.
        patience: Seconds that one answer may take to be received.
    """

    streams: int = 256
    idle: float = 60.0
    audio_bytes: int = 1 << 20
    picture_bytes: int = 2 << 20
    picture_pixels: int = 9_000_000
    text_bytes: int = 128 << 10
    longest: float = 4 * 3600.0
    sound_ahead: float = 15.0
    pictures_ahead: int = 8
    turns_ahead: int = 100
    patience: float = 30.0

    @property
    def bounds(self) -> Bounds:
        """The bounds of each stream's session."""
        return Bounds(longest=self.longest)

    def told(self) -> Mapping[str, float]:
        """Return what a client should know."""
        return {
            "idle_seconds": self.idle,
            "audio_bytes": self.audio_bytes,
            "picture_bytes": self.picture_bytes,
            "picture_pixels": self.picture_pixels,
            "text_bytes": self.text_bytes,
            "longest_seconds": self.longest,
            "sound_ahead_seconds": self.sound_ahead,
            "pictures_ahead": self.pictures_ahead,
            "late_seconds": self.bounds.patience,
        }
