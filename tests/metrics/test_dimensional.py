"""Laws of the metrics of numbers, and agreement with numpy."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from mien.errors import OptionError
from mien.metrics import dimensional, ranking

NUMBERS = st.lists(
    st.tuples(st.floats(-1, 1, allow_subnormal=False), st.floats(-1, 1, allow_subnormal=False)),
    min_size=3,
    max_size=40,
)


@given(pairs=NUMBERS)
def test_range_symmetry_and_perfect(pairs) -> None:
    truth, estimate = np.array(pairs).T
    for metric in (dimensional.pearson, dimensional.ccc, ranking.spearman):
        assert -1 - 1e-9 <= metric(truth, estimate) <= 1 + 1e-9
        assert metric(truth, estimate) == pytest.approx(metric(estimate, truth), abs=1e-9)
    assert dimensional.ccc(truth, truth) == pytest.approx(1)
    assert dimensional.mae(truth, truth) == 0
    assert dimensional.mae(truth, estimate) <= dimensional.rmse(truth, estimate) + 1e-12


@given(pairs=NUMBERS)
def test_concordance_is_never_above_correlation(pairs) -> None:
    truth, estimate = np.array(pairs).T
    assume(truth.std() > 1e-3 and estimate.std() > 1e-3)
    assert abs(dimensional.ccc(truth, estimate)) <= abs(dimensional.pearson(truth, estimate)) + 1e-9


@given(pairs=NUMBERS)
def test_mean_correlation_of_columns_agrees_with_scipy(pairs) -> None:
    truth, estimate = np.array(pairs).T
    assume(truth.std() > 1e-3 and estimate.std() > 1e-3)
    tables = np.column_stack([truth, estimate]), np.column_stack([estimate, -estimate])
    known = (stats.pearsonr(truth, estimate).statistic - 1) / 2
    assert dimensional.mean_pearson(*tables) == pytest.approx(known, abs=1e-6)


def test_mean_correlation_needs_two_equal_tables() -> None:
    with pytest.raises(OptionError, match=r"both must be 2-d and equal"):
        dimensional.mean_pearson([[0, 1]], [[0, 1, 2]])
    with pytest.raises(OptionError, match="must be finite"):
        dimensional.mean_pearson([[0], [np.nan]], [[0], [1]])


@given(pairs=NUMBERS)
def test_agrees_with_scipy(pairs) -> None:
    truth, estimate = np.array(pairs).T
    assume(truth.std() > 1e-3 and estimate.std() > 1e-3)
    assert dimensional.pearson(truth, estimate) == pytest.approx(stats.pearsonr(truth, estimate)[0], abs=1e-7)
    assert ranking.spearman(truth, estimate) == pytest.approx(stats.spearmanr(truth, estimate)[0], abs=1e-7)


def test_stored_values() -> None:
    assert dimensional.ccc([0, 1, 2], [1, 2, 3]) == pytest.approx(4 / 7, abs=1e-12)
    assert dimensional.pearson([1, 1, 1], [1, 2, 3]) == 0


def test_faults_are_named() -> None:
    with pytest.raises(OptionError, match="must be finite"):
        dimensional.ccc([0, float("nan")], [0, 1])
