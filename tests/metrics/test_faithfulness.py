"""Laws of comprehensiveness and sufficiency."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mien.errors import OptionError
from mien.metrics.faithfulness import SHARES, comprehensiveness, strongest, sufficiency

WORTHS = st.lists(st.floats(0, 1), min_size=2, max_size=6)


def additive(worths: np.ndarray, order: tuple[int, ...]) -> tuple[float, float]:
    """Both scores of an order, where the probability is the sum of what the parts that are left are worth."""
    ranked = worths[list(order)]
    counts = strongest(len(ranked))
    kept = np.array([[ranked[:n].sum() for n in counts]])
    without = np.array([[ranked[n:].sum() for n in counts]])
    whole = np.array([ranked.sum()])
    return tuple(
        metric(whole, np.clip(left, 0, 1)) for metric, left in ((comprehensiveness, without), (sufficiency, kept))
    )


@given(WORTHS)
def test_no_order_beats_that_of_what_the_parts_are_worth(given_worths: list[float]) -> None:
    worths = np.array(given_worths) / (2 * len(given_worths))
    best = additive(worths, tuple(np.argsort(-worths)))
    for order in permutations(range(len(worths))):
        comprehensive, sufficient = additive(worths, order)
        assert comprehensive <= best[0] + 1e-12
        assert sufficient >= best[1] - 1e-12


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=5).flatmap(
        lambda whole: st.tuples(
            st.just(whole),
            st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=len(whole), max_size=len(whole)),
        )
    )
)
def test_range_and_mean_over_items(values: tuple[list[float], list[list[float]]]) -> None:
    whole, reduced = np.array(values[0]), np.array(values[1])
    score = comprehensiveness(whole, reduced)
    assert -1 <= score <= 1
    alone = [comprehensiveness(whole[[row]], reduced[[row]]) for row in range(len(whole))]
    assert score == pytest.approx(np.mean(alone))
    assert sufficiency(whole, reduced) == score  # what differs is which words were erased


def test_nothing_lost_and_all_lost() -> None:
    assert comprehensiveness([0.7, 0.2], [[0.7, 0.7], [0.2, 0.2]]) == 0
    assert sufficiency([1.0], [[0.0, 0.0]]) == 1


@given(st.integers(1, 500))
def test_shares_are_rounded_up(n_parts: int) -> None:
    counts = strongest(n_parts)
    assert list(counts) == sorted(counts)
    for share, count in zip(SHARES, counts, strict=True):
        assert 1 <= count <= n_parts
        assert count - 1 < share * n_parts + 1e-9
        assert count >= share * n_parts - 1e-9


def test_a_share_that_is_whole_in_decimals_is_not_rounded_up() -> None:
    assert strongest(30, [0.1]) == (3,)
    assert strongest(10, [1.0]) == (10,)


@pytest.mark.parametrize(
    ("whole", "reduced", "told"),
    [
        ([0.5], [[0.5], [0.4]], r"whole has the shape \(1,\) and the rest \(2, 1\)"),
        ([0.5], [0.5], r"the rest \(1,\); allowed: \(n,\) and \(n, shares\)"),
        ([], np.zeros((0, 2)), "allowed"),
        ([1.5], [[0.5]], "a value outside"),
        ([0.5], [[np.nan]], "a value outside"),
    ],
)
def test_what_is_refused(whole: list[float], reduced: list, told: str) -> None:
    for metric in (comprehensiveness, sufficiency):
        with pytest.raises(OptionError, match=told):
            metric(whole, reduced)


def test_shares_that_are_refused() -> None:
    with pytest.raises(OptionError, match="0 parts were given"):
        strongest(0)
    for shares in ([], [0.0], [1.2]):
        with pytest.raises(OptionError, match="allowed: one or more above 0 and at most 1"):
            strongest(5, shares)
