"""The measured curves of each voice: when it speaks, how high, how loud and how fast, how steady and how clear."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from mien.dsp.level import pulses
from mien.perceive.speech.listening import Listening
from mien.perceive.speech.quality import Quality
from mien.perceive.speech.segments import SECONDS
from mien.types import Series, Span

__all__ = ["Curves"]

NAMES = ("voice_activity", "pitch", "loudness", "speech_rate", "jitter", "shimmer", "harmonicity", "overlap")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The curves of one segment, a column for each of `NAMES`."""

    owner: str | int
    first: int
    values: Float[ndarray, "steps curves"]


class Curves:
    """Curves of all voices, kept at a low rate and only where somebody speaks.

    Args:
        rate: Values a second.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._stretches: list[_Stretch] = []

    @property
    def owners(self) -> list[str | int]:
        """Owners in order of appearance, each once."""
        return list(dict.fromkeys(stretch.owner for stretch in self._stretches))

    def add(self, owner: str | int, span: Span, heard: Listening, quality: Quality) -> None:
        """Keep the curves of a segment that ended."""
        segment = heard.segment
        first = int(np.floor(span.start * self._rate))
        times = span.start + np.arange(len(segment.frames)) * SECONDS
        places = np.minimum((times * self._rate).astype(np.int64), int(np.ceil(span.end * self._rate)) - 1) - first
        n_steps = int(places.max()) + 1
        self._stretches.append(_Stretch(owner, first, _stepped(heard, quality, places, n_steps)))

    def series(self, owners: Sequence[str | int], end: float) -> tuple[Series, ...]:
        """Curves of one person from the stream's zero to its end.

        `voice_activity` is the share of each step that is spoken; `pitch` (Hz), `loudness` (dB against full scale, or
        near it), `speech_rate` (syllable-like pulses a second), `jitter` and `shimmer` (shares, of each segment),
        `harmonicity` (harmonics-to-noise ratio in dB) and `overlap` (how likely somebody else speaks as well, in
        [0, 1]) are NaN where the person is silent or nothing could be measured.
        """
        n_steps = max(
            int(np.ceil(end * self._rate)), max((s.first + len(s.values) for s in self._stretches), default=0)
        )
        curves = np.full((n_steps, len(NAMES)), np.nan)
        curves[:, 0] = 0.0
        for stretch in self._stretches:
            if stretch.owner in owners:
                part = slice(stretch.first, stretch.first + len(stretch.values))
                activity = np.maximum(curves[part, 0], stretch.values[:, 0])
                curves[part] = np.where(np.isnan(stretch.values), curves[part], stretch.values)
                curves[part, 0] = activity
        return tuple(Series(name, 0.0, self._rate, curves[:, place]) for place, name in enumerate(NAMES))

    def activity(self, owners: Sequence[str | int], start: float, end: float) -> Series:
        """Voice activity of one person between two times, as `series` has it."""
        first = int(np.floor(start * self._rate))
        values = np.zeros(max(0, int(np.ceil(end * self._rate)) - first))
        for stretch in self._stretches:
            if stretch.owner in owners:
                inside = stretch.values[max(0, first - stretch.first) :, 0]
                begin = max(0, stretch.first - first)
                inside = inside[: max(0, len(values) - begin)]
                part = slice(begin, begin + len(inside))
                values[part] = np.maximum(values[part], inside)
        return Series("voice_activity", first / self._rate, self._rate, values)


def _stepped(
    heard: Listening, quality: Quality, places: Int[ndarray, " frames"], n_steps: int
) -> Float[ndarray, "steps curves"]:
    """Means over the frames of each step."""
    segment = heard.segment
    counts = np.bincount(places, minlength=n_steps)
    voiced = np.bincount(places, segment.voiced, n_steps)
    active = np.bincount(places, _around(segment.voiced), n_steps) / np.maximum(counts, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        pitch = np.bincount(places, np.where(segment.voiced, segment.frames.pitch, 0.0), n_steps) / voiced
        power = 10.0 ** (segment.frames.level / 10.0)
        loudness = 10.0 * np.log10(np.bincount(places, np.where(segment.voiced, power, 0.0), n_steps) / voiced)
        clear = np.isfinite(quality.harmonicity)
        noise = np.bincount(places[clear], quality.harmonicity[clear], n_steps) / np.bincount(
            places[clear], minlength=n_steps
        )
    rate = len(pulses(segment.frames.level)) / (len(segment.frames) * SECONDS)
    whole = [np.where(active > 0, value, np.nan) for value in (rate, quality.jitter, quality.shimmer)]
    overlap = np.bincount(places, heard.overlap(), n_steps) / np.maximum(counts, 1)
    return np.stack([active, pitch, loudness, *whole, noise, np.where(active > 0, overlap, np.nan)], axis=1)


def _around(voiced: ndarray) -> Float[ndarray, " frames"]:
    """Frames within a tenth of a second of a voiced one: consonants count as speech."""
    return np.minimum(np.convolve(voiced, np.ones(21), mode="same"), 1.0)
