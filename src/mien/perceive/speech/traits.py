"""Long-term traits of a segment: how its spectrum, pitch, level and rhythm are spread. None depends on the gain.

References:
    Eyben et al. (2016), The Geneva minimalistic acoustic parameter set (GeMAPS) for voice research and affective
    computing, IEEE Transactions on Affective Computing 7, 190-202 (statistics over a segment; the set here is its own).
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from mien.dsp.level import pulses
from mien.dsp.product import product
from mien.perceive.speech.frames import Frames

__all__ = ["cosines", "traits"]

DEEPEST = 6.0
LOUD = 2.5
N_CEPSTRA = 24
LEAST = 6
LINE = 2
PERCENTILES = (10, 25, 50, 75, 90)
MODULATION = ((1, 4), (4, 8), (8, 14), (14, 26), (26, 50))
"""Bins of 0.39 Hz: slow drifts, phrases, syllables, sounds, roughness."""
WINDOW = 256


def traits(frames: Frames, voiced: Bool[ndarray, " frames"]) -> Float[ndarray, " traits"]:
    """Describe a segment by numbers.

    Args:
        frames: Its measurements; one frame is enough, but says little.
        voiced: Its voiced frames.
    """
    mel = np.maximum(frames.mel - frames.mel.max(), -DEEPEST)
    level = np.log10(np.sum(10.0 ** mel[:, 3:], axis=1))
    loud = level > level.max() - LOUD
    chosen = np.flatnonzero(loud) if loud.sum() >= LEAST else np.arange(len(mel))
    parts = (
        *_spectrum(mel, level, chosen),
        _modulation(mel),
        _melody(frames, voiced),
        _rhythm(level, loud, voiced),
        _course(mel, level, frames, voiced),
    )
    return np.concatenate(parts).astype(np.float32)


@lru_cache(maxsize=8)
def cosines(n_bands: int, n_kept: int) -> Float[ndarray, "bands kept"]:
    """Cosine transform that turns log-mel bands into cepstra."""
    place = (np.arange(n_bands) + 0.5)[:, None] * np.arange(n_kept)[None]
    table = np.asarray(np.cos(np.pi * place / n_bands) * np.sqrt(2.0 / n_bands), dtype=np.float32)
    table.setflags(write=False)
    return table


def _spectrum(
    mel: Float[ndarray, "frames bands"], level: Float[ndarray, " frames"], chosen: Int[ndarray, " chosen"]
) -> list[Float[ndarray, " traits"]]:
    cepstra = product(mel, cosines(mel.shape[1], N_CEPSTRA))
    cepstra[:, 0] = level
    padded = np.pad(cepstra, ((2, 2), (0, 0)), mode="edge")
    change = 0.1 * (padded[3:-1] - padded[1:-3]) + 0.2 * (padded[4:] - padded[:-4])
    return [
        _spread(cepstra[chosen][:, 1:], PERCENTILES),
        _spread(cepstra[:, :8], (10, 50, 90)),
        np.abs(change).mean(axis=0),
        change.std(axis=0),
        _spread(change[chosen][:, :13], (10, 90)),
        mel[chosen].mean(axis=0),
    ]


def _modulation(mel: Float[ndarray, "frames bands"]) -> Float[ndarray, " traits"]:
    """Log energy of slow to fast changes in twenty groups of bands."""
    groups = mel.reshape(len(mel), 20, -1).mean(axis=2)
    groups = groups - groups.mean(axis=0)
    powers = np.abs(np.fft.rfft(groups[:WINDOW], WINDOW, axis=0)) ** 2 / min(len(mel), WINDOW)
    return np.log(np.concatenate([powers[low:high].mean(axis=0) for low, high in MODULATION]) + 1e-4)


def _melody(frames: Frames, voiced: Bool[ndarray, " frames"]) -> Float[ndarray, " traits"]:
    """Pitch in semitones above 100 Hz: where it lies, how far and how fast it moves, how clear it is."""
    places = np.flatnonzero(voiced)
    if len(places) < LEAST:
        places = np.arange(len(voiced))
    tones = 12.0 * np.log2(np.clip(frames.pitch[places], 50.0, 600.0) / 100.0)
    steps = np.diff(tones)[np.diff(places) == 1] if len(places) > 1 else np.zeros(0)
    steps = steps[np.abs(steps) < 4.0] if len(steps) else steps  # larger ones are errors of an octave
    clear = frames.periodicity[places]
    fifth = max(1, len(tones) // 5)
    trend = _trend(tones)
    lows = _percentiles(tones, (5, *PERCENTILES, 95))
    return np.concatenate(
        [
            lows,
            [tones.mean(), tones.std(), lows[-1] - lows[0], lows[-2] - lows[1], trend],
            [np.median(tones[-fifth:]) - np.median(tones[:fifth])],
            [np.abs(steps).mean() if len(steps) else 0.0, np.abs(steps).max() if len(steps) else 0.0],
            [steps.std() if len(steps) else 0.0],
            _percentiles(clear, PERCENTILES),
            [clear.mean(), clear.std()],
        ]
    )


def _rhythm(
    level: Float[ndarray, " frames"], loud: Bool[ndarray, " frames"], voiced: Bool[ndarray, " frames"]
) -> Float[ndarray, " traits"]:
    """Level and its course, length, beats, and how long voiced and loud stretches are."""
    seconds = len(level) / 100.0
    trend = _trend(level)
    beats = len(pulses(10.0 * level)) / seconds
    lows = _percentiles(level, PERCENTILES)
    runs = [length for marks in (loud, voiced) for length in _lengths(marks)]
    return np.concatenate([lows, [level.std(), trend, np.log(seconds), beats, loud.mean(), voiced.mean()], runs])


def _course(
    mel: Float[ndarray, "frames bands"],
    level: Float[ndarray, " frames"],
    frames: Frames,
    voiced: Bool[ndarray, " frames"],
) -> Float[ndarray, " traits"]:
    """How a few traits of the voiced frames run from the first to the last fifth, against their own mean."""
    places = np.flatnonzero(voiced) if voiced.sum() >= LEAST else np.arange(len(voiced))
    tones = 12.0 * np.log2(np.clip(frames.pitch[places], 50.0, 600.0) / 100.0)
    shapes = product(mel, cosines(mel.shape[1], 6))[places, 1:]
    rows = np.column_stack([level[places], tones, frames.periodicity[places], shapes])
    rows = rows - rows.mean(axis=0)
    fifths = [part.mean(axis=0) if len(part) else np.zeros(rows.shape[1]) for part in np.array_split(rows, 5)]
    return np.concatenate(fifths)


def _lengths(marks: Bool[ndarray, " frames"]) -> tuple[float, float, float]:
    """Runs a second, their mean and their longest, in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8)))
    lengths = (edges[1::2] - edges[::2]) / 100.0
    if not len(lengths):
        return 0.0, 0.0, 0.0
    return len(lengths) / len(marks) * 100.0, float(lengths.mean()), float(lengths.max())


def _spread(rows: Float[ndarray, "rows columns"], percentiles: Sequence[int]) -> Float[ndarray, " traits"]:
    return np.concatenate([rows.mean(axis=0), rows.std(axis=0), _percentiles(rows, percentiles).ravel()])


def _percentiles(rows: Float[ndarray, "rows *columns"], percentiles: Sequence[int]) -> Float[ndarray, "kept *columns"]:
    """Percentiles along the first axis, as NumPy interpolates them, by one sort and without its overhead."""
    ordered = np.sort(rows, axis=0)
    places = np.asarray(percentiles, dtype=np.float64) / 100.0 * (len(rows) - 1)
    below = places.astype(np.int64)
    above = np.minimum(below + 1, len(rows) - 1)
    share = (places - below).reshape(-1, *[1] * (rows.ndim - 1))
    return np.asarray(ordered[below] + (ordered[above] - ordered[below]) * share)


def _trend(values: Float[ndarray, " frames"]) -> float:
    """Slope of the straight line through values that are spread evenly over [-1, 1]."""
    if len(values) < LINE:
        return 0.0
    times = np.linspace(-1.0, 1.0, len(values))
    return float(times @ values.astype(np.float64) / (times @ times))
