"""The periods of a voice one by one, and how unlike each is to the next: jitter and shimmer.

A pulse is looked for where the sound around it is most like the sound around the pulse before, as Praat's "To
PointProcess (cc)" describes; jitter and shimmer are its "local" ones, with its limits.

References:
    P. Boersma and D. Weenink. Praat: doing phonetics by computer, manual pages "Sound & Pitch: To PointProcess (cc)",
    "PointProcess: Get jitter (local)", "Voice 3. Shimmer". https://www.praat.org
    P. Boersma (2009). Should jitter be measured by peak picking or by waveform matching? Folia Phoniatrica et
    Logopaedica 61, 305-308.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from mien.dsp.autocorrelation import vertex

__all__ = ["glottal_pulses", "jitter", "shimmer"]

NEAREST, FARTHEST = 0.8, 1.25
"""Periods within which the next pulse lies."""
LIKE, VERY_LIKE = 0.3, 0.7
"""Correlation that a pulse needs, and one just beyond the voice's edge."""
HEARD, WELL_HEARD = 0.01, 0.0233
"""Amplitude that either needs, as a share of the loudest: 40 dB below it, and 33 dB."""
SHORTEST, LONGEST = 0.0001, 0.02
"""Seconds between which an interval is a period."""
PERIOD_FACTOR, AMPLITUDE_FACTOR = 1.3, 1.6
"""Ratios of neighbours beyond which a pair does not count."""
AROUND = 0.2
"""Periods to either side of a pulse over which its amplitude is taken."""
LEAST_PAIRS = 2
TINY = 1e-20


def glottal_pulses(
    samples: Float[ndarray, " time"],
    times: Float[ndarray, " frames"],
    hertz: Float[ndarray, " frames"],
    *,
    rate: int = 16000,
) -> Float[ndarray, " pulses"]:
    """Times in seconds of one pulse a period, wherever there is a voice.

    Args:
        samples: One channel.
        times: Evenly spaced times of a pitch curve, in seconds.
        hertz: The pitch there; NaN where there is no voice.
        rate: Samples a second.

    Example:
        >>> from mien.dsp.fundamental import fundamental
        >>> buzz = sum(np.cos(2 * np.pi * 120 * n * np.arange(8000) / 16000) / n for n in range(1, 20))
        >>> pitch = fundamental(buzz)
        >>> pulses = glottal_pulses(buzz, pitch.times, pitch.hertz)
        >>> bool(np.allclose(np.diff(pulses), 1 / 120, atol=2e-5))
        True
    """
    if len(times) < 2:
        return np.zeros(0)
    sound = _Sound(np.asarray(samples, dtype=np.float64), rate)
    step = float(times[1] - times[0])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], np.isfinite(hertz), [False]]).astype(np.int8)))
    found: list[float] = []
    for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        voice = _Voice(float(times[first]), step, hertz[first:end].tolist())
        after = found[-1] + NEAREST * voice.period(voice.begin) if found else -np.inf
        found += [time for time in _stretch(sound, voice) if time > after]
    return np.array(found)


def jitter(pulses: Float[ndarray, " pulses"]) -> float:
    """Mean difference of neighbouring periods as a share of the mean period; NaN with too few of them.

    Args:
        pulses: Times of pulses in seconds.

    Example:
        >>> round(jitter(np.cumsum([0.0, 0.0099, 0.0101, 0.0099, 0.0101])), 3)
        0.02
    """
    periods = np.diff(pulses)
    pairs = _pairs(periods)
    if pairs.sum() < LEAST_PAIRS:
        return float("nan")
    counted = np.concatenate([pairs, [False]]) | np.concatenate([[False], pairs])
    return float(np.abs(np.diff(periods))[pairs].mean() / periods[counted].mean())


def shimmer(samples: Float[ndarray, " time"], pulses: Float[ndarray, " pulses"], *, rate: int = 16000) -> float:
    """Mean difference of the amplitudes of neighbouring periods as a share of their mean; NaN with too few of them.

    Args:
        samples: One channel.
        pulses: Times of pulses in seconds.
        rate: Samples a second.

    Example:
        >>> time = np.arange(16000) / 16000
        >>> round(shimmer(np.sin(2 * np.pi * 100 * time), 0.0025 + np.arange(0.1, 0.9, 0.01)), 4)
        0.0
    """
    periods = np.diff(pulses)
    inner = np.flatnonzero(_pairs(periods)) + 1
    if len(inner) <= LEAST_PAIRS:
        return float("nan")
    heights = _amplitudes(
        np.asarray(samples, dtype=np.float64), pulses[inner], periods[inner - 1], periods[inner], rate
    )
    gaps = np.diff(pulses[inner])
    ratio = np.maximum(heights[1:], heights[:-1]) / np.maximum(np.minimum(heights[1:], heights[:-1]), TINY)
    pairs = (gaps >= SHORTEST) & (gaps <= LONGEST) & (ratio <= AMPLITUDE_FACTOR)
    if pairs.sum() < LEAST_PAIRS:
        return float("nan")
    return float(np.abs(np.diff(heights))[pairs].mean() / heights.mean())


