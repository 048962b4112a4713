"""Laws of the diarization error, and of the pairing under it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from mien.errors import OptionError
from mien.metrics.assignment import assign
from mien.metrics.diarization import activity, diarization_error
from mien.types import Span


@given(seed=st.integers(0, 5000), rows=st.integers(1, 7), columns=st.integers(1, 7))
def test_pairing_is_as_good_as_the_best(seed, rows, columns) -> None:
    gain = np.random.default_rng(seed).integers(0, 9, size=(rows, columns)).astype(float)
    pairs = assign(gain)
    best = linear_sum_assignment(gain, maximize=True)
    assert sum(gain[pair] for pair in pairs) == gain[best].sum()
    assert len(pairs) == len({row for row, _ in pairs}) == len({column for _, column in pairs}) == min(rows, columns)


def test_pairing_of_nothing() -> None:
    assert assign(np.zeros((0, 3))) == []


@given(seed=st.integers(0, 5000), voices=st.integers(1, 4))
def test_parts_are_not_negative_and_names_do_not_matter(seed, voices) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.random((50, 3)) < 0.4
    truth[0, 0] = True
    estimate = rng.random((50, voices)) < 0.4
    found = diarization_error(truth, estimate)
    assert min(found.missed, found.false_alarm, found.confused) >= 0
    assert diarization_error(truth, estimate[:, ::-1]).total == pytest.approx(found.total)
    assert diarization_error(truth, truth[:, ::-1]).total == 0


def test_each_kind_of_error_counts() -> None:
    spans, speakers = [Span(0, 4), Span(4, 8)], ["ann", "bob"]
    truth, names = activity(spans, speakers, duration=10)
    assert names == ("ann", "bob")
    heard, _ = activity([Span(0, 4), Span(4, 6), Span(6, 7), Span(9, 10)], ["x", "y", "x", "y"], duration=10)
    found = diarization_error(truth, heard)
    assert found.missed == pytest.approx(1 / 8)
    assert found.false_alarm == pytest.approx(1 / 8)
    assert found.confused == pytest.approx(1 / 8)
    assert found.pairs == ((0, 0), (1, 1))


def test_nobody_found_is_all_missed() -> None:
    truth = np.ones((10, 1), dtype=bool)
    assert diarization_error(truth, np.zeros((10, 0), dtype=bool)).missed == 1


def test_faults_are_named() -> None:
    with pytest.raises(OptionError, match="nobody speaks"):
        diarization_error(np.zeros((3, 1), dtype=bool), np.ones((3, 1), dtype=bool))
    with pytest.raises(OptionError, match="same frames"):
        diarization_error(np.ones((3, 1), dtype=bool), np.ones((4, 1), dtype=bool))
