"""Segments of unlike length in batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mien.perceive.speech.batches import MOST_FRAMES, batches, stack


@given(st.lists(st.integers(1, 7000), max_size=120))
def test_each_segment_is_in_one_batch_and_no_batch_is_large(lengths: list[int]) -> None:
    found = list(batches(lengths))
    assert sorted(number for batch in found for number in batch) == list(range(len(lengths)))
    for batch in found:
        longest, held = max(lengths[number] for number in batch), sum(lengths[number] for number in batch)
        assert len(batch) * longest <= MOST_FRAMES or len(batch) == 1
        assert held >= 0.8 * len(batch) * longest - 1e-6


def test_many_segments_of_a_recording_take_few_batches() -> None:
    lengths = np.random.default_rng(0).integers(20, 600, 500).tolist()
    found = list(batches(lengths))
    padded = sum(len(batch) * max(lengths[number] for number in batch) for batch in found)
    assert len(found) <= 45
    assert padded <= 1.06 * sum(lengths)


def test_padding_is_zero_and_masked() -> None:
    mel, mask = stack([np.ones((2, 80), np.float32), np.ones((3, 80), np.float32)])
    assert mel.dtype == np.float32
    assert mask.tolist() == [[True, True, False], [True, True, True]]
    assert mel.sum() == pytest.approx(5 * 80)
    assert not mel[0, 2].any()
