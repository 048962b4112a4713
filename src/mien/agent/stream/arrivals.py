"""Which pieces of a stream are taken: those in time and within bounds; the others are counted."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mien.errors import OptionError
from mien.io.line import GAP
from mien.types import Frame, Sound, Utterance

__all__ = ["Arrivals", "Bounds", "Piece", "modality_of"]

Piece = Sound | Frame | Utterance
KINDS = {Utterance: "text", Sound: "speech", Frame: "face"}
NAMES = {"text": "turns", "speech": "pieces of sound", "face": "pictures"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a stream may bring.

    Args:
        longest: Seconds after which nothing more is taken.
        turns: Turns after which no more are taken.
        characters: Longest turn.
        patience: Seconds that a piece may begin before the latest sound or picture; words are known only when they
            were said.

    Raises:
        OptionError: A bound is not positive.
    """

    longest: float = 4 * 3600.0
    turns: int = 10_000
    characters: int = 20_000
    patience: float = 20.0

    def __post_init__(self) -> None:
        if min(self.longest, self.turns, self.characters, self.patience) <= 0:
            raise OptionError(f"the bounds of a stream are {self}; all must be positive")


def modality_of(piece: Piece) -> str:
    """Return what a piece is read for.

    Raises:
        OptionError: It is no piece of a stream.
    """
    if type(piece) not in KINDS:
        raise OptionError(f"a {type(piece).__name__} was given to a stream; allowed: Sound, Frame, Utterance")
    return KINDS[type(piece)]


class Arrivals:
    """The times of the pieces so far.

    A piece is late where it begins before what its own modality has brought, or more than `Bounds.patience` before the
    latest sound or picture. Late pieces, and those past the bounds, are left out and counted.

    Attributes:
        latest: End of the latest sound or picture, in seconds.
        ends: Where each modality ends so far.
        late: How many pieces of each modality came too late.
        beyond: How many pieces of each modality lay past the bounds.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._turns = 0
        self.latest = 0.0
        self.ends: dict[str, float] = {}
        self.late: dict[str, int] = {}
        self.beyond: dict[str, int] = {}

    @property
    def dropped(self) -> dict[str, int]:
        """How many pieces of each modality were left out."""
        return {name: self.late.get(name, 0) + self.beyond.get(name, 0) for name in {**self.late, **self.beyond}}

    @property
    def earliest(self) -> float:
        """Where a piece may still begin, in seconds."""
        return self.latest - self._bounds.patience

    def take(self, piece: Piece) -> bool:
        """Return whether a piece is taken; it is counted if not.

        Raises:
            OptionError: Its time is negative or not finite, or it is no piece of a stream.
        """
        modality, (start, end) = modality_of(piece), _times(piece)
        if self._is_beyond(piece, end):
            self.beyond[modality] = self.beyond.get(modality, 0) + 1
            return False
        if self._is_late(piece, start):
            self.late[modality] = self.late.get(modality, 0) + 1
            return False
        if isinstance(piece, Utterance):
            self._turns += 1
        else:
            self.latest = max(self.latest, end)
        self.ends[modality] = max(self.ends.get(modality, 0.0), end)
        return True

    def remarks(self) -> list[str]:
        """Return sentences on what was left out."""
        bounds = self._bounds
        remarks = [
            f"{n} {NAMES[name]} came too late or out of order and were left out" for name, n in self.late.items()
        ]
        for name, n in self.beyond.items():
            most = f"{bounds.turns:,} turns of up to {bounds.characters:,} characters" if name == "text" else "pieces"
            remarks.append(
                f"{n} {NAMES[name]} were left out: a stream takes {most} within {bounds.longest / 3600:g} hours"
            )
        return remarks

    def _is_beyond(self, piece: Piece, end: float) -> bool:
        bounds = self._bounds
        if not isinstance(piece, Utterance):
            return end > bounds.longest
        long = piece.span.unit == "seconds" and end > bounds.longest
        return long or self._turns >= bounds.turns or len(piece.text) > bounds.characters

    def _is_late(self, piece: Piece, start: float) -> bool:
        if isinstance(piece, Utterance):
            return piece.span.unit == "seconds" and start < self.earliest
        before = self.ends.get(modality_of(piece), 0.0)
        slack = GAP if isinstance(piece, Sound) else 0.0
        return start < self.earliest or start < before - slack


def _times(piece: Piece) -> tuple[float, float]:
    if isinstance(piece, Frame):
        start = end = 0.0 if piece.time is None else float(piece.time)
    elif isinstance(piece, Utterance):
        start, end = piece.span.start, piece.span.end
    else:
        start, end = piece.start, piece.start + piece.audio.duration
    if not (math.isfinite(start) and math.isfinite(end) and start >= 0):
        raise OptionError(f"a piece of a stream begins at {start} s; times must be finite and not negative")
    return start, end
