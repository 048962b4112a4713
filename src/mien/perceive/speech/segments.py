"""Regions of speech, found frame by frame and cut where they grow too long."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from jaxtyping import Bool
from numpy import ndarray

from mien.errors import OptionError
from mien.perceive.speech.activity import ActivityOptions, Background, blocks_of, motion, voiced
from mien.perceive.speech.frames import BLOCK, HOP, RATE, Frames

__all__ = ["SECONDS", "Segment", "SegmentOptions", "Segmenter"]

SECONDS = HOP / RATE


@dataclass(frozen=True, slots=True)
class SegmentOptions:
    """How voiced frames become segments; all times in seconds.

    Attributes:
        pause: Longest time without a voiced frame inside a segment.
        margin: Sound kept before the first and after the last voiced frame.
        longest: A longer segment is cut at its quietest moment.
        least_voiced: Least voiced time in a segment; a shorter one is dropped.
        every: Speech between two partial answers.
        window: About how much of the newest sound a partial answer reads anew, as `Growing` has it; 0 for all of it.
        dense: Voiced frames needed among ten for a segment to begin.
    """

    pause: float = 0.4
    margin: float = 0.15
    longest: float = 6.0
    least_voiced: float = 0.12
    every: float = 0.5
    window: float = 0.0
    dense: int = 6

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> "SegmentOptions":
        """Take options from a card.

        Raises:
            OptionError: A name is unknown.
        """
        known = [item.name for item in fields(cls)]
        for name in options:
            if name not in known:
                raise OptionError(f"segments have no option {name!r}; known: {', '.join(known)}")
        return cls(**options)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech.

    Attributes:
        start: Number of its first frame since the stream began.
        frames: Its measurements.
        voiced: Its voiced frames.
        final: Whether it is over; else it may still grow.
    """

    start: int
    frames: Frames
    voiced: Bool[ndarray, " frames"]
    final: bool

    @property
    def end(self) -> int:
        """Number of the first frame after it."""
        return self.start + len(self.frames)

    @property
    def seconds(self) -> float:
        """How much of it is voice, in seconds."""
        return int(self.voiced.sum()) * SECONDS

    def part(self, start: int, end: int) -> "Segment":
        """Some of its frames, counted from its first; still part of a segment that may grow."""
        inside = slice(start, end)
        return Segment(self.start + start, self.frames[inside], self.voiced[inside], final=False)