class _Sound:
    """Samples with the sums of their squares, for correlations."""

    def __init__(self, samples: Float[ndarray, " time"], rate: int) -> None:
        self.samples, self.rate = samples, rate
        self._sums = np.concatenate([[0.0], np.cumsum(samples**2)])
        self._loudest = float(np.abs(samples).max(initial=0.0))

    def extreme(self, start: float, end: float) -> float | None:
        """Time of the sample that is farthest from zero between two times."""
        first, last = max(0, int(start * self.rate)), min(len(self.samples), int(end * self.rate) + 1)
        if last <= first:
            return None
        return (first + int(np.abs(self.samples[first:last]).argmax()) + 0.5) / self.rate

    def loudness(self, time: float, period: float) -> float:
        """Highest amplitude within half a period, as a share of the loudest of all."""
        first, last = int((time - 0.5 * period) * self.rate), int((time + 0.5 * period) * self.rate) + 1
        return float(np.abs(self.samples[max(0, first) : last]).max(initial=0.0)) / max(self._loudest, TINY)

    def like(self, time: float, period: float, *, later: bool) -> tuple[float, float] | None:
        """Time about a period later, or earlier, where the sound is most like here, and how like; None outside."""
        here, half = round(time * self.rate - 0.5), max(1, int(0.5 * period * self.rate))
        near, far = int(np.ceil(NEAREST * period * self.rate)), int(FARTHEST * period * self.rate)
        first, last = (near, far) if later else (-far, -near)
        begin, width = here + first - half, 2 * half + 1
        if min(here - half, begin) < 0 or max(here, here + last) + half >= len(self.samples):
            return None
        own = self.samples[here - half : here + half + 1]
        products = np.correlate(self.samples[begin : here + last + half + 1], own, "valid")
        sums = self._sums[begin : begin + width + last - first + 1]
        energy = (sums[width:] - sums[:-width]) * (own @ own)
        curve = products / np.sqrt(np.maximum(energy, TINY))
        top = int(curve.argmax())
        shift, height = 0.0, float(curve[top])
        if 0 < top < len(curve) - 1:
            shift, height = map(float, vertex(*curve[top - 1 : top + 2]))
        return time + (first + top + shift) / self.rate, height


class _Voice:
    """An unbroken stretch of a pitch curve."""

    def __init__(self, start: float, step: float, hertz: list[float]) -> None:
        self._start, self._step, self._hertz = start, step, hertz
        self.begin = start - 0.5 * step
        self.end = start + (len(hertz) - 0.5) * step

    def period(self, time: float) -> float:
        """Length of a period in seconds around a time."""
        place = min(max((time - self._start) / self._step, 0.0), len(self._hertz) - 1.0)
        below = int(place)
        above = min(below + 1, len(self._hertz) - 1)
        return 1.0 / (self._hertz[below] + (place - below) * (self._hertz[above] - self._hertz[below]))


def _stretch(sound: _Sound, voice: _Voice) -> list[float]:
    """Pulses of one stretch: from its middle to the left and to the right."""
    middle = 0.5 * (voice.begin + voice.end)
    half = 0.5 * voice.period(middle)
    first = sound.extreme(middle - half, middle + half)
    if first is None:
        return []
    return [*reversed(list(_walk(sound, voice, first, later=False))), first, *_walk(sound, voice, first, later=True)]


def _walk(sound: _Sound, voice: _Voice, time: float, *, later: bool) -> Iterator[float]:
    while True:
        found = sound.like(time, voice.period(time), later=later)
        if found is None:
            return
        time, correlation = found
        loudness = sound.loudness(time, voice.period(time))
        if not voice.begin <= time <= voice.end:
            if correlation > VERY_LIKE and loudness > WELL_HEARD:
                yield time
            return
        if correlation > LIKE and loudness > HEARD:
            yield time


def _pairs(periods: Float[ndarray, " periods"]) -> Bool[ndarray, " pairs"]:
    """Which neighbouring intervals are both periods, and alike."""
    if len(periods) < 2:
        return np.zeros(0, dtype=bool)
    sound = (periods >= SHORTEST) & (periods <= LONGEST)
    ratio = np.maximum(periods[1:], periods[:-1]) / np.maximum(np.minimum(periods[1:], periods[:-1]), TINY)
    return np.asarray(sound[1:] & sound[:-1] & (ratio <= PERIOD_FACTOR))


def _amplitudes(
    samples: Float[ndarray, " time"],
    pulses: Float[ndarray, " pulses"],
    before: Float[ndarray, " pulses"],
    after: Float[ndarray, " pulses"],
    rate: int,
) -> Float[ndarray, " pulses"]:
    """Root mean square around each pulse, under a Hann window that reaches a fifth of a period to either side."""
    reach = int(np.ceil(AROUND * max(before.max(), after.max()) * rate)) + 1
    places = np.round(pulses * rate - 0.5).astype(np.int64)[:, None] + np.arange(-reach, reach + 1)
    away = (places + 0.5) / rate - pulses[:, None]
    width = AROUND * np.where(away < 0.0, before[:, None], after[:, None])
    weights = np.where(np.abs(away) < width, 0.5 + 0.5 * np.cos(np.pi * away / width), 0.0) ** 2
    weights[(places < 0) | (places >= len(samples))] = 0.0
    heard = samples[np.clip(places, 0, len(samples) - 1)]
    return np.asarray(np.sqrt((weights * heard**2).sum(axis=1) / np.maximum(weights.sum(axis=1), TINY)))
