"""What the voice network hears in a segment: the vector of any stretch of it, a change of voice, two voices at once.

The network's states are computed once, frame by frame; a stretch is their mean and variance, taken from running sums,
so that many ways to divide a segment cost little.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from mien.errors import OptionError
from mien.perceive.speech.segments import SECONDS, Segment
from mien.perceive.speech.voices import cepstra, describe, semitones, tenths
from mien.runtime import Model

__all__ = ["ChangeOptions", "Listener", "Listening"]

STATES, VECTORS, OVERLAP = "frames", "voices", "overlap"
GRID, FINE = 20, 5
"""Frames between two places where a change is looked for, at first and then around the best of these."""


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """When a segment is divided between two voices.

    Attributes:
        unlike: Greatest cosine between what lies before and after a change.
        doubt: How much lower that must be where one side has only `least` seconds; it fades within `sure` seconds.
        sure: Voiced seconds of the shorter side from which on there is no doubt.
        least: Voiced seconds that each side needs.
    """

    unlike: float = 0.4
    doubt: float = 0.3
    sure: float = 2.0
    least: float = 0.6

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> "ChangeOptions":
        """Take options from a card.

        Raises:
            OptionError: A name is unknown.
        """
        known = [item.name for item in fields(cls)]
        for name in options:
            if name not in known:
                raise OptionError(f"changes of voice have no option {name!r}; known: {', '.join(known)}")
        return cls(**options)


class Listener:
    """Runs the voice network on segments.

    Args:
        model: The voice model.
        options: When a segment is divided.
    """

    def __init__(self, model: Model, options: ChangeOptions) -> None:
        self._model, self._options = model, options

    def listen(self, segment: Segment) -> "Listening":
        """Run the network on the frames of a segment."""
        (states,) = self._model.run(STATES, _feeds(segment))
        return Listening(self._model, segment, states[0])

    def divide(self, segment: Segment) -> list["Listening"]:
        """Return a segment as it is, or its parts in order where one voice hands over to another."""
        return list(_divided(self.listen(segment), self._options))


class Listening:
    """A segment as the voice network hears it.

    Args:
        model: The voice model.
        segment: The segment.
        states: What the network makes of each frame.
    """

    def __init__(self, model: Model, segment: Segment, states: Float[ndarray, "frames width"]) -> None:
        self.segment = segment
        self._model, self._states = model, states
        self._marks = np.concatenate([[0], np.cumsum(segment.voiced)])

    def vector(self) -> Float[ndarray, " numbers"]:
        """The vector of the whole segment, of length 1."""
        states, facts = self._states, describe(self.segment)
        return np.asarray(self._run(states.mean(axis=0)[None], states.var(axis=0)[None], facts[None])[0])

    def part(self, start: int, end: int) -> "Listening":
        """Return a stretch of it."""
        inside = slice(start, end)
        own = self.segment
        segment = Segment(own.start + start, own.frames[inside], own.voiced[inside], own.final)
        return Listening(self._model, segment, self._states[inside])

    def overlap(self) -> Float[ndarray, " frames"]:
        """How likely it is, in [0, 1], that two voices are in each frame."""
        return np.asarray(self._model.run(OVERLAP, _feeds(self.segment))[0][0], dtype=np.float64)

    def change(self, options: ChangeOptions) -> int | None:
        """Return the frame from which on another voice speaks, where what lies before and after is most unlike."""
        places = self._allowed(range(GRID, len(self._states), GRID), options)
        if not len(places):
            return None
        sums = self._sums()
        rough = int(places[self._likeness(places, sums).argmin()])
        places = self._allowed(range(rough - GRID + FINE, rough + GRID, FINE), options)
        likeness = self._likeness(places, sums)
        best = int(places[likeness.argmin()])
        shorter = SECONDS * min(self._marks[best], self._marks[-1] - self._marks[best])
        doubt = options.doubt * max(0.0, 1.0 - (shorter - options.least) / (options.sure - options.least))
        return best if likeness.min() < options.unlike - doubt else None

    def _allowed(self, places: Sequence[int], options: ChangeOptions) -> Int[ndarray, " places"]:
        """Places with enough voice on both sides."""
        inside = np.array([place for place in places if 0 < place < len(self._states)], dtype=np.int64)
        before, least = self._marks[inside], options.least / SECONDS
        return np.asarray(inside[(before >= least) & (self._marks[-1] - before >= least)])

    def _sums(self) -> "_Sums":
        frames, marks = self.segment.frames, self.segment.voiced
        return _Sums(_Running(self._states), _Running(cepstra(frames.mel[marks])), semitones(frames.pitch[marks]))

    def _likeness(self, places: Int[ndarray, " places"], sums: "_Sums") -> Float[ndarray, " places"]:
        """Cosine of what lies before and after each place."""
        starts = np.concatenate([np.zeros_like(places), places])
        ends = np.concatenate([places, np.full_like(places, len(self._states))])
        facts = sums.facts(self._marks[starts], self._marks[ends])
        vectors = self._run(*sums.states.between(starts, ends), facts)
        return np.asarray((vectors[: len(places)] * vectors[len(places) :]).sum(axis=1))

    def _run(
        self, mean: Float[ndarray, "n width"], variance: Float[ndarray, "n width"], facts: Float[ndarray, "n facts"]
    ) -> Float[ndarray, "n numbers"]:
        feeds = {"mean": mean, "variance": variance, "facts": facts}
        (found,) = self._model.run(VECTORS, {name: rows.astype(np.float32) for name, rows in feeds.items()})
        return np.asarray(found, dtype=np.float32)


class _Running:
    """Running sums of rows and of their squares."""

    def __init__(self, rows: Float[ndarray, "rows width"]) -> None:
        wide = np.pad(rows.astype(np.float64), ((1, 0), (0, 0)))
        self._rows, self._squares = np.cumsum(wide, axis=0), np.cumsum(wide**2, axis=0)

    def between(
        self, starts: Int[ndarray, " n"], ends: Int[ndarray, " n"]
    ) -> tuple[Float[ndarray, "n width"], Float[ndarray, "n width"]]:
        """Mean and variance of the rows of stretches; the row of an end is out."""
        counts = (ends - starts)[:, None]
        mean = (self._rows[ends] - self._rows[starts]) / counts
        power = (self._squares[ends] - self._squares[starts]) / counts
        return mean, np.maximum(power - mean**2, 0.0)


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the vector of a stretch rests on: of all frames the states, of the voiced ones cepstra and semitones."""

    states: _Running
    cepstra: _Running
    pitch: Float[ndarray, " voiced"]

    def facts(self, starts: Int[ndarray, " n"], ends: Int[ndarray, " n"]) -> Float[ndarray, "n facts"]:
        """Long-term facts of stretches, as `describe` has them, by the numbers of voiced frames."""
        pitch = np.stack([tenths(self.pitch[start:end]) for start, end in zip(starts, ends, strict=True)])
        mean, variance = self.cepstra.between(starts, ends)
        return np.concatenate([pitch, mean, np.sqrt(variance)], axis=1)


def _feeds(segment: Segment) -> dict[str, ndarray]:
    mel = segment.frames.mel[None].astype(np.float32)
    return {"mel": mel, "mask": np.ones(mel.shape[:2], dtype=bool)}


def _divided(listening: Listening, options: ChangeOptions) -> Iterator[Listening]:
    place = listening.change(options)
    if place is None:
        yield listening
        return
    yield from _divided(listening.part(0, place), options)
    yield from _divided(listening.part(place, len(listening.segment.frames)), options)
