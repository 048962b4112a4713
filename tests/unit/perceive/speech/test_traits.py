"""Long-term traits of a segment."""

from __future__ import annotations

import numpy as np
import pytest

from mien.perceive.speech.frames import Frames, Measurer, measure
from mien.perceive.speech.traits import traits

from .conftest import speak


def voiced(frames: Frames) -> np.ndarray:
    return frames.periodicity > 0.5


@pytest.mark.parametrize("n_frames", [1, 2, 5, 30])
def test_a_few_frames_are_enough(n_frames: int) -> None:
    frames = measure(speak(1.0))[:n_frames]
    row = traits(frames, voiced(frames))
    whole = measure(speak(1.0))
    assert row.shape == traits(whole, voiced(whole)).shape
    assert np.isfinite(row).all()


def test_the_gain_does_not_matter() -> None:
    loud, soft = measure(speak(1.5)), measure(0.2 * speak(1.5))
    assert np.abs(traits(loud, voiced(loud)) - traits(soft, voiced(loud))).max() < 0.05


def test_no_voiced_frame_is_no_error() -> None:
    frames = measure(speak(1.0))
    assert np.isfinite(traits(frames, np.zeros(len(frames), dtype=bool))).all()


def test_blocks_do_not_depend_on_the_cutting() -> None:
    samples = speak(2.3)
    whole, parts = Measurer(), Measurer()
    one = [*whole.push(samples), *whole.finish()]
    two = [block for start in range(0, len(samples), 777) for block in parts.push(samples[start : start + 777])]
    two += list(parts.finish())
    assert len(one) == len(two)
    assert all(np.array_equal(a.mel, b.mel) and np.array_equal(a.pitch, b.pitch) for a, b in zip(one, two, strict=True))
