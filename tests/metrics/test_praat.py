"""The cues of a voice against Praat's, on made voices, within what two programs may differ by."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mien.dsp.fundamental import fundamental, harmonicity
from mien.dsp.glottal import glottal_pulses, jitter, shimmer
from mien.dsp.syllables import intensity

parselmouth = pytest.importorskip("parselmouth", reason="praat-parselmouth has the values of Praat")
RATE = 16_000


def vowel(seconds: float = 1.5, *, pitch: float = 130.0, noise: float = 0.02) -> np.ndarray:
    """Pulses with a moving pitch and uneven heights, through three resonances, with noise."""
    rng = np.random.default_rng(0)
    n_pulses = int(seconds * pitch)
    moving = pitch * (1.0 + 0.15 * np.sin(np.arange(n_pulses) / 25.0))
    times = 0.05 + np.cumsum((1.0 + 0.01 * rng.normal(size=n_pulses)) / moving)
    sound = np.zeros(int((times[-1] + 0.1) * RATE))
    decay = np.arange(int(0.02 * RATE)) / RATE
    for time, height in zip(times, 1.0 + 0.05 * rng.normal(size=n_pulses), strict=True):
        start = int(np.ceil(time * RATE))
        late = decay + start / RATE - time
        waves = (np.exp(-np.pi * 80.0 * late) * np.sin(2 * np.pi * hertz * late) for hertz in (650.0, 1200.0, 2500.0))
        ring = height * sum(waves)
        sound[start : start + len(ring)] += ring[: len(sound) - start]
    return 0.2 * sound + noise * 0.1 * rng.normal(size=len(sound))


@pytest.fixture(scope="module", params=[95.0, 130.0, 210.0])
def samples(request: pytest.FixtureRequest) -> np.ndarray:
    return vowel(pitch=request.param)


@pytest.fixture(scope="module")
def theirs(samples: np.ndarray) -> dict[str, Any]:
    from parselmouth.praat import call

    sound = parselmouth.Sound(samples, RATE)
    pitch = sound.to_pitch_ac(time_step=0.01, pitch_floor=75.0, pitch_ceiling=600.0)
    pulses = call([sound, pitch], "To PointProcess (cc)")
    edges = (0, 0, 0.0001, 0.02, 1.3)
    return {
        "hertz": pitch.selected_array["frequency"],
        "pulses": call(pulses, "Get number of points"),
        "jitter": call(pulses, "Get jitter (local)", *edges),
        "shimmer": call([sound, pulses], "Get shimmer (local)", *edges, 1.6),
        "noise": sound.to_harmonicity_ac(
            time_step=0.01, minimum_pitch=75.0, silence_threshold=0.1, periods_per_window=4.5
        ).values[0],
        "level": sound.to_intensity(50.0).values[0],
    }


def test_pitch(samples: np.ndarray, theirs: dict[str, Any]) -> None:
    pitch = fundamental(samples)
    assert len(pitch.times) == len(theirs["hertz"])
    assert (pitch.voiced == (theirs["hertz"] > 0)).mean() > 0.97
    both = pitch.voiced & (theirs["hertz"] > 0)
    off = np.abs(pitch.hertz[both] / theirs["hertz"][both] - 1.0)
    assert np.median(off) < 0.001
    assert (off > 0.05).mean() < 0.01


def test_harmonicity(samples: np.ndarray, theirs: dict[str, Any]) -> None:
    mine = harmonicity(samples)
    there = theirs["noise"] > -199.0
    assert len(mine) == len(there)
    assert np.median(np.abs(mine[there] - theirs["noise"][there])) < 0.1
    assert np.mean(mine[there]) == pytest.approx(np.mean(theirs["noise"][there]), abs=0.3)


def test_jitter_and_shimmer(samples: np.ndarray, theirs: dict[str, Any]) -> None:
    pitch = fundamental(samples)
    pulses = glottal_pulses(samples, pitch.times, pitch.hertz)
    assert len(pulses) == pytest.approx(theirs["pulses"], abs=4)
    assert jitter(pulses) == pytest.approx(theirs["jitter"], rel=0.05)
    assert shimmer(samples, pulses) == pytest.approx(theirs["shimmer"], rel=0.05)


def test_level(samples: np.ndarray, theirs: dict[str, Any]) -> None:
    level = intensity(samples).level
    n_frames = min(len(level), len(theirs["level"]))
    full_scale = -20.0 * np.log10(2e-5)
    assert np.abs(len(level) - len(theirs["level"])) <= 1
    assert np.median(level[:n_frames] + full_scale - theirs["level"][:n_frames]) == pytest.approx(0.0, abs=0.2)
