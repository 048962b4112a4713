"""The fundamental frequency of a voice along the best path, and how far its harmonics stand above the noise.

`mien.dsp.pitch` is the quicker relative that the networks read; this is the measure to publish.

References:
    P. Boersma (1993). Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a
    sampled sound. Proceedings of the Institute of Phonetic Sciences 17, 97-110.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from mien.dsp.autocorrelation import Window, centres, local_means, peaks, refined, short_term

__all__ = ["Pitch", "PitchOptions", "fundamental", "harmonicity"]

STEP = 0.01
MOST = 14
"""Candidates of a frame, beside the unvoiced one."""
PERIODS = 3.0
PERIODS_OF_HARMONICITY = 4.5
LEAST_NOISE = 1e-15


@dataclass(frozen=True, slots=True)
class PitchOptions:
    """What counts as a voice, and what changes of pitch are likely.

    Attributes:
        floor: Lowest pitch in Hz.
        ceiling: Highest pitch in Hz.
        silence: Amplitude, as a share of the loudest, below which a frame is probably silent.
        voicing: Strength, in [0, 1], that a voiced frame needs.
        octave: How much higher pitches are preferred, an octave.
        octave_jump: Cost of a change of pitch, an octave.
        change: Cost of a voice that begins or ends.
    """

    floor: float = 75.0
    ceiling: float = 600.0
    silence: float = 0.03
    voicing: float = 0.45
    octave: float = 0.01
    octave_jump: float = 0.35
    change: float = 0.14


@dataclass(frozen=True, slots=True)
class Pitch:
    """A pitch curve.

    Attributes:
        times: Centres of the frames in seconds.
        hertz: Fundamental frequency; NaN where there is no voice.
        strength: Autocorrelation at that period, in [0, 1]; NaN where there is no voice.
    """

    times: Float[ndarray, " frames"]
    hertz: Float[ndarray, " frames"]
    strength: Float[ndarray, " frames"]

    @property
    def voiced(self) -> Bool[ndarray, " frames"]:
        """The frames with a voice."""
        return np.asarray(np.isfinite(self.hertz))


def fundamental(samples: Float[ndarray, " time"], *, rate: int = 16000, options: PitchOptions | None = None) -> Pitch:
    """Follow the fundamental frequency of a voice, every 10 ms.

    Each frame of three of the longest periods has up to 14 candidates and "no voice"; of all paths through them the
    cheapest is taken.

    Args:
        samples: One channel.
        rate: Samples a second.
        options: What counts as a voice; by default what suits speech.

    References:
        Boersma (1993), as above.

    Example:
        >>> buzz = sum(np.cos(2 * np.pi * 120 * n * np.arange(8000) / 16000) / n for n in range(1, 20))
        >>> round(float(np.nanmedian(fundamental(buzz).hertz)), 1)
        120.0
    """
    options = options or PitchOptions()
    samples = _centred(samples)
    window = Window.of(PERIODS / options.floor, rate)
    times = centres(len(samples), window, rate, STEP)
    if not len(times) or not np.any(samples):
        return Pitch(times, np.full(len(times), np.nan), np.full(len(times), np.nan))
    loud = _peak_levels(samples, times, rate, options.floor)
    unvoiced = options.voicing + np.maximum(0.0, 2.0 - loud / (options.silence / (1.0 + options.voicing)))
    hertz, strength = _candidates(samples, times, rate, window, options)
    chosen = _best_path(hertz, _scores(hertz, strength, unvoiced, options), options)
    every = np.arange(len(times))
    found = hertz[every, chosen]
    return Pitch(times, found, np.where(np.isnan(found), np.nan, strength[every, chosen]))


def harmonicity(
    samples: Float[ndarray, " time"],
    times: Float[ndarray, " frames"] | None = None,
    *,
    rate: int = 16000,
    floor: float = 75.0,
    ceiling: float | None = None,
) -> Float[ndarray, " frames"]:
    """Harmonics-to-noise ratio in dB around each time: the power that repeats against the power that does not.

    0 dB says as much of either; a clear vowel has 20 dB. Frames see 4.5 of the longest periods under a Gaussian window.
    NaN where nothing repeats at all.

    Args:
        samples: One channel.
        times: Centres of the frames in seconds; by default every 10 ms, as many as fit.
        rate: Samples a second.
        floor: Lowest pitch in Hz.
        ceiling: Highest pitch in Hz; by default half of half the rate.

    References:
        Boersma (1993), as above.

    Example:
        >>> rng, time = np.random.default_rng(0), np.arange(16000) / 16000
        >>> buzz = sum(np.sin(2 * np.pi * 200 * order * time) for order in range(1, 6))
        >>> noisy = buzz + rng.normal(size=16000) * buzz.std() / 10 ** (15 / 20)
        >>> bool(abs(np.mean(harmonicity(noisy)) - 15) < 1.0)
        True
    """
    samples = _centred(samples)
    window = Window.of(PERIODS_OF_HARMONICITY / floor, rate, gaussian=True)
    if times is None:
        times = centres(len(samples), window, rate, STEP)
    shortest, longest = max(2, int(rate / (ceiling or rate / 4.0))), int(np.ceil(rate / floor))
    highest = [_highest(curve, shortest, longest) for curve in short_term(samples, times, rate, window, longest)]
    height = np.concatenate([*highest, np.zeros(0)])
    share = np.clip(np.where(height > 1.0, 1.0 / np.maximum(height, 1.0), height), LEAST_NOISE, 1.0 - LEAST_NOISE)
    return np.where(height > 0.0, 10.0 * np.log10(share / (1.0 - share)), np.nan)


def _highest(curve: Float[ndarray, "frames lags"], shortest: int, longest: int) -> Float[ndarray, " frames"]:
    """Height of the highest peak of each frame; 0 where there is none."""
    heights = np.where(peaks(curve, shortest, longest), curve, 0.0)
    lags = heights.argmax(axis=1)
    rows = np.flatnonzero(heights.max(axis=1) > 0.0)
    out = np.zeros(len(curve))
    if len(rows):
        out[rows] = refined(curve, rows, lags[rows])[1]
    return out


def _centred(samples: Float[ndarray, " time"]) -> Float[ndarray, " time"]:
    samples = np.asarray(samples, dtype=np.float64)
    return samples - samples.mean() if len(samples) else samples


def _peak_levels(
    samples: Float[ndarray, " time"], times: Float[ndarray, " frames"], rate: int, floor: float
) -> Float[ndarray, " frames"]:
    """Highest amplitude within half of the longest period of each time, as a share of the highest of all."""
    half = max(1, int(0.5 * rate / floor))
    starts = np.clip(np.round(times * rate).astype(np.int64), 0, len(samples))
    near = np.lib.stride_tricks.sliding_window_view(np.pad(samples, half), 2 * half)[starts]
    means = local_means(samples, starts, 2 * half)
    return np.asarray(np.maximum(near.max(axis=1) - means, means - near.min(axis=1)) / np.abs(samples).max())


def _candidates(
    samples: Float[ndarray, " time"], times: Float[ndarray, " frames"], rate: int, window: Window, options: PitchOptions
) -> tuple[Float[ndarray, "frames candidates"], Float[ndarray, "frames candidates"]]:
    """Pitch (NaN for no voice, which is the first candidate) and strength (0 for none) of each candidate."""
    shortest, longest = max(2, int(rate / options.ceiling)), int(np.ceil(rate / options.floor))
    hertz = np.full((len(times), MOST + 1), np.nan)
    strength = np.zeros((len(times), MOST + 1))
    first = 0
    for curve in short_term(samples, times, rate, window, longest):
        high = np.where(peaks(curve, shortest, longest), curve, 0.0)
        high[high < 0.5 * options.voicing] = 0.0
        ranked = np.argpartition(-high, MOST, axis=1)[:, :MOST]
        rows, places = np.nonzero(np.take_along_axis(high, ranked, axis=1))
        if len(rows):
            lags, heights = refined(curve, rows, ranked[rows, places])
            inside = (lags >= rate / options.ceiling) & (lags <= rate / options.floor)
            hertz[first + rows, places + 1] = np.where(inside, rate / lags, np.nan)
            strength[first + rows, places + 1] = np.where(heights > 1.0, 1.0 / heights, heights) * inside
        first += len(curve)
    return hertz, strength


def _scores(
    hertz: Float[ndarray, "frames candidates"],
    strength: Float[ndarray, "frames candidates"],
    unvoiced: Float[ndarray, " frames"],
    options: PitchOptions,
) -> Float[ndarray, "frames candidates"]:
    voiced = np.isfinite(hertz)
    # Higher pitches are preferred a little: a tone repeats at every multiple of its period as well.
    height = np.log2(np.where(voiced, hertz, options.ceiling) / options.ceiling)
    scores = np.where(voiced, strength + options.octave * height, -np.inf)
    scores[:, 0] = unvoiced
    return scores


def _best_path(
    hertz: Float[ndarray, "frames candidates"], scores: Float[ndarray, "frames candidates"], options: PitchOptions
) -> ndarray:
    """Choose a candidate for each frame so that scores less the costs of changes add up to the most (Viterbi)."""
    voiced = np.isfinite(hertz)
    height = np.log2(np.where(voiced, hertz, 1.0))
    both = voiced[1:, :, None] & voiced[:-1, None, :]
    jumps = options.octave_jump * np.abs(height[1:, :, None] - height[:-1, None, :])
    begins = voiced[1:, :, None] != voiced[:-1, None, :]
    costs = np.where(both, jumps, np.where(begins, options.change, 0.0))
    best, sources = scores[0], []
    every = np.arange(scores.shape[1])
    for cost, score in zip(costs, scores[1:], strict=True):
        total = best[None, :] - cost
        came = total.argmax(axis=1)
        sources.append(came)
        best = total[every, came] + score
    path = [int(best.argmax())]
    for came in reversed(sources):
        path.append(int(came[path[-1]]))
    return np.array(path[::-1])
