"""The sound of a file as a stream of mono pieces, decoded and resampled on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from jaxtyping import Float

from mien.errors import InputError, OptionError
from mien.io.container import Clock, Damage, Warn, best_stream, decoded, opened, report, stretch_of, warn_user
from mien.io.media import HIGHEST_RATE, LOWEST_RATE
from mien.types.signals import Audio, Recording, Sound

__all__ = ["sounds"]

GAP = 0.1
"""Seconds: a longer hole in the times begins a new stretch; a shorter one is how files round."""
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
                line = _Line(frame.sample_rate, rate, size, start)
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


class _Line:
    """One unbroken stretch of sound: resampled and cut to pieces as it comes in."""

    def __init__(self, source_rate: int, rate: int, size: int, start: float) -> None:
        import soxr

        self.source_rate, self._rate, self._size, self._start = source_rate, rate, size, start
        self._resampler = None if source_rate == rate else soxr.ResampleStream(source_rate, rate, 1, "float32", "HQ")
        self._taken = self._given = 0
        self._waiting: list[Float[np.ndarray, " time"]] = []

    @property
    def end(self) -> float:
        """Seconds up to which sound came in."""
        return self._start + self._taken / self.source_rate

    def push(self, samples: Float[np.ndarray, " time"], *, last: bool = False) -> Iterator[Sound]:
        """Take samples in and give the pieces that are full."""
        self._taken += len(samples)
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples, last=last)
        self._waiting.append(samples)
        if sum(map(len, self._waiting)) >= self._size or last:
            yield from self._cut(last)

    def finish(self) -> Iterator[Sound]:
        """Give what is left."""
        yield from self.push(np.zeros(0, np.float32), last=True)

    def _cut(self, last: bool) -> Iterator[Sound]:
        whole = np.concatenate(self._waiting)
        full = len(whole) if last else len(whole) - len(whole) % self._size
        for place in range(0, full, self._size):
            piece = np.clip(whole[place : min(place + self._size, full)], -1, 1)
            start = self._start + self._given / self._rate
            self._given += len(piece)
            yield Sound(Audio(piece[None], self._rate), start)
        self._waiting = [whole[full:]]
