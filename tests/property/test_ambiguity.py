"""Laws of votes and of silence, over drawn tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mien.metrics.ambiguity import entropy, jensen_shannon
from mien.metrics.selective import area_under_risk_coverage, risk_coverage, selective_accuracy

SEEDS = st.integers(0, 10_000)


def tables(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(1, 12)), int(rng.integers(2, 7))
    left, right = rng.dirichlet(np.full(k, 0.4), n), rng.dirichlet(np.full(k, 0.4), n)
    return left / left.sum(axis=1, keepdims=True), right / right.sum(axis=1, keepdims=True)


@given(SEEDS)
def test_divergence_is_symmetric_and_in_range(seed: int) -> None:
    left, right = tables(seed)
    found = jensen_shannon(left, right)
    assert found == pytest.approx(jensen_shannon(right, left), abs=1e-12)
    assert 0 <= found <= 1
    assert jensen_shannon(left, left) == pytest.approx(0, abs=1e-12)


@given(SEEDS)
def test_order_of_labels_is_irrelevant(seed: int) -> None:
    left, right = tables(seed)
    order = np.random.default_rng(seed).permutation(left.shape[1])
    assert jensen_shannon(left[:, order], right[:, order]) == pytest.approx(jensen_shannon(left, right))
    assert entropy(left[:, order]) == pytest.approx(entropy(left))


@given(SEEDS)
def test_entropy_is_most_where_all_labels_hold_the_same(seed: int) -> None:
    left, _ = tables(seed)
    found = entropy(left)
    assert (found >= 0).all()
    assert (found <= np.log2(left.shape[1]) + 1e-9).all()


@given(SEEDS)
def test_the_curve_ends_at_the_error_of_all_and_no_order_beats_the_best(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 40))
    right, sure = rng.integers(0, 2, n), np.round(rng.random(n), 1)
    coverage, risk = risk_coverage(right, sure)
    assert coverage[-1] == 1
    assert risk[-1] == pytest.approx(1 - right.mean())
    best = area_under_risk_coverage(right, right)
    worst = area_under_risk_coverage(right, 1 - right)
    assert best - 1e-12 <= area_under_risk_coverage(right, sure) <= worst + 1e-12
    assert selective_accuracy(right, sure, coverage=1.0) == pytest.approx(right.mean())


@given(SEEDS)
def test_only_the_order_of_confidence_matters(seed: int) -> None:
    rng = np.random.default_rng(seed)
    right, sure = rng.integers(0, 2, 20), np.round(rng.random(20), 1)
    shuffled = rng.permutation(20)
    area = area_under_risk_coverage(right, sure)
    assert area_under_risk_coverage(right[shuffled], sure[shuffled]) == pytest.approx(area)
    assert area_under_risk_coverage(right, 3 * sure + 1) == pytest.approx(area)
