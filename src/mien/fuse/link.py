"""Which voice belongs to which face: the one whose mouth moves while the voice speaks.

Where mouth motion and voice activity agree, a moment of speech has more mouth motion than a moment of silence. The
score is that chance (area under the curve), drawn out to [-1, 1]. A voice joins a face only where the score is high,
rests on enough turns between speech and silence, hardly comes about by a shift in time, and beats every other face
by a margin.
All else stays apart: a voice and a face are never joined by guess.

References:
    J. S. Chung and A. Zisserman (2016). Out of time: automated lip sync in the wild. ACCV Workshops, 251-263 (that
    mouth and sound are matched over shifts in time).
    J. A. Hanley and B. J. McNeil (1982). The meaning and use of the area under a receiver operating characteristic
    curve. Radiology 143(1), 29-36.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from mien.metrics.ranking import auc
from mien.types.analysis import Link, Series, Track

__all__ = ["link", "score"]

RATE = 10.0
"""Moments a second in which mouth and voice are compared, in Hz; syllables come at 4 to 8 a second."""

SMOOTH = 5
"""Moments over which motion is averaged: a mouth rests between syllables while the voice goes on."""

LEAST_MOMENTS = 15
"""Least moments with speech, and without it, in which the mouth was seen: 1.5 s each."""

LEAST_SCORE = 0.45
CHANCE = 2.4
"""Scores of a mouth and a voice that have nothing to do with each other spread as one over the root of the number of
stretches of speech and silence; a join lies beyond this multiple (98 of 100 unrelated pairs, by simulation)."""

MARGIN = 0.15
"""How far the best face must lie above the next best."""

LEAST_SHIFT, N_SHIFTS, LUCKY = 20, 60, 0.05
"""Shifts of 2 s and more are what luck gives; at most this share of them may score as high."""

MOTION, ACTIVITY = "mouth_motion", "voice_activity"


def link(voices: Sequence[Track], faces: Sequence[Track]) -> list[Link]:
    """Return one link for each voice and face that can be compared, the joined ones marked.

    Args:
        voices: Speech tracks with a series ``voice_activity`` in [0, 1].
        faces: Face tracks with a series ``mouth_motion``; NaN where the mouth was not seen.

    Example:
        >>> link([Track("voice-1", "speech")], [Track("face-1", "face")])
        []
    """
    scores: dict[tuple[str, str], float] = {}
    sure: set[tuple[str, str]] = set()
    for voice in voices:
        for face in faces:
            found = _compare(voice, face)
            if found is not None:
                scores[voice.person, face.person] = found[0]
                if found[1]:
                    sure.add((voice.person, face.person))
    return [
        Link(voice, face, value, joined=(voice, face) in sure and _stands_out((voice, face), scores))
        for (voice, face), value in scores.items()
    ]


def score(motion: Float[np.ndarray, "moments"], active: Bool[np.ndarray, "moments"]) -> float:
    """Return how well mouth motion and speech agree, in [-1, 1]; 0 is chance.

    Args:
        motion: Mouth motion of each moment.
        active: Whether the voice speaks; both kinds of moments must occur.

    Example:
        >>> score(np.array([0.1, 0.9, 0.8, 0.2]), np.array([False, True, True, False]))
        1.0
    """
    return 2 * auc(active, motion) - 1


def _compare(voice: Track, face: Track) -> tuple[float, bool] | None:
    """Return the score and whether it is sure, or None where there is too little to compare."""
    activity, motion = voice.curve(ACTIVITY), face.curve(MOTION)
    if activity is None or motion is None:
        return None
    seen, moved = _moments(motion)
    active = _at(activity, seen) >= 0.5
    if min(active.sum(), (~active).sum()) < LEAST_MOMENTS or np.ptp(moved) == 0:
        return None
    found = score(moved, active)
    least = max(LEAST_SCORE, CHANCE / _stretches(active) ** 0.5)
    return found, found >= least and _luck(found, moved, active) <= LUCKY


def _moments(motion: Series) -> tuple[Float[np.ndarray, "moments"], Float[np.ndarray, "moments"]]:
    """Return the times at which the mouth was seen, and its smoothed motion."""
    values = motion.values.reshape(len(motion.values), -1)[:, 0]
    end = motion.start + len(values) / motion.rate
    times = np.arange(motion.start, end, 1 / RATE)
    sampled = values[np.minimum(((times - motion.start) * motion.rate + 1e-6).astype(np.int64), len(values) - 1)]
    there = np.isfinite(sampled)
    kernel = np.ones(min(SMOOTH, max(1, len(sampled))))
    total = np.convolve(np.where(there, sampled, 0.0), kernel, mode="same")
    count = np.convolve(there.astype(np.float64), kernel, mode="same")
    return times[there], total[there] / count[there]


def _at(series: Series, times: Float[np.ndarray, "moments"]) -> Float[np.ndarray, "moments"]:
    """Return the mean of a series over each moment; outside of it nobody speaks."""
    values = np.nan_to_num(series.values.reshape(len(series.values), -1)[:, 0])
    total = np.concatenate([[0.0], np.cumsum(values)])
    bounds = [(times + shift - series.start) * series.rate for shift in (0.0, 1 / RATE)]
    first, last = (np.clip(np.round(bound).astype(np.int64), 0, len(values)) for bound in bounds)
    mean: Float[np.ndarray, "moments"] = (total[last] - total[first]) / max(1.0, series.rate / RATE)
    return mean


def _stretches(active: Bool[np.ndarray, "moments"]) -> int:
    """Return how many stretches of speech and of silence there are, leaving out breaks of one moment."""
    edges = np.flatnonzero(np.diff(active)) + 1
    lengths = np.diff(np.concatenate([[0], edges, [len(active)]]))
    return max(1, int((lengths > 1).sum()))


def _luck(found: float, moved: Float[np.ndarray, "moments"], active: Bool[np.ndarray, "moments"]) -> float:
    """Return how often the score is reached when speech is laid elsewhere on the mouth, in [0, 1]."""
    shifts = np.unique(np.linspace(LEAST_SHIFT, len(active) - LEAST_SHIFT, N_SHIFTS).astype(np.int64))
    shifts = shifts[(shifts >= LEAST_SHIFT) & (shifts <= len(active) - LEAST_SHIFT)]
    if not len(shifts):
        return 1.0
    return float(np.mean([score(moved, np.roll(active, int(shift))) >= found for shift in shifts]))


def _stands_out(pair: tuple[str, str], scores: dict[tuple[str, str], float]) -> bool:
    """Whether no other face comes near for this voice, and no other voice does for this face."""
    voice, face = pair
    rivals = [value for (one, two), value in scores.items() if (one, two) != pair and (one == voice or two == face)]
    return all(scores[pair] - value >= MARGIN for value in rivals)
