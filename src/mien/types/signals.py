"""Signals: what is perceived, as frozen values in SI units.

Arrays are short pieces. Long audio and video are handles (`Recording`, `Video`), decoded piece by piece by ``mien.io``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8

from mien.errors import OptionError
from mien.types.span import Span

__all__ = ["Audio", "Frame", "Image", "Recording", "Sound", "Text", "Utterance", "Video"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text without times; its spans are in characters from its beginning."""

    content: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one person said or wrote at one go: a sentence, a subtitle or a turn of a chat.

    Args:
        text: The words.
        span: Where they lie, in seconds, or in characters where the text has no times.
        speaker: The name of the person, if known.
    """

    text: str
    span: Span
    speaker: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Sound as samples.

    Args:
        samples: Shape ``(channels, time)``, float32 in [-1, 1].
        rate: Samples a second, in Hz.

    Raises:
        OptionError: The samples do not have two axes, or the rate is not positive.
    """

    samples: Float[np.ndarray, "channels time"]
    rate: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 2:
            raise OptionError(f"audio samples have {self.samples.ndim} axes; allowed: 2, (channels, time)")
        if self.rate <= 0:
            raise OptionError(f"an audio rate of {self.rate} Hz was given; it must be positive")

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return float(self.samples.shape[1] / self.rate)

    def mono(self) -> Float[np.ndarray, "time"]:
        """Return the mean of the channels."""
        channels: Float[np.ndarray, "channels time"] = np.asarray(self.samples)
        return np.asarray(channels[0] if len(channels) == 1 else channels.mean(axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """One piece of a sound stream: audio that begins ``start`` seconds into the stream."""

    audio: Audio
    start: float = 0.0

    @property
    def span(self) -> Span:
        """The stretch of the stream that the piece covers, in seconds."""
        return Span(self.start, self.start + self.audio.duration)


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """A picture.

    Args:
        pixels: Shape ``(height, width, 3)``, RGB, from the top left.

    Raises:
        OptionError: The array has another shape or type.
    """

    pixels: UInt8[np.ndarray, "height width 3"]

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            raise OptionError(
                f"image pixels have shape {self.pixels.shape} and type {self.pixels.dtype}; "
                "allowed: (height, width, 3) of uint8"
            )

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture of a stream, ``time`` seconds from its beginning; ``None`` is a photograph, which has no time."""

    image: Image
    time: float | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """A handle to sound in a file, decoded piece by piece by ``mien.io``.

    Args:
        path: The file.
        duration: Length in seconds; ``None`` where the file does not say.
        rate: Samples a second, in Hz.
        channels: How many channels the file holds.
    """

    path: Path
    duration: float | None
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Video:
    """A handle to moving pictures in a file, decoded piece by piece by ``mien.io``.

    Args:
        path: The file.
        duration: Length in seconds; ``None`` where the file does not say.
        width: Width in pixels as shown, after rotation.
        height: Height in pixels as shown, after rotation.
        frame_rate: Mean pictures a second, in Hz.
        rotation: Quarter turns, in degrees counter-clockwise, that show the pictures upright.
        recording: The sound that goes with the pictures, if any.
    """

    path: Path
    duration: float | None
    width: int
    height: int
    frame_rate: float
    rotation: int = 0
    recording: Recording | None = None
