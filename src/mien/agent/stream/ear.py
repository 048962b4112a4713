"""Sound of any rate and channels, as the speech perceiver takes it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mien.errors import OptionError
from mien.io.line import GAP, Line
from mien.io.media import HIGHEST_RATE, LOWEST_RATE
from mien.types import Sound

__all__ = ["Ear", "check_sound"]

RATE = 16_000
SIZE = 1_600
"""Samples that are handed on together: a tenth of a second."""


class Ear:
    """Resamples a stream of sound to 16 kHz mono; what it gives does not depend on how the sound is cut."""

    def __init__(self) -> None:
        self._line: Line | None = None

    def push(self, piece: Sound) -> Iterator[Sound]:
        """Take a piece that does not begin before the last one ended, and give what is full."""
        line = self._line
        if line is None or piece.audio.rate != line.source_rate or piece.start > line.end + GAP:
            yield from self.finish()
            start = piece.start if line is None else max(piece.start, line.end)
            self._line = line = Line(piece.audio.rate, RATE, SIZE, start)
        yield from line.push(np.asarray(piece.audio.mono(), dtype=np.float32))

    def finish(self) -> Iterator[Sound]:
        """Give what is left."""
        line, self._line = self._line, None
        if line is not None:
            yield from line.finish()


def check_sound(piece: Sound) -> None:
    """Refuse what is no sound.

    Raises:
        OptionError: The rate is out of range, or samples are not finite.
    """
    if not LOWEST_RATE <= piece.audio.rate <= HIGHEST_RATE:
        raise OptionError(
            f"sound of {piece.audio.rate} Hz was given to a stream; allowed: {LOWEST_RATE} to {HIGHEST_RATE} Hz"
        )
    if not np.isfinite(piece.audio.samples).all():
        raise OptionError(f"sound given to a stream at {piece.start:.1f} s holds NaN or infinity; it must be finite")
