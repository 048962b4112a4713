"""The cues of a voice on made voices whose values are known."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from mien.dsp.fundamental import fundamental, harmonicity
from mien.dsp.glottal import glottal_pulses, jitter, shimmer
from mien.dsp.syllables import intensity, sounding
from mien.dsp.tilt import alpha_ratio, hammarberg_index, spectra
from mien.dsp.voice_quality import VoiceCues, voice_cues
from mien.errors import OptionError

from .voices import RATE, noisy, pulse_train, syllables


@pytest.mark.parametrize("hertz", [80.0, 123.4, 250.0, 480.0])
def test_pitch_of_a_pulse_train(hertz: float) -> None:
    pitch = fundamental(pulse_train(1.0, pitch=hertz)[0])
    assert np.nanmedian(pitch.hertz) == pytest.approx(hertz, rel=0.001)
    assert pitch.voiced[5:-5].all()


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(0).normal(size=RATE)
    assert fundamental(noise).voiced.mean() < 0.05
    assert not fundamental(np.zeros(RATE)).voiced.any()
    assert len(fundamental(np.zeros(100)).times) == 0


@pytest.mark.parametrize(("decibels", "within"), [(5.0, 1.0), (10.0, 1.0), (20.0, 1.0), (30.0, 2.0)])
def test_harmonicity_is_the_noise_that_was_added(decibels: float, within: float) -> None:
    # Of a very clear voice the highest of several peaks is a little too high; Praat's own is so by the same amount.
    assert np.mean(harmonicity(noisy(decibels=decibels))) == pytest.approx(decibels, abs=within)


def test_harmonicity_of_silence_is_unknown() -> None:
    assert np.isnan(harmonicity(np.zeros(RATE))).all()
    assert len(harmonicity(np.zeros(100))) == 0


@pytest.mark.parametrize("share", [0.005, 0.02, 0.05])
def test_jitter_is_what_was_made(share: float) -> None:
    samples, times, _ = pulse_train(jitter=share)
    pitch = fundamental(samples)
    pulses = glottal_pulses(samples, pitch.times, pitch.hertz)
    assert jitter(pulses) == pytest.approx(jitter(times), rel=0.08)


@pytest.mark.parametrize("share", [0.02, 0.05, 0.15])
def test_shimmer_is_what_was_made(share: float) -> None:
    samples, _, heights = pulse_train(shimmer=share)
    pitch = fundamental(samples)
    made = np.abs(np.diff(heights)).mean() / heights.mean()
    assert shimmer(samples, glottal_pulses(samples, pitch.times, pitch.hertz)) == pytest.approx(made, rel=0.08)


def test_one_pulse_a_period() -> None:
    samples, times, _ = pulse_train(pitch=200.0)
    pitch = fundamental(samples)
    found = glottal_pulses(samples, pitch.times, pitch.hertz)
    inner = times[(times > found[0] - 0.001) & (times < found[-1] + 0.001)]
    assert len(found) == len(inner)
    assert found - inner == pytest.approx(0.0, abs=1e-4)


def test_too_few_periods_say_nothing() -> None:
    assert np.isnan(jitter(np.array([0.1, 0.11, 0.12])))
    assert np.isnan(jitter(np.array([0.0, 0.01, 0.05, 0.06, 0.1])))  # no neighbours within the limits
    assert np.isnan(shimmer(np.ones(RATE), np.array([0.1, 0.11])))
    assert len(glottal_pulses(np.zeros(RATE), np.zeros(0), np.zeros(0))) == 0


@pytest.mark.parametrize("n", [4, 7])
def test_each_bump_is_a_syllable(n: int) -> None:
    cues = voice_cues(syllables(n))
    assert cues.n_syllables == n
    assert cues.speech_rate == pytest.approx(5.0, rel=0.15)
    assert (cues.n_pauses, cues.pause_share, cues.pause_length) == (0, 0.0, None)


def test_a_pause_is_found() -> None:
    cues = voice_cues(syllables(6, pause=0.8))
    assert (cues.n_syllables, cues.n_pauses) == (6, 1)
    assert cues.pause_length == pytest.approx(0.8, abs=0.1)
    assert cues.pause_share == pytest.approx(0.8 / 2.0, abs=0.06)
    assert cues.speech_rate is not None
    assert cues.articulation_rate is not None
    assert cues.articulation_rate > 1.4 * cues.speech_rate


def test_twice_the_amplitude_is_six_decibels_and_nothing_else() -> None:
    samples = syllables(5)
    soft, loud = asdict(voice_cues(0.5 * samples)), asdict(voice_cues(samples))
    assert loud.pop("level") - soft.pop("level") == pytest.approx(6.02, abs=0.01)
    assert soft.pop("pause_length") is loud.pop("pause_length") is None
    assert soft == pytest.approx(loud, rel=1e-6)


def test_a_brighter_voice_has_less_tilt() -> None:
    dull, bright = noisy(decibels=60.0), np.diff(noisy(decibels=60.0), prepend=0.0)
    times = np.array([0.5, 1.0])
    for measure in (alpha_ratio, hammarberg_index):
        assert (measure(*spectra(dull, times)) > measure(*spectra(bright, times)) + 3.0).all()


def test_a_click_is_no_sound() -> None:
    samples = syllables(4, pause=1.2)
    samples[int(1.2 * RATE)] = 0.9
    curve = intensity(samples)
    marks = sounding(curve)
    assert voice_cues(samples).n_pauses in (1, 2)
    assert marks.any()


def test_what_cannot_be_measured_is_none() -> None:
    assert voice_cues(np.zeros(RATE)) == VoiceCues(1.0)
    assert voice_cues(np.zeros(0)) == VoiceCues(0.0)
    assert voice_cues(np.full(RATE, 0.25)) == VoiceCues(1.0)
    noise = voice_cues(0.1 * np.random.default_rng(0).normal(size=RATE))
    assert noise.level == pytest.approx(-20.0, abs=0.2)
    assert noise.n_syllables == 0
    assert noise.pause_length is None


@pytest.mark.parametrize("n", [1, 300, 700, 1300, 2100])
def test_any_length_is_measured(n: int) -> None:
    assert voice_cues(pulse_train()[0][3000 : 3000 + n]).duration == n / RATE


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"rate": 4000}, "sound at 4000 Hz was given; voices are measured from 8000 Hz on"),
        ({"floor": 300.0, "ceiling": 200.0}, "pitches from 300 to 200 Hz were asked for"),
        ({"ceiling": 5000.0}, "allowed: from 20 Hz to 4000 Hz, in order"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, float], told: str) -> None:
    with pytest.raises(OptionError, match=told):
        voice_cues(np.zeros(RATE), **options)  # type: ignore[arg-type]


def test_samples_must_be_finite() -> None:
    with pytest.raises(OptionError, match="NaN or infinite"):
        voice_cues(np.array([0.0, np.nan]))
