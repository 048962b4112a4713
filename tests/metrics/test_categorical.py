"""Laws of the metrics of labels, and agreement with scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from mien.errors import OptionError
from mien.metrics import categorical

LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)
TABLES = st.lists(st.tuples(*[st.booleans()] * 6), min_size=1, max_size=40)
SINGLE = (categorical.accuracy, categorical.uar, categorical.macro_f1, categorical.weighted_f1)


@pytest.mark.parametrize("metric", SINGLE)
@given(pairs=LABELS)
def test_range_and_perfect(metric, pairs) -> None:
    truth, estimate = np.array(pairs).T
    assert 0 <= metric(truth, estimate) <= 1
    assert metric(truth, truth) == pytest.approx(1)


@pytest.mark.parametrize("metric", SINGLE)
@given(pairs=LABELS, seed=st.integers(0, 99))
def test_order_of_items_and_names_do_not_matter(metric, pairs, seed) -> None:
    truth, estimate = np.array(pairs).T
    order = np.random.default_rng(seed).permutation(len(truth))
    names = np.array(["e", "a", "d", "b", "c"])
    assert metric(names[truth[order]], names[estimate[order]]) == pytest.approx(metric(truth, estimate))


@given(pairs=LABELS)
def test_agrees_with_scikit_learn(pairs) -> None:
    truth, estimate = np.array(pairs).T
    assert categorical.accuracy(truth, estimate) == pytest.approx(reference.accuracy_score(truth, estimate))
    for average, metric in {"macro": categorical.macro_f1, "weighted": categorical.weighted_f1}.items():
        known = reference.f1_score(truth, estimate, average=average, zero_division=0)
        assert metric(truth, estimate) == pytest.approx(known)
    recall = reference.recall_score(truth, estimate, labels=np.unique(truth), average="macro", zero_division=0)
    assert categorical.uar(truth, estimate) == pytest.approx(recall)
    assert categorical.micro_f1(truth, estimate) == pytest.approx(
        reference.f1_score(truth, estimate, average="micro", zero_division=0)
    )


@given(pairs=LABELS, asked=st.sets(st.integers(0, 4), min_size=1))
def test_some_labels_among_others_agree_with_scikit_learn(pairs, asked) -> None:
    truth, estimate = np.array(pairs).T
    known = reference.f1_score(truth, estimate, labels=sorted(asked), average="micro", zero_division=0)
    assert categorical.micro_f1_among(truth, estimate, sorted(asked)) == pytest.approx(known)


@given(rows=TABLES)
def test_labels_together_agree_with_scikit_learn(rows) -> None:
    table = np.array(rows)
    truth, estimate = table[:, :3], table[:, 3:]
    for average, metric in {
        "macro": categorical.multilabel_macro_f1,
        "micro": categorical.multilabel_micro_f1,
    }.items():
        known = reference.f1_score(truth, estimate, average=average, zero_division=0)
        assert metric(truth, estimate) == pytest.approx(known)


@given(rows=TABLES)
def test_jaccard_is_that_of_scikit_learn_and_full_where_both_say_nothing(rows) -> None:
    table = np.array(rows)
    truth, estimate = table[:, :3], table[:, 3:]
    known = reference.jaccard_score(truth, estimate, average="samples", zero_division=1)
    assert categorical.jaccard(truth, estimate) == pytest.approx(known)
    assert categorical.jaccard(truth, truth) == 1


def test_stored_values() -> None:
    assert categorical.jaccard([[1, 1, 0], [0, 0, 0]], [[1, 0, 1], [0, 1, 0]]) == pytest.approx(1 / 6, abs=1e-12)
    truth, estimate = [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2]
    assert categorical.uar(truth, estimate) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3, abs=1e-12)
    assert categorical.macro_f1(truth, estimate) == pytest.approx((4 / 5 + 1 / 2 + 2 / 3) / 3, abs=1e-12)


def test_faults_are_named() -> None:
    with pytest.raises(OptionError, match=r"truth has the shape \(2,\) and estimate \(1,\)"):
        categorical.accuracy([0, 1], [0])
    with pytest.raises(OptionError, match="are empty"):
        categorical.uar([], [])
    with pytest.raises(OptionError, match="must be 0 or 1; given values up to 2"):
        categorical.multilabel_macro_f1([[0, 2]], [[0, 1]])
