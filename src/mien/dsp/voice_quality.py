"""The measured cues of a voice, together: pitch, its steadiness, noise, level, tilt, rate and pauses."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from mien.dsp.fundamental import Pitch, PitchOptions, fundamental, harmonicity
from mien.dsp.glottal import glottal_pulses, jitter, shimmer
from mien.dsp.syllables import Intensity, intensity, sounding, stretches, syllable_nuclei
from mien.dsp.tilt import alpha_ratio, hammarberg_index, spectra
from mien.errors import OptionError

__all__ = ["VoiceCues", "voice_cues"]

LEAST_VOICED = 3
"""Voiced frames without which nothing is said of a voice."""
LOWEST_RATE = 8000


@dataclass(frozen=True, slots=True)
class VoiceCues:
    """What can be measured in a stretch of speech by one person; None is what could not be measured.

    Attributes:
        duration: Length of the sound in seconds.
        voiced: Share of the time between the first and the last sound that is voiced, in [0, 1].
        pitch: Median fundamental frequency in Hz.
        pitch_low: Tenth percentile of the fundamental frequency in Hz.
        pitch_high: Ninetieth percentile of the fundamental frequency in Hz.
        pitch_spread: Standard deviation of the fundamental frequency in semitones.
        jitter: Local jitter, as a share of the period (0.01 is 1 %).
        shimmer: Local shimmer, as a share of the amplitude.
        harmonicity: Mean harmonics-to-noise ratio of the voiced frames in dB.
        level: Level of what sounds, in dB against a square wave of full scale; it depends on the recording's gain.
        level_spread: Standard deviation of the level of what sounds, in dB.
        alpha_ratio: Mean energy of voiced frames from 50 Hz to 1 kHz against 1 to 5 kHz, in dB.
        hammarberg_index: Mean strongest peak of voiced frames below 2 kHz against 2 to 5 kHz, in dB.
        n_syllables: Syllable nuclei.
        speech_rate: Syllable nuclei a second between the first and the last sound, pauses included.
        articulation_rate: Syllable nuclei a second of sound, pauses left out.
        n_pauses: Pauses of 0.3 s or more between sounds.
        pause_share: Share of the time between the first and the last sound that is pause, in [0, 1].
        pause_length: Mean length of a pause in seconds.
    """

    duration: float
    voiced: float | None = None
    pitch: float | None = None
    pitch_low: float | None = None
    pitch_high: float | None = None
    pitch_spread: float | None = None
    jitter: float | None = None
    shimmer: float | None = None
    harmonicity: float | None = None
    level: float | None = None
    level_spread: float | None = None
    alpha_ratio: float | None = None
    hammarberg_index: float | None = None
    n_syllables: int | None = None
    speech_rate: float | None = None
    articulation_rate: float | None = None
    n_pauses: int | None = None
    pause_share: float | None = None
    pause_length: float | None = None


def voice_cues(
    samples: Float[ndarray, " time"], *, rate: int = 16000, floor: float = 75.0, ceiling: float = 600.0
) -> VoiceCues:
    """Measure the voice in a stretch of speech by one person.

    Nothing is compared with a norm: a phone line, a room and a codec change every one of these figures. Jitter and
    shimmer of running speech are higher than of a held vowel, for which their clinical norms were made.

    Args:
        samples: One channel in [-1, 1].
        rate: Samples a second; 8000 or more.
        floor: Lowest pitch that is looked for, in Hz.
        ceiling: Highest pitch that is looked for, in Hz.

    Raises:
        OptionError: The rate is too low, the pitches are not in order, or the samples are not finite.

    References:
        P. Boersma (1993). Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio
        of a sampled sound. Proceedings of the Institute of Phonetic Sciences 17, 97-110.
        N. H. de Jong and T. Wempe (2009). Praat script to detect syllable nuclei and measure speech rate
        automatically. Behavior Research Methods 41, 385-390.
        F. Eyben et al. (2016). The Geneva minimalistic acoustic parameter set (GeMAPS) for voice research and
        affective computing. IEEE Transactions on Affective Computing 7, 190-202.

    Example:
        >>> time = np.arange(16000) / 16000
        >>> buzz = 0.1 * sum(np.sin(2 * np.pi * 180 * order * time) / order for order in range(1, 20))
        >>> cues = voice_cues(buzz)
        >>> round(cues.pitch), cues.jitter < 0.001, cues.n_pauses, cues.pause_length
        (180, True, 0, None)
    """
    _check(samples, rate, floor, ceiling)
    samples = np.asarray(samples, dtype=np.float64)
    curve = intensity(samples, rate=rate)
    sounds = sounding(curve)
    cues: dict[str, float] = {}
    if sounds.any():
        pitch = fundamental(samples, rate=rate, options=PitchOptions(floor=floor, ceiling=ceiling))
        cues |= _level(curve, sounds) | _pauses(curve, sounds) | _rhythm(curve, sounds, pitch)
        if pitch.voiced.sum() >= LEAST_VOICED:
            cues |= _melody(pitch) | _quality(samples, pitch, rate, floor)
    known = {name: value for name, value in cues.items() if np.isfinite(value)}
    return VoiceCues(len(samples) / rate, **known)  # type: ignore[arg-type]  # counts are whole already


def _check(samples: Float[ndarray, " time"], rate: int, floor: float, ceiling: float) -> None:
    if rate < LOWEST_RATE:
        raise OptionError(f"sound at {rate} Hz was given; voices are measured from {LOWEST_RATE} Hz on")
    if not 20.0 <= floor < ceiling <= rate / 4.0:
        raise OptionError(
            f"pitches from {floor:g} to {ceiling:g} Hz were asked for; allowed: from 20 Hz to {rate / 4:g} Hz, in order"
        )
    if not np.isfinite(samples).all():
        raise OptionError("sound with samples that are NaN or infinite was given; they must be finite")


def _melody(pitch: Pitch) -> dict[str, float]:
    hertz = pitch.hertz[pitch.voiced]
    low, middle, high = np.quantile(hertz, [0.1, 0.5, 0.9])
    spread = np.std(12.0 * np.log2(hertz))
    return {
        "pitch": float(middle),
        "pitch_low": float(low),
        "pitch_high": float(high),
        "pitch_spread": float(spread),
    }


def _quality(samples: Float[ndarray, " time"], pitch: Pitch, rate: int, floor: float) -> dict[str, float]:
    pulses = glottal_pulses(samples, pitch.times, pitch.hertz, rate=rate)
    voiced = pitch.times[pitch.voiced]
    power, hertz = spectra(samples, voiced, rate=rate)
    heard = harmonicity(samples, voiced, rate=rate, floor=floor)
    return {
        "jitter": jitter(pulses),
        "shimmer": shimmer(samples, pulses, rate=rate),
        "harmonicity": float(np.nanmean(heard)) if np.isfinite(heard).any() else np.nan,
        "alpha_ratio": float(alpha_ratio(power, hertz).mean()),
        "hammarberg_index": float(hammarberg_index(power, hertz).mean()),
    }


def _level(curve: Intensity, sounds: Bool[ndarray, " frames"]) -> dict[str, float]:
    heard = curve.level[sounds]
    mean = 10.0 * np.log10(np.mean(10.0 ** (heard / 10.0)))
    return {"level": float(mean), "level_spread": float(heard.std())}


def _pauses(curve: Intensity, sounds: Bool[ndarray, " frames"]) -> dict[str, float]:
    places = np.flatnonzero(sounds)
    inner = sounds[places[0] : places[-1] + 1]
    lengths = [(end - first) * curve.step for first, end in stretches(~inner)]
    return {
        "n_pauses": len(lengths),
        "pause_share": float(1.0 - inner.mean()),
        "pause_length": float(np.mean(lengths)) if lengths else np.nan,
    }


def _rhythm(curve: Intensity, sounds: Bool[ndarray, " frames"], pitch: Pitch) -> dict[str, float]:
    places = np.flatnonzero(sounds)
    whole = (places[-1] + 1 - places[0]) * curve.step
    voiced = _at(pitch, curve.times)
    n_syllables = len(syllable_nuclei(curve, voiced))
    return {
        "voiced": float(voiced[places[0] : places[-1] + 1].mean()),
        "n_syllables": n_syllables,
        "speech_rate": n_syllables / whole,
        "articulation_rate": n_syllables / (len(places) * curve.step),
    }


def _at(pitch: Pitch, times: Float[ndarray, " times"]) -> Bool[ndarray, " times"]:
    """Whether there is a voice at other times than those of the pitch curve; not beyond its ends."""
    if not len(pitch.times):
        return np.zeros(len(times), dtype=bool)
    nearest = np.clip(np.round((times - pitch.times[0]) * 100.0).astype(np.int64), 0, len(pitch.times) - 1)
    return np.asarray(pitch.voiced[nearest])
