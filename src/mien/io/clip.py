"""The sound of a whole file, or an array of samples, as one piece: for what is read item by item."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from mien.errors import InputError, OptionError
from mien.io.media import HIGHEST_RATE, LOWEST_RATE, open_media
from mien.io.sounds import sounds
from mien.types.signals import Audio, Recording, Sound, Video

__all__ = ["LONGEST", "at_rate", "read_clip", "read_parts"]

LONGEST = 600.0
"""Seconds of a file that are read at once; longer files are for ``mien.analyze``, which reads them as streams."""


def read_clip(path: str | Path) -> Sound:
    """Return the sound of a recording or video as one piece, mono at 16 kHz.

    What of a damaged file decodes is read.

    Raises:
        InputError: The file holds no sound, or more than `LONGEST` seconds of it.

    Example:
        >>> import tempfile, wave
        >>> path = Path(tempfile.mkdtemp()) / "silence.wav"
        >>> with wave.open(str(path), "wb") as file:
        ...     file.setparams((2, 2, 8000, 0, "NONE", ""))
        ...     file.writeframes(bytes(4 * 12000))
        >>> read_clip(path).audio.samples.shape
        (1, 24000)
    """
    parts: list[Audio] = []
    length = 0.0
    for sound in sounds(_recording(path), warn=_ignore):
        parts.append(sound.audio)
        length += sound.audio.duration
        if length > LONGEST:
            raise InputError(f"{path} is longer than {LONGEST:.0f} s; read it with: mien analyze")
    if not parts:
        raise InputError(f"{path} holds no sound")
    return Sound(Audio(np.concatenate([part.samples for part in parts], axis=1), parts[0].rate))


def read_parts(path: str | Path, parts: Sequence[tuple[float, float | None]]) -> list[Sound]:
    """Return parts of a recording or video, each as one piece, mono at 16 kHz; the file is decoded once.

    Args:
        path: The file, of any length.
        parts: Start and end of each in seconds; an end of ``None`` is that of the file. They may overlap.

    Raises:
        InputError: The file holds no sound, a part holds none or more than `LONGEST` seconds of it.

    Example:
        >>> import tempfile, wave
        >>> path = Path(tempfile.mkdtemp()) / "silence.wav"
        >>> with wave.open(str(path), "wb") as file:
        ...     file.setparams((2, 2, 8000, 0, "NONE", ""))
        ...     file.writeframes(bytes(4 * 12000))
        >>> [part.audio.duration for part in read_parts(path, [(0.5, 1.25), (1.0, None)])]
        [0.75, 0.5]
    """
    found: list[list[Float[np.ndarray, " time"]]] = [[] for _ in parts]
    last = max((np.inf if end is None else end for _, end in parts), default=0.0)
    rate = 0
    for sound in sounds(_recording(path), warn=_ignore):
        if sound.start >= last:
            break
        rate = sound.audio.rate
        for (start, end), pieces in zip(parts, found, strict=True):
            pieces.append(_between(sound, start, end))
            if sum(map(len, pieces)) > LONGEST * rate:
                raise InputError(f"{path} has more than {LONGEST:.0f} s {_told(start, end)}; give a shorter part")
    for (start, end), pieces in zip(parts, found, strict=True):
        if not sum(map(len, pieces)):
            raise InputError(f"{path} holds no sound {_told(start, end)}")
    return [Sound(Audio(np.concatenate(pieces)[None], rate)) for pieces in found]


def _between(sound: Sound, start: float, end: float | None) -> Float[np.ndarray, " time"]:
    """Return the samples of a piece of a stream that lie between two times of the stream."""
    samples, rate = sound.audio.mono(), sound.audio.rate
    first = max(0, round((start - sound.start) * rate))
    stop = len(samples) if end is None else round((end - sound.start) * rate)
    return samples[first : max(first, stop)]


def _told(start: float, end: float | None) -> str:
    return f"from {start:g} s on" if end is None else f"from {start:g} to {end:g} s"


def _recording(path: str | Path) -> Recording:
    """Return the handle to the sound of a file."""
    media = open_media(path, warn=_ignore)
    recording = media.recording if isinstance(media, Video) else media
    if not isinstance(recording, Recording):
        raise InputError(f"{path} holds no sound")
    return recording


def at_rate(audio: Audio, rate: int) -> Audio:
    """Return the same audio at another rate, mono.

    Args:
        audio: The samples; they must be finite.
        rate: Samples a second that are wanted, in Hz.

    Raises:
        OptionError: The audio's own rate is not between 1 and 768 kHz.
        InputError: Samples are NaN or infinite.

    Example:
        >>> at_rate(Audio(np.zeros((1, 8000), np.float32), 8000), 16000).samples.shape
        (1, 16000)
    """
    if not LOWEST_RATE <= audio.rate <= HIGHEST_RATE:
        raise OptionError(f"sound at {audio.rate} Hz was given; allowed: {LOWEST_RATE} to {HIGHEST_RATE} Hz")
    samples = audio.mono().astype(np.float32)
    if not np.isfinite(samples).all():
        raise InputError("sound with samples that are NaN or infinite was given; they must be finite")
    if audio.rate != rate:
        import soxr

        samples = soxr.resample(samples, audio.rate, rate)
    return Audio(np.clip(samples, -1, 1)[None], rate)


def _ignore(message: str) -> None:
    """Take no notice of damage: what decodes is read."""
