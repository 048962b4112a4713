"""Laws of the metrics of ranking, and agreement with scikit-learn."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as reference

from mien.errors import OptionError
from mien.metrics import ranking

SCORES = st.lists(st.tuples(st.booleans(), st.integers(-5, 5)), min_size=2, max_size=60)


@given(pairs=SCORES)
def test_agrees_with_scikit_learn(pairs) -> None:
    truth, score = np.array(pairs, dtype=float).T
    assume(0 < truth.sum() < len(truth))
    assert ranking.auc(truth, score) == pytest.approx(reference.roc_auc_score(truth, score))
    assert ranking.average_precision(truth, score) == pytest.approx(reference.average_precision_score(truth, score))


@given(pairs=SCORES)
def test_turned_around_is_one_less(pairs) -> None:
    truth, score = np.array(pairs, dtype=float).T
    assume(0 < truth.sum() < len(truth))
    assert ranking.auc(truth, -score) == pytest.approx(1 - ranking.auc(truth, score))
    assert 0 <= ranking.equal_error_rate(truth, score) <= 1


def test_equal_error_rate() -> None:
    assert ranking.equal_error_rate([0, 0, 1, 1], [0, 2, 1, 3]) == pytest.approx(0.5)
    assert ranking.equal_error_rate([1, 1, 0, 0], [0, 1, 2, 3]) == pytest.approx(1)


def test_one_kind_of_item_cannot_be_ranked() -> None:
    with pytest.raises(OptionError, match="both true and false items"):
        ranking.auc([1, 1], [0.1, 0.2])
