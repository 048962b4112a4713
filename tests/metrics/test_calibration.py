"""Laws of the metrics of calibration, and agreement with scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from mien.errors import OptionError
from mien.metrics import calibration

SEEDS = st.integers(0, 10_000)


def sample(seed: int, n: int = 50, k: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(k, size=n), rng.dirichlet(np.ones(k), size=n)


@given(seed=SEEDS)
def test_ranges(seed) -> None:
    truth, probs = sample(seed)
    assert 0 <= calibration.ece(truth, probs) <= 1
    assert 0 <= calibration.brier(truth, probs) <= 2
    assert calibration.nll(truth, probs) >= 0


@given(seed=SEEDS)
def test_certain_and_right_is_perfect(seed) -> None:
    truth, _ = sample(seed)
    for metric in (calibration.ece, calibration.brier, calibration.nll):
        assert metric(truth, np.eye(4)[truth]) == pytest.approx(0)
    assert calibration.ece(truth, np.eye(4)[(truth + 1) % 4]) == pytest.approx(1)


@given(seed=SEEDS)
def test_agrees_with_scikit_learn(seed) -> None:
    truth, probs = sample(seed)
    assert calibration.nll(truth, probs) == pytest.approx(reference.log_loss(truth, probs, labels=range(4)))
    hits = truth == 0
    known = reference.brier_score_loss(hits, probs[:, 0])
    assert calibration.multilabel_brier(hits[:, None], probs[:, :1]) == pytest.approx(known)


def test_probabilities_that_are_meant_have_little_error() -> None:
    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.ones(3), size=20_000)
    truth = (rng.random((20_000, 1)) > probs.cumsum(axis=1)).sum(axis=1)
    assert calibration.ece(truth, probs) < 0.02
    sharp = probs**3 / (probs**3).sum(axis=1, keepdims=True)
    assert calibration.ece(truth, sharp) > 0.1
    assert calibration.multilabel_ece(np.eye(3)[truth], probs) < 0.02


def test_stored_value() -> None:
    assert calibration.confidence_ece([1, 0, 1, 1], [0.9, 0.9, 0.6, 0.6], n_bins=10) == pytest.approx(0.4)


def test_faults_are_named() -> None:
    with pytest.raises(OptionError, match="add up to one"):
        calibration.ece([0], [[0.5, 0.6]])
    with pytest.raises(OptionError, match="from 0 to 1, the places"):
        calibration.nll([2], [[0.5, 0.5]])
    with pytest.raises(OptionError, match=r"allowed: \(n,\) and \(n, labels\)"):
        calibration.brier([0, 1], [[0.5, 0.5]])
    with pytest.raises(OptionError, match="given 0 bins"):
        calibration.confidence_ece([1], [0.5], n_bins=0)
