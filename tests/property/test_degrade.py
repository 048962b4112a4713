"""Laws of what is done to recordings."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mien.dsp.degrade import active_level, clipped, coloured_noise, fitted, gained, noisy, reverberated, telephone

SEEDS = st.integers(0, 2**32 - 1)
LENGTHS = st.integers(400, 20_000)


def speech(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=n) * (1.1 + np.sin(np.arange(n) / 900)) * rng.uniform(0.001, 0.3)).astype(np.float32)


@given(LENGTHS, SEEDS, st.floats(-10, 30), st.floats(0, 2))
@settings(max_examples=15)
def test_any_noise_lies_as_far_below_as_stated(n: int, seed: int, snr: float, exponent: float) -> None:
    said = speech(n, seed)
    added = noisy(said, coloured_noise(n, exponent, seed=seed), snr=snr).astype(np.float64) - said
    assert abs(active_level(said) - 10 * np.log10(np.mean(added**2)) - snr) < 0.1


@given(LENGTHS, SEEDS)
@settings(max_examples=15)
def test_length_stays_and_nothing_is_written_to_the_input(n: int, seed: int) -> None:
    said = speech(n, seed)
    kept, response = said.copy(), speech(700, seed + 1)
    for made in (telephone(said), clipped(said, share=0.1), reverberated(said, response), fitted(gained(said, 40.0))):
        assert made.shape == said.shape
        assert made.dtype == np.float32
        assert np.isfinite(made).all()
    assert np.array_equal(said, kept)


@given(LENGTHS, SEEDS, st.floats(-30, 30))
@settings(max_examples=15)
def test_rooms_and_levels_go_together(n: int, seed: int, decibels: float) -> None:
    said, response = speech(n, seed), speech(700, seed + 1)
    heard = reverberated(said, response)
    assert np.allclose(np.mean(heard**2), np.mean(said**2), rtol=1e-3)
    assert np.allclose(reverberated(gained(said, decibels), response), gained(heard, decibels), rtol=1e-3, atol=1e-6)
