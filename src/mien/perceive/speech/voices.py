"""Whose voice it is: a vector for each segment, and groups of like vectors formed as they come."""

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.dsp.product import product
from mien.errors import OptionError
from mien.perceive.speech.segments import Segment
from mien.types import Utterance

__all__ = ["NamedTurns", "VoiceOptions", "Voices", "describe"]


@dataclass(frozen=True, slots=True)
class VoiceOptions:
    """How voices are told apart.

    Attributes:
        alike: Least cosine between a segment and a known voice of the same person.
        doubt: How much lower that may be for a segment of no length; it fades within `sure` seconds.
        sure: Voiced seconds after which a segment is judged without doubt.
        least: Voiced seconds that a segment needs to found a new voice.
        merge: Least cosine between two voices that are one, looked at when the stream ends.
    """

    alike: float = 0.5
    doubt: float = 0.2
    sure: float = 2.0
    least: float = 0.5
    merge: float = 0.7

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> "VoiceOptions":
        """Take options from a card.

        Raises:
            OptionError: A name is unknown.
        """
        known = [item.name for item in fields(cls)]
        for name in options:
            if name not in known:
                raise OptionError(f"voices have no option {name!r}; known: {', '.join(known)}")
        return cls(**options)


def describe(segment: Segment) -> Float[ndarray, " facts"]:
    """Long-term facts of a voice that need no network: its pitch and the mean and spread of its spectrum.

    Returns:
        Median, low and high tenth of the pitch in semitones above 100 Hz, then 19 cepstral means and 19 spreads over
        the voiced frames.
    """
    mel, pitch = segment.frames.mel[segment.voiced], segment.frames.pitch[segment.voiced]
    heard = 12.0 * np.log2(np.percentile(pitch, [50, 10, 90]) / 100.0)
    cepstra = product(mel, _cosines(mel.shape[1], 20)[:, 1:])
    return np.concatenate([heard, cepstra.mean(axis=0), cepstra.std(axis=0)]).astype(np.float32)


class Voices:
    """Voices heard so far, each with the sum of its vectors; memory grows with the voices, not with the stream."""

    def __init__(self, options: VoiceOptions) -> None:
        self._options = options
        self._sums: list[Float[ndarray, " numbers"]] = []

    @property
    def count(self) -> int:
        """Number of voices so far."""
        return len(self._sums)

    def nearest(self, vector: Float[ndarray, " numbers"], seconds: float) -> int | None:
        """Number of the voice that a segment belongs to, or None where it would be a new one."""
        if not self._sums:
            return None
        likeness = np.array([_cosine(vector, known) for known in self._sums])
        best = int(likeness.argmax())
        doubt = self._options.doubt * max(0.0, 1.0 - seconds / self._options.sure)
        if likeness[best] >= self._options.alike - doubt or seconds < self._options.least:
            return best
        return None

    def place(self, vector: Float[ndarray, " numbers"], seconds: float) -> int:
        """Put a segment with its voice, a new one where none is alike, and give the voice's number from 0."""
        number = self.nearest(vector, seconds)
        if number is None:
            self._sums.append(np.zeros_like(vector))
            number = len(self._sums) - 1
        self._sums[number] = self._sums[number] + vector * min(seconds, self._options.sure)
        return number

    def merged(self) -> list[int]:
        """For each voice the number that it goes by in the end: voices that grew alike become one."""
        groups = [[number] for number in range(len(self._sums))]
        sums = [known.copy() for known in self._sums]
        while len(groups) > 1:
            likeness, first, second = max(
                (_cosine(sums[i], sums[j]), i, j) for i in range(len(sums)) for j in range(i + 1, len(sums))
            )
            if likeness < self._options.merge:
                break
            groups[first] += groups.pop(second)
            sums[first] = sums[first] + sums.pop(second)
        order = sorted(groups, key=min)
        return [next(place for place, group in enumerate(order) if n in group) for n in range(len(self._sums))]


class NamedTurns:
    """Names from a transcript: who speaks when, as far as it says."""

    def __init__(self, turns: Sequence[Utterance]) -> None:
        self._turns = sorted(
            (turn for turn in turns if turn.speaker and turn.span.unit == "seconds"), key=lambda turn: turn.span.start
        )

    def add(self, turn: Utterance) -> None:
        """Take in one more turn; one without a name or times says nothing."""
        if turn.speaker and turn.span.unit == "seconds":
            insort(self._turns, turn, key=lambda known: known.span.start)

    def name(self, start: float, end: float) -> str | None:
        """Speaker of the turn that covers most of a stretch, or None."""
        heard: dict[str, float] = {}
        for turn in self._turns:
            if turn.span.start >= end:
                break
            shared = min(end, turn.span.end) - max(start, turn.span.start)
            if shared > 0 and turn.speaker:
                heard[turn.speaker] = heard.get(turn.speaker, 0.0) + shared
        return max(heard, key=lambda name: heard[name]) if heard else None

    def changes(self) -> list[float]:
        """Times in seconds at which one speaker hands over to another."""
        pairs = zip(self._turns, self._turns[1:], strict=False)
        return [later.span.start for turn, later in pairs if later.speaker != turn.speaker]


def _cosine(one: Float[ndarray, " numbers"], other: Float[ndarray, " numbers"]) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other) + 1e-9))


@lru_cache(maxsize=8)
def _cosines(n_bands: int, n_kept: int) -> Float[ndarray, "bands kept"]:
    place = (np.arange(n_bands) + 0.5)[:, None] * np.arange(n_kept)[None]
    return np.asarray(np.cos(np.pi * place / n_bands) * np.sqrt(2.0 / n_bands), dtype=np.float32)
