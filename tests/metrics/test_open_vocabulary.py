"""Laws of the emotion wheels and of the agreement of sets of words."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mien.errors import OptionError, UnknownNameError
from mien.metrics.open_vocabulary import (
    group_flags,
    open_vocabulary_score,
    set_f1,
    set_precision,
    set_recall,
    wheel_f1,
)
from mien.metrics.wheels import LEVELS, WHEELS, groups, wheel
from mien.types.words import entries

WORDS = sorted(entries())
CLEAR = sorted(word for word, entry in entries().items() if len(entry.nodes) < 2)
ON_ALL = [word for word in CLEAR if all(groups(word, each, 1) for each in WHEELS.values())]
ITEMS = st.lists(st.sets(st.sampled_from(ON_ALL), min_size=1, max_size=5), min_size=1, max_size=6)
ONES = st.lists(st.sampled_from(ON_ALL), min_size=2, max_size=8)
TABLES = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=2 * n, max_size=2 * n)
)


def test_there_are_wheels_with_two_rings() -> None:
    assert set(WHEELS) >= {"parrott", "plutchik", "circumplex"}
    assert len(ON_ALL) > 500
    for each in WHEELS.values():
        rings = [{cell[level - 1] for cells in each.cells.values() for cell in cells} for level in LEVELS]
        assert 4 <= len(rings[0]) < len(rings[1])


@pytest.mark.parametrize("name", sorted(WHEELS))
def test_an_outer_group_lies_within_one_inner_group(name: str) -> None:
    inner: dict[str, set[str]] = {}
    for cells in WHEELS[name].cells.values():
        for first, second in cells:
            inner.setdefault(second, set()).add(first)
    assert all(len(firsts) == 1 for firsts in inner.values())


@given(items=ITEMS)
def test_who_says_the_same_is_perfect(items: list[set[str]]) -> None:
    assert open_vocabulary_score(items, items) == pytest.approx(1)


@given(items=ITEMS, seed=st.integers(0, 99))
def test_the_score_has_its_range_and_is_symmetric(items: list[set[str]], seed: int) -> None:
    others = [items[place] for place in np.random.default_rng(seed).permutation(len(items))]
    for level in LEVELS:
        score = wheel_f1(items, others, level=level)
        assert 0 <= score <= 1
        assert wheel_f1(others, items, level=level) == pytest.approx(score)


@given(tables=TABLES)
def test_precision_and_recall_change_places_with_the_sides(tables: list[list[bool]]) -> None:
    half = len(tables) // 2
    left, right = np.array(tables[:half]), np.array(tables[half:])
    assume(left.any(axis=1).all() and right.any(axis=1).all())
    assert set_precision(left, right) == pytest.approx(set_recall(right, left))
    assert set_f1(left, right) == pytest.approx(set_f1(right, left))


@given(words=ONES, name=st.sampled_from(sorted(WHEELS)))
def test_of_single_words_the_inner_ring_is_never_stricter(words: list[str], name: str) -> None:
    truth, estimate = [{word} for word in words], [{word} for word in reversed(words)]
    chosen = [WHEELS[name]]
    assert wheel_f1(truth, estimate, level=1, wheels=chosen) >= wheel_f1(truth, estimate, level=2, wheels=chosen) - 1e-9


@given(truth=ITEMS, seed=st.integers(0, 99), name=st.sampled_from(sorted(WHEELS)))
def test_what_meets_on_the_outer_ring_meets_on_the_inner(truth: list[set[str]], seed: int, name: str) -> None:
    others = [truth[place] for place in np.random.default_rng(seed).permutation(len(truth))]
    meets = []
    for level in LEVELS:
        left, right = group_flags(truth, others, on=WHEELS[name], level=level)
        meets.append((left & right).any(axis=1))
    assert (meets[0] >= meets[1]).all()


def test_of_sets_the_inner_ring_can_be_stricter() -> None:
    # Two right words fall together on level 1, and the wrong one weighs more.
    truth, estimate = [{"annoyed", "furious", "amused"}], [{"annoyed", "furious", "terrified"}]
    on = [wheel("parrott")]
    assert wheel_f1(truth, estimate, level=2, wheels=on) == pytest.approx(2 / 3)
    assert wheel_f1(truth, estimate, level=1, wheels=on) == pytest.approx(1 / 2)


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), name=st.sampled_from(sorted(WHEELS)))
def test_words_of_one_group_count_the_same(words: list[str], name: str) -> None:
    on = WHEELS[name]
    assume(any(groups(word, on, 2) for word in words))
    twins = [next(other for other in WORDS if groups(other, on, 2) == groups(word, on, 2)) for word in words]
    assert wheel_f1([words], [twins], level=2, wheels=[on]) == pytest.approx(1)
    assert wheel_f1([[*words, words[0]]], [words], level=2, wheels=[on]) == pytest.approx(1)


def test_the_definition_by_hand() -> None:
    on = [wheel("parrott")]
    truth = [{"furious", "sad"}, {"qwzx"}, {"glad"}, {"scared"}]
    estimate = [{"livid"}, {"glad"}, {"qwzx"}, {"afraid", "weepy", "qwzx"}]
    # The second item does not count, as its truth is in no wheel; the third scores 0, as its estimate is.
    precision, recall = (1 + 0 + 1 / 2) / 3, (1 / 2 + 0 + 1) / 3
    assert wheel_f1(truth, estimate, wheels=on) == pytest.approx(2 * precision * recall / (precision + recall))


def test_a_blend_belongs_to_both_its_emotions() -> None:
    assert groups("remorse", wheel("plutchik"), 1) == {"sadness", "disgust"}
    assert groups("stunned", wheel("parrott"), 1) == {"surprise", "fear"}
    assert groups("table", wheel("parrott"), 1) == frozenset()


def test_nothing_right_scores_nothing() -> None:
    assert wheel_f1([{"glad"}], [{"afraid"}], wheels=[wheel("parrott")]) == 0


def test_errors_say_what_is_allowed() -> None:
    with pytest.raises(UnknownNameError, match="unknown wheel 'geneva'; known: basic, circumplex, parrott, plutchik"):
        wheel("geneva")
    with pytest.raises(OptionError, match="level 3 of a wheel was asked for; allowed: 1"):
        wheel_f1([{"glad"}], [{"glad"}], level=3)
    with pytest.raises(OptionError, match="truth has 1 items and estimate 2; both need the same"):
        wheel_f1([{"glad"}], [{"glad"}, {"sad"}])
    with pytest.raises(OptionError, match="no item has a true group"):
        wheel_f1([{"qwzx"}], [{"glad"}])
    with pytest.raises(OptionError, match="an item is the word 'glad'; allowed: a set or list of words for each item"):
        wheel_f1(["glad"], ["sad"])
