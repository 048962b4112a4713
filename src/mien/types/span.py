"""A stretch of time or of text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from mien.errors import OptionError

__all__ = ["Span", "Unit"]

Unit = Literal["seconds", "characters"]
UNITS: tuple[Unit, ...] = ("seconds", "characters")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch ``[start, end)`` in seconds or in characters; the two never mix.

    Args:
        start: First point of the span.
        end: First point after the span, not before ``start``.
        unit: ``"seconds"`` or ``"characters"``.

    Raises:
        OptionError: ``end`` lies before ``start``, a bound is not finite, or the unit is unknown.

    Example:
        >>> Span(1.0, 3.5).duration
        2.5
    """

    start: float
    end: float
    unit: Unit = "seconds"

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise OptionError(f"a span has the unit {self.unit!r}; allowed: {', '.join(UNITS)}")
        if not (math.isfinite(self.start) and math.isfinite(self.end)):
            raise OptionError(f"a span runs from {self.start} to {self.end}; both must be finite")
        if self.end < self.start:
            raise OptionError(f"a span runs from {self.start} to {self.end}; the end must not lie before the start")

    @property
    def duration(self) -> float:
        """Length in the span's own unit."""
        return self.end - self.start

    def overlap(self, other: Span) -> float:
        """Return how much of the two spans is common, in their unit.

        Raises:
            OptionError: The two spans have different units.
        """
        self._same_unit(other)
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def shift(self, offset: float) -> Span:
        """Return the span moved by ``offset``."""
        return Span(self.start + offset, self.end + offset, self.unit)

    def join(self, other: Span) -> Span:
        """Return the smallest span that holds both.

        Raises:
            OptionError: The two spans have different units.
        """
        self._same_unit(other)
        return Span(min(self.start, other.start), max(self.end, other.end), self.unit)

    def _same_unit(self, other: Span) -> None:
        if self.unit != other.unit:
            raise OptionError(f"a span in {self.unit} cannot meet one in {other.unit}; convert neither, they never mix")
