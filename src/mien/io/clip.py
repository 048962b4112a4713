"""The sound of a whole file, or an array of samples, as one piece: for what is read item by item."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mien.errors import InputError, OptionError
from mien.io.media import HIGHEST_RATE, LOWEST_RATE, open_media
from mien.io.sounds import sounds
from mien.types.signals import Audio, Recording, Sound, Video

__all__ = ["LONGEST", "at_rate", "read_clip"]

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
    media = open_media(path, warn=_ignore)
    recording = media.recording if isinstance(media, Video) else media
    if not isinstance(recording, Recording):
        raise InputError(f"{path} holds no sound")
    parts: list[Audio] = []
    length = 0.0
    for sound in sounds(recording, warn=_ignore):
        parts.append(sound.audio)
        length += sound.audio.duration
        if length > LONGEST:
            raise InputError(f"{path} is longer than {LONGEST:.0f} s; read it with: mien analyze")
    if not parts:
        raise InputError(f"{path} holds no sound")
    return Sound(Audio(np.concatenate([part.samples for part in parts], axis=1), parts[0].rate))


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
