"""Laws of the bootstrap."""

import time

import numpy as np
import pytest

from mien.errors import OptionError
from mien.metrics.bootstrap import difference, interval, mean_interval
from mien.metrics.categorical import accuracy, macro_f1, uar
from mien.metrics.ranking import auc


def labels(n: int, share: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(7, size=n)
    return truth, np.where(rng.random(n) < share, truth, rng.integers(7, size=n))


def test_same_seed_same_interval_that_holds_the_value() -> None:
    truth, estimate = labels(300, 0.6)
    first = interval(uar, truth, estimate, seed=3, n=200)
    assert first == interval(uar, truth, estimate, seed=3, n=200)
    assert first.low <= first.value <= first.high


def test_width_is_that_of_the_binomial() -> None:
    truth, estimate = labels(2000, 0.7)
    found = interval(accuracy, truth, estimate)
    expected = 1.96 * np.sqrt(found.value * (1 - found.value) / 2000)
    assert (found.high - found.low) / 2 == pytest.approx(expected, rel=0.15)


def test_words_give_the_same_as_numbers() -> None:
    truth, estimate = labels(200, 0.5)
    words = np.array(["a", "b", "c", "d", "e", "f", "g"])
    assert interval(macro_f1, words[truth], words[estimate], n=100) == interval(macro_f1, truth, estimate, n=100)


def test_groups_are_drawn_whole() -> None:
    truth, estimate = np.zeros(100, dtype=int), np.repeat([0, 1], 50)
    alone = interval(accuracy, truth, estimate)
    together = interval(accuracy, truth, estimate, groups=np.repeat(["a", "b"], 50))
    assert (together.low, together.high) == (0, 1)
    assert alone.high - alone.low < 0.25


def test_paired_difference_sees_what_intervals_do_not() -> None:
    truth, estimate = labels(1000, 0.6)
    better = estimate.copy()
    wrong = np.flatnonzero(truth != estimate)[:20]
    better[wrong] = truth[wrong]
    found = difference(accuracy, truth, (estimate, better))
    assert found.value == pytest.approx(0.02)
    assert found.low > 0
    same = difference(accuracy, truth, (estimate, estimate))
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_draws_without_both_kinds_are_left_out() -> None:
    found = interval(auc, [0, 0, 1], [0.1, 0.2, 0.9], n=50)
    assert (found.low, found.high) == (1, 1)


def test_a_thousand_draws_of_five_thousand_items_are_quick() -> None:
    truth, estimate = labels(5000, 0.6)
    begin = time.process_time()
    interval(macro_f1, truth, estimate)
    assert time.process_time() - begin < 5


def test_faults_are_named() -> None:
    with pytest.raises(OptionError, match="a bootstrap of 0 samples was asked for"):
        interval(accuracy, [0], [0], n=0)
    with pytest.raises(OptionError, match="both need the same items"):
        interval(accuracy, [0, 1], [0])
    with pytest.raises(OptionError, match="one name an item"):
        interval(accuracy, [0, 1], [0, 1], groups=["a"])


def test_mean_of_one_part_is_its_interval() -> None:
    truth, estimate = labels(200, 0.6)
    assert mean_interval(uar, [(truth, estimate)], n=100) == interval(uar, truth, estimate, n=100)


def test_mean_counts_each_part_the_same_whatever_its_size() -> None:
    large, small = labels(900, 0.9), labels(100, 0.3, seed=1)
    found = mean_interval(accuracy, [large, small], n=400)
    assert found.value == pytest.approx((accuracy(*large) + accuracy(*small)) / 2)
    variance = sum(accuracy(*part) * (1 - accuracy(*part)) / len(part[0]) for part in (large, small)) / 4
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * np.sqrt(variance), rel=0.25)


def test_mean_draws_the_parts_apart() -> None:
    part = labels(300, 0.5)
    alone, twice = mean_interval(accuracy, [part], n=400), mean_interval(accuracy, [part, part], n=400)
    assert twice.value == pytest.approx(alone.value)
    assert twice.high - twice.low < 0.85 * (alone.high - alone.low)


def test_mean_of_nothing_is_refused() -> None:
    with pytest.raises(OptionError, match="a mean over no parts was asked for"):
        mean_interval(accuracy, [])
