"""Cues in a voice that were measured: pitch, loudness, rate and noise of a segment against the speaker's own median.

They say how the segment was spoken, not why the model answered as it did.

References:
    K. R. Scherer (2003). Vocal communication of emotion: a review of research paradigms. Speech Communication 40,
    227-256 (which cues people use).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from mien.types import Affect, Evidence, Series, Span, Track

__all__ = ["cue_evidence"]

LEAST_SECONDS = 3.0
"""Speech that a speaker's median needs; with less there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """How one curve becomes words.

    Args:
        series: Name of the curve.
        up, down: Words for more and for less.
        what: What the comparison is about.
        unit: Unit of the difference.
        least: Smallest difference that is told.
        full: Difference that has the weight 1.
    """

    series: str
    up: str
    down: str
    what: str
    unit: str
    least: float
    full: float


CUES = (
    _Cue("pitch", "higher", "lower", "pitch", "semitones", 1.5, 6.0),
    _Cue("loudness", "louder", "quieter", "voice", "dB", 3.0, 12.0),
    _Cue("speech_rate", "faster", "slower", "speech", "percent", 20.0, 60.0),
    _Cue("harmonicity", "clearer", "rougher or breathier", "voice", "dB of harmonics to noise", 3.0, 9.0),
)


def cue_evidence(track: Track) -> list[tuple[Evidence, ...]]:
    """Return the cues of each affect of a voice, the strongest first; none where nothing stands out.

    Args:
        track: A track of speech with the curves `pitch` (Hz), `loudness` (dB), `speech_rate` (a second) and
            `harmonicity` (dB), as far as it has them.

    Returns:
        One tuple for each affect. The weight is the size of the difference from the speaker's median, in [0, 1].
    """
    spans = [affect.span for affect in track.affects if affect.span is not None and affect.span.unit == "seconds"]
    if len(spans) < 2 or sum(span.duration for span in spans) < LEAST_SECONDS:
        return [() for _ in track.affects]
    medians = {cue.series: _usual(track.curve(cue.series)) for cue in CUES}
    return [_cues(track, affect, medians) for affect in track.affects]


def _cues(track: Track, affect: Affect, medians: dict[str, float | None]) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    for cue in CUES:
        curve, usual = track.curve(cue.series), medians[cue.series]
        if curve is None or usual is None or affect.span is None:
            continue
        heard = _within(curve, affect.span)
        if len(heard):
            found += _told(cue, _difference(cue, float(np.median(heard)), usual), affect.span)
    return tuple(sorted(found, key=lambda evidence: -evidence.weight))


def _told(cue: _Cue, difference: float, span: Span) -> list[Evidence]:
    if abs(difference) < cue.least:
        return []
    word = cue.up if difference > 0 else cue.down
    note = (
        f"{word} {cue.what} ({difference:+.{0 if cue.unit == 'percent' else 1}f} {cue.unit} than this voice's median)"
    )
    return [Evidence(cue.series, min(1.0, abs(difference) / cue.full), span=span, note=note)]


def _difference(cue: _Cue, heard: float, usual: float) -> float:
    if cue.unit == "semitones":
        return 12.0 * float(np.log2(heard / usual))
    return 100.0 * (heard / usual - 1.0) if cue.unit == "percent" else heard - usual


def _usual(curve: Series | None) -> float | None:
    if curve is None:
        return None
    known = _finite(curve.values)
    return float(np.median(known)) if len(known) and np.median(known) != 0 else None


def _within(curve: Series, span: Span) -> Float[np.ndarray, "values"]:
    first = max(0, int(np.floor((span.start - curve.start) * curve.rate)))
    last = max(first, int(np.ceil((span.end - curve.start) * curve.rate)))
    return _finite(curve.values[first:last])


def _finite(values: Float[np.ndarray, "time"]) -> Float[np.ndarray, "known"]:
    return np.asarray(values[np.isfinite(values)])