class Segmenter:
    """Turns blocks of measurements into segments; keeps no more than the longest segment and its margin.

    Args:
        options: How voiced frames become segments.
        activity: Which frames are voiced.
        cuts: Times in seconds since the stream began at which a segment ends, such as a change of speaker.
        partial: Whether to give segments that may still grow.
    """

    def __init__(
        self,
        options: SegmentOptions,
        activity: ActivityOptions,
        *,
        cuts: Sequence[float] = (),
        partial: bool = True,
    ) -> None:
        self._options, self._activity, self._answers_early = options, activity, partial
        self.cut_at(cuts)
        self._background = Background(blocks_of(activity.memory, BLOCK * SECONDS))
        self._held = _Held()
        self._begun: int | None = None
        self._told = 0
        self._free = 0  # first frame that no segment has

    @property
    def settled(self) -> float:
        """Seconds since the stream began before which no further segment lies."""
        return SECONDS * (max(self._free, self._held.start) if self._begun is None else self._begun)

    def cut_at(self, cuts: Sequence[float]) -> None:
        """Put other times at which a segment ends in place of those known so far."""
        self._cuts = sorted(self._count(cut) for cut in cuts)

    def push(self, block: Frames) -> Iterator[Segment]:
        """Take a block in; give segments that ended, and one that goes on when it is time to look at it."""
        marks = voiced(block, self._background.push(block.level), self._activity)
        self._held.extend(block, marks)
        yield from self._look(last=False)
        self._forget()

    def finish(self) -> Iterator[Segment]:
        """End the segment that goes on, and begin anew."""
        yield from self._look(last=True)
        self._free = self._held.end
        self._held.drop_before(self._held.end)

    def _look(self, *, last: bool) -> Iterator[Segment]:
        while True:
            if self._begun is None and not self._begin():
                return
            end = self._find_end(last=last)
            if end is None:
                yield from self._partial()
                return
            segment = self._cut(end, final=True)
            self._begun, self._told, self._free = None, 0, end
            if segment is not None:
                yield segment

    def _begin(self) -> bool:
        """Find the first voiced frame after which voiced frames are dense."""
        marks = self._held.voiced_from(self._free)
        if len(marks) < 10:
            return False
        dense = np.convolve(marks, np.ones(10), mode="valid") >= self._options.dense
        found = np.flatnonzero(dense & marks[: len(dense)])
        if not len(found):
            return False
        first = max(self._free, self._held.start) + int(found[0])
        self._begun = max(self._free, self._held.start, first - self._count(self._options.margin))
        return True

    def _find_end(self, *, last: bool) -> int | None:
        begun = self._begun or 0
        places = np.flatnonzero(self._held.voiced_from(begun)) + begun
        pause, margin = self._count(self._options.pause), self._count(self._options.margin)
        gaps = np.flatnonzero(np.diff(places) > pause)
        over = bool(len(gaps)) or last or self._held.end - places[-1] > pause
        voiced_end = int(places[gaps[0]] if len(gaps) else places[-1]) + 1
        longest = self._count(self._options.longest)
        cut = next((cut for cut in self._cuts if begun < cut <= voiced_end + margin), None)
        if cut is not None and cut <= min(self._held.end, begun + longest):
            return cut
        if voiced_end - begun > longest:
            return self._quietest(begun + longest * 3 // 4, begun + longest)
        return min(voiced_end + margin, self._held.end) if over else None

    def _quietest(self, start: int, end: int) -> int:
        level = self._held.part(start, end)[0].level
        smooth = np.convolve(level, np.ones(5) / 5.0, mode="same")
        return start + int(smooth.argmin())

    def _partial(self) -> Iterator[Segment]:
        if not self._answers_early:
            return
        grown = self._held.end - (self._begun or 0)
        if grown - self._told >= self._count(self._options.every):
            self._told = grown
            segment = self._cut(self._held.end, final=False)
            if segment is not None:
                yield segment

    def _cut(self, end: int, *, final: bool) -> Segment | None:
        frames, marks = self._held.part(self._begun or 0, end)
        moves = motion(frames.mel)[marks]
        spoken = marks.sum() >= self._count(self._options.least_voiced)
        if not spoken or float(np.median(moves)) < self._activity.motion:
            return None
        return Segment(self._begun or 0, frames, marks, final)

    def _forget(self) -> None:
        keep = self._begun if self._begun is not None else self._held.end - self._count(self._options.margin) - 20
        self._held.drop_before(max(keep, self._held.start))
        self._free = max(self._free, self._held.start)

    def _count(self, seconds: float) -> int:
        return round(seconds / SECONDS)


class _Held:
    """The latest frames of a stream, counted from its beginning."""

    def __init__(self) -> None:
        self.start = 0
        self._frames: Frames | None = None
        self._marks: Bool[ndarray, " frames"] = np.zeros(0, dtype=bool)

    @property
    def end(self) -> int:
        """Number of the frame that comes next."""
        return self.start + len(self._marks)

    def extend(self, block: Frames, marks: Bool[ndarray, " frames"]) -> None:
        """Add a block."""
        held = self._frames
        if held is None or not len(held):
            self._frames = block
        else:
            self._frames = Frames(
                np.concatenate([held.mel, block.mel]),
                np.concatenate([held.level, block.level]),
                np.concatenate([held.pitch, block.pitch]),
                np.concatenate([held.periodicity, block.periodicity]),
            )
        self._marks = np.concatenate([self._marks, marks])

    def part(self, start: int, end: int) -> tuple[Frames, Bool[ndarray, " frames"]]:
        """Frames and marks between two numbers."""
        inside = slice(start - self.start, end - self.start)
        frames = self._frames
        if frames is None:
            raise IndexError("no frame is held")
        return frames[inside], self._marks[inside]

    def voiced_from(self, start: int) -> Bool[ndarray, " frames"]:
        """Marks from a frame on, or from the first that is held."""
        return self._marks[max(0, start - self.start) :]

    def drop_before(self, start: int) -> None:
        """Forget the frames before a number."""
        if self._frames is not None and start > self.start:
            self._frames = self._frames[start - self.start :]
            self._marks = self._marks[start - self.start :].copy()
            self.start = start
