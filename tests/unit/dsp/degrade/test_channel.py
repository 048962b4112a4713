"""Telephones and clipping."""

from __future__ import annotations

import numpy as np
import pytest

from mien.dsp.degrade import clipped, telephone
from mien.dsp.degrade.channel import LAWS, _levels
from mien.errors import OptionError


def tone(hertz: float, level: float = 0.5) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hertz * np.arange(16_000) / 16_000)).astype(np.float32)


def gain(hertz: float, law: str) -> float:
    middle = slice(4_000, 12_000)
    sent, carried = tone(hertz)[middle], telephone(tone(hertz), law=law)[middle]
    return float(10 * np.log10(np.mean(carried**2) / np.mean(sent**2)))


@pytest.mark.parametrize("law", LAWS)
def test_a_telephone_carries_its_band_alone(law: str) -> None:
    assert [gain(hertz, law) for hertz in (300, 1_000, 2_500, 3_400)] == pytest.approx([0.0] * 4, abs=0.3)
    assert max(gain(hertz, law) for hertz in (50, 150, 4_000, 4_700, 6_000)) < -40


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("level", [0.9, 0.1, 0.01])
def test_eight_bits_leave_noise_that_goes_with_the_level(law: str, level: float) -> None:
    sent = tone(1_010, level)
    error = (telephone(sent, law=law) - sent)[2_000:14_000]
    snr = 10 * np.log10(np.mean(sent**2) / np.mean(error**2))
    assert 25 < snr < 50


@pytest.mark.parametrize(("law", "smallest", "largest"), [("mu", 2 / 8159, 8031 / 8159), ("a", 1 / 4096, 4032 / 4096)])
def test_levels_are_those_of_the_recommendation(law: str, smallest: float, largest: float) -> None:
    levels = _levels(law)
    assert len(levels) in {255, 256}  # the first law has two zeros
    assert levels[levels > 0][0] == pytest.approx(smallest)
    assert levels[-1] == pytest.approx(largest)
    assert levels == pytest.approx(-levels[::-1])


@pytest.mark.parametrize("n", [1, 2, 999])
def test_length_and_time_stay(n: int) -> None:
    assert telephone(tone(500)[:n]).shape == (n,)
    click = np.zeros(4_001, dtype=np.float32)
    click[2_001] = 0.9
    assert np.abs(telephone(click)).argmax() == pytest.approx(2_001, abs=1)


def test_an_unknown_law_is_refused() -> None:
    with pytest.raises(OptionError, match="the law 'b' was asked for; allowed: mu, a"):
        telephone(tone(500), law="b")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5])
def test_the_stated_share_is_clipped(share: float) -> None:
    noise = np.random.default_rng(0).normal(size=10_000).astype(np.float32)
    cut = clipped(noise, share=share)
    assert np.mean(cut != noise) == pytest.approx(share, abs=2e-3)
    assert np.array_equal(np.sign(cut), np.sign(noise))


def test_clipping_has_its_bounds() -> None:
    assert len(clipped(np.zeros(0, dtype=np.float32), share=0.1)) == 0
    with pytest.raises(OptionError, match=r"a share of 1.0 of the samples was to be clipped"):
        clipped(tone(500), share=1.0)
