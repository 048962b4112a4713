"""Whose voice it is: a vector for each segment, and groups of like vectors formed as they come."""

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from mien.dsp.product import product
from mien.errors import OptionError
from mien.perceive.speech.segments import Segment
from mien.types import Utterance

__all__ = ["NamedTurns", "VoiceOptions", "Voices", "describe"]

ROUNDS = 2
"""How often segments are given to the voice that they are most like, when the stream ends."""


@dataclass(frozen=True, slots=True)
class VoiceOptions:
    """How voices are told apart.

    Attributes:
        alike: Least cosine between a segment and a known voice of the same person.
        doubt: How much lower that may be for a segment of no length; it fades within `sure` seconds.
        sure: Voiced seconds after which a segment is judged without doubt.
        least: Voiced seconds that a segment needs to found a new voice.
        merge: Least cosine between two voices that are one, looked at when the stream ends.
        scarce: Voiced seconds in all that a voice needs in the end, where that is less than
        share: this share of all that is voiced.
    """

    alike: float = 0.5
    doubt: float = 0.2
    sure: float = 2.0
    least: float = 0.5
    merge: float = 0.7
    scarce: float = 1.2
    share: float = 0.05

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
    bands = cepstra(mel)
    return np.concatenate([tenths(semitones(pitch)), bands.mean(axis=0), bands.std(axis=0)]).astype(np.float32)


def semitones(pitch: Float[ndarray, " frames"]) -> Float[ndarray, " frames"]:
    """Pitch in Hz as semitones above 100 Hz."""
    return np.asarray(12.0 * np.log2(pitch / 100.0))


def tenths(pitch: Float[ndarray, " frames"]) -> Float[ndarray, " 3"]:
    """Median, low and high tenth; zeros where there is none."""
    return np.percentile(pitch, [50, 10, 90]) if len(pitch) else np.zeros(3)


def cepstra(mel: Float[ndarray, "frames bands"]) -> Float[ndarray, "frames 19"]:
    """Cepstra of each frame but for the first, which is its level."""
    return product(mel, _cosines(mel.shape[1], 20)[:, 1:])


class Voices:
    """Voices heard so far, and the vector of each segment that was placed: 256 bytes a segment."""

    def __init__(self, options: VoiceOptions) -> None:
        self._options = options
        self._sums: list[Float[ndarray, " numbers"]] = []
        self._placed: list[Float[ndarray, " numbers"]] = []
        self._seconds: list[float] = []
        self.owners: list[int] = []
        """The voice of each segment as it was placed, by the number that `place` gave."""

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
        """Put a segment with its voice, a new one where none is alike, and give the segment's number from 0."""
        voice = self.nearest(vector, seconds)
        if voice is None:
            self._sums.append(np.zeros_like(vector))
            voice = len(self._sums) - 1
        self._sums[voice] = self._sums[voice] + vector * min(seconds, self._options.sure)
        self._placed.append(vector)
        self._seconds.append(seconds)
        self.owners.append(voice)
        return len(self.owners) - 1

    def resolved(self) -> list[int]:
        """For each segment the voice that it goes to in the end, numbered in order of appearance.

        Voices that grew alike become one; then each segment goes to the voice that it is most like, which may be
        another than the best of those that were known when it came. A voice that is hardly heard is none of its own.
        """
        joined = self._merged()
        voices = np.array([joined[owner] for owner in self.owners], dtype=np.int64)
        for _ in range(ROUNDS if len(voices) else 0):
            names, likeness = self._compared(voices)
            voices = names[likeness.argmax(axis=1)]
        voices = self._without_scarce(voices)
        order = list(dict.fromkeys(voices.tolist()))
        return [order.index(voice) for voice in voices.tolist()]

    def _without_scarce(self, voices: Int[ndarray, " segments"]) -> Int[ndarray, " segments"]:
        """Give segments of a voice that is hardly heard to the others: more often than not it is one of them."""
        seconds = np.array(self._seconds)
        least = min(self._options.scarce, self._options.share * float(seconds.sum()))
        while True:
            names, of = np.unique(voices, return_inverse=True)
            heard = np.bincount(of, seconds)
            if len(names) < 2 or heard.min() >= least:
                return voices
            rarest = int(heard.argmin())
            likeness = self._compared(voices)[1]
            likeness[:, rarest] = -np.inf
            voices = np.where(of == rarest, names[likeness.argmax(axis=1)], voices)

    def _compared(
        self, voices: Int[ndarray, " segments"]
    ) -> tuple[Int[ndarray, " voices"], Float[ndarray, "segments voices"]]:
        """Voices, and how like each of them each segment is."""
        names = np.unique(voices)
        vectors = np.stack(self._placed)
        weights = np.minimum(np.array(self._seconds, dtype=np.float32), self._options.sure)
        heavy = vectors * weights[:, None]
        sums = np.stack([heavy[voices == name].sum(axis=0) for name in names])
        return names, product(vectors, (sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9)).T)

    def _merged(self) -> list[int]:
        """For each voice the number that it goes by when those that grew alike are one."""
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
