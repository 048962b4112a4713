"""Distributions beside votes, and answers that may be withheld: values, laws and errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from mien.errors import OptionError
from mien.metrics.ambiguity import entropy, entropy_pearson, jensen_shannon, vote_agreement
from mien.metrics.selective import area_under_risk_coverage, risk_coverage, selective_accuracy

RNG = np.random.default_rng(0)


def test_divergence_and_entropy_agree_with_scipy() -> None:
    left, right = RNG.dirichlet(np.ones(5), 20), RNG.dirichlet(np.ones(5), 20)
    left[0], right[0] = np.eye(5)[0], np.eye(5)[1]  # zeros on both sides
    asked = np.mean(jensenshannon(left, right, base=2, axis=1) ** 2)
    assert jensen_shannon(left, right) == pytest.approx(asked, abs=1e-9)
    positive = left[1:]
    assert entropy(positive) == pytest.approx(-(positive * np.log2(positive)).sum(axis=1))


def test_doubt_where_the_raters_doubt() -> None:
    votes = np.array([[1.0, 0.0], [0.8, 0.2], [0.5, 0.5]])
    assert entropy_pearson(votes, votes[:, ::-1]) == pytest.approx(1.0)
    assert entropy_pearson(votes, votes[::-1]) < 0


def test_silence_drops_the_least_sure() -> None:
    right, sure = np.array([1, 0, 1, 0]), np.array([0.9, 0.2, 0.8, 0.3])
    coverage, risk = risk_coverage(right, sure)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk == pytest.approx([0, 0, 1 / 3, 0.5])
    assert selective_accuracy(right, sure, coverage=0.5) == 1.0
    assert selective_accuracy(right, sure, coverage=1.0) == 0.5


def test_answers_of_one_confidence_count_as_their_mean() -> None:
    assert area_under_risk_coverage([1, 0, 1, 0], [0.5] * 4) == pytest.approx(0.5)
    assert area_under_risk_coverage([0, 1, 0, 1], [0.5] * 4) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (lambda: jensen_shannon([[0.5, 0.5]], [[0.6, 0.6]]), "each row of estimate must be finite"),
        (lambda: jensen_shannon([[0.7, 0.7]], [[0.5, 0.5]]), "each row of truth must be finite"),
        (lambda: vote_agreement([[0.5, 0.5]], [[0.2, 0.3, 0.5]]), r"truth has the shape \(1, 2\)"),
        (lambda: entropy(np.zeros((0, 2))), "are empty"),
        (lambda: selective_accuracy([1], [0.5], coverage=0.0), "a coverage of 0.0 was asked for; allowed: above 0"),
        (lambda: risk_coverage([1, 0], [0.5]), r"truth has the shape \(2,\)"),
        (lambda: risk_coverage([1], [np.nan]), "must be finite"),
    ],
)
def test_what_a_user_may_get_wrong_is_named(asked: Callable[[], Any], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        asked()
