"""The sound of a file as a stream of mono pieces, decoded and resampled on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from jaxtyping import Float

from mien.errors import InputError, OptionError
from mien.io.container import Clock, Damage, Warn, best_stream, decoded, opened, report, stretch_of, warn_user
from mien.io.line import GAP, Line
from mien.io.media import HIGHEST_RATE, LOWEST_RATE
from mien.types.signals import Recording, Sound

__all__ = ["sounds"]

WHOLE = {"u8": (128.0, 128.0), "s16": (0.0, 2.0**15), "s32": (0.0, 2.0**31), "s64": (0.0, 2.0**63)}


def sounds(
    recording: Recording, *, rate: int = 16_000, seconds: float = 1.0, warn: Warn = warn_user
) -> Iterator[Sound]:
    """Decode a recording piece by piece, as mono at one rate.

    Args:
        recording: The handle.
        rate: Samples a second of the pieces, in Hz.
        seconds: Length of a piece; the last one of a stretch is shorter.
        warn: Called with a sentence where the file is damaged.

    Yields:
        Pieces in order of time; a hole in the file's times is a hole between two pieces.

    Raises:
        InputError: Nothing decodes, or samples are not finite.
        OptionError: The rate or the length is not allowed.

    Example:
        >>> import tempfile, wave
        >>> from pathlib import Path
        >>> from mien.io import open_media
        >>> path = Path(tempfile.mkdtemp()) / "silence.wav"
        >>> with wave.open(str(path), "wb") as file:
        ...     file.setparams((2, 2, 8000, 0, "NONE", ""))
        ...     file.writeframes(bytes(4 * 12000))
        >>> [(sound.start, sound.audio.samples.shape) for sound in sounds(open_media(path))]
        [(0.0, (1, 16000)), (1.0, (1, 8000))]
    """
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise OptionError(f"a rate of {rate} Hz was asked for; allowed: {LOWEST_RATE} to {HIGHEST_RATE} Hz")
    if not 0 < seconds <= 600:
        raise OptionError(f"pieces of {seconds} s were asked for; allowed: more than 0, at most 600 s")
    return _sounds(recording, rate, max(1, round(rate * seconds)), warn)


def _sounds(recording: Recording, rate: int, size: int, warn: Warn) -> Iterator[Sound]:
    path = recording.path
    with opened(path) as container:
        stream = best_stream(container, "audio")
        stretch = stretch_of(container, path.stat().st_size, recording.duration)
        clock, damage, line = Clock(stretch), Damage(), None
        for frame in decoded(container, stream, damage) if stream is not None else ():
            if not LOWEST_RATE <= frame.sample_rate <= HIGHEST_RATE or not frame.samples:
                damage.lost += 1
                continue
            samples = mono(frame)
            _check(samples, recording, clock.last)
            time = clock.read(frame.time)
            if line is None or frame.sample_rate != line.source_rate or (time or 0) > line.end + GAP:
                if line is not None:
                    yield from line.finish()
                start = max(0.0, time or 0.0, line.end if line is not None else 0.0)
                line = Line(frame.sample_rate, rate, size, start)
            yield from line.push(samples)
        if line is None:
            raise InputError(f"{path} holds no sound that decodes; it may be truncated or damaged")
        yield from line.finish()
        report(path, "sounds", damage, line.end, stretch, warn)


def mono(frame: Any) -> Float[np.ndarray, " time"]:
    """Return the mean of the channels of a decoded libav frame, as float32 with full scale 1."""
    array = frame.to_ndarray()
    if not frame.format.is_planar:
        array = array.reshape(-1, frame.layout.nb_channels).T
    zero, scale = WHOLE.get(frame.format.name.rstrip("p"), (0.0, 1.0))
    mean: Float[np.ndarray, " time"] = array.mean(axis=0, dtype=np.float32 if array.dtype.itemsize < 4 else np.float64)
    return ((mean - zero) / scale).astype(np.float32)


def _check(samples: Float[np.ndarray, " time"], recording: Recording, time: float) -> None:
    if not np.isfinite(samples).all():
        raise InputError(
            f"{recording.path} holds samples that are NaN or infinite near {time:.1f} s; they must be finite"
        )
