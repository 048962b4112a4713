"""Laws of the tree of emotions and of the distance in it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mien.errors import OptionError, UnknownNameError
from mien.types import Distribution
from mien.types.taxonomies import EKMAN7, PARROTT, TAXONOMIES
from mien.types.tree import distance, masses, path, surest, tier

NODES = st.sampled_from(PARROTT.labels)
WEIGHTS = st.lists(st.floats(0, 1), min_size=len(PARROTT), max_size=len(PARROTT))


def belief(weights: list[float]) -> Distribution:
    probs = np.array(weights) ** 8 + 1e-9  # most of the mass on a few labels
    return Distribution(PARROTT, probs / probs.sum())


def test_the_tree_has_three_tiers_and_every_node_one_parent() -> None:
    counts = [sum(tier(label) == depth for label in PARROTT.labels) for depth in (1, 2, 3)]
    assert counts == [6, 25, len(PARROTT) - 31]
    assert set(PARROTT.parents.values()) == {label for label in PARROTT.labels if tier(label) < 3}
    assert all(path(label)[0] in ("love", "joy", "surprise", "anger", "sadness", "fear") for label in PARROTT.labels)


@given(first=NODES, second=NODES)
def test_distance_is_symmetric_and_tells_apart(first: str, second: str) -> None:
    assert 0 <= distance(first, second) <= 1
    assert distance(first, second) == distance(second, first)
    assert (distance(first, second) == 0) == (first == second)


@given(first=NODES, second=NODES, third=NODES)
def test_no_way_round_is_shorter(first: str, second: str, third: str) -> None:
    assert distance(first, third) <= distance(first, second) + distance(second, third) + 1e-12


@given(nodes=st.tuples(NODES, NODES, NODES, NODES))
def test_distance_is_that_of_a_tree(nodes: tuple[str, str, str, str]) -> None:
    one, two, three, four = nodes
    sums = sorted(
        [
            distance(one, two) + distance(three, four),
            distance(one, three) + distance(two, four),
            distance(one, four) + distance(two, three),
        ]
    )
    assert sums[1] == pytest.approx(sums[2])  # the four-point condition


@given(first=NODES, second=NODES, third=NODES, fourth=NODES)
def test_who_part_higher_lie_farther_apart(first: str, second: str, third: str, fourth: str) -> None:
    def parting(left: str, right: str) -> int:
        return sum(a == b for a, b in zip(path(left), path(right), strict=False))

    apart = parting(first, second) < min(tier(first), tier(second))  # neither lies above the other
    if apart and parting(first, second) < parting(third, fourth):
        assert distance(first, second) > distance(third, fourth)


@given(first=st.sampled_from(EKMAN7.labels), second=st.sampled_from(EKMAN7.labels))
def test_without_parents_all_others_are_equally_far(first: str, second: str) -> None:
    assert distance(first, second, EKMAN7) == float(first != second)


@pytest.mark.parametrize("name", sorted(TAXONOMIES))
def test_every_taxonomy_is_a_tree(name: str) -> None:
    labels = TAXONOMIES[name].labels
    assert max(distance(labels[-1], label, TAXONOMIES[name]) for label in labels) == 1


@given(weights=WEIGHTS)
def test_masses_add_up_from_below(weights: list[float]) -> None:
    categories = belief(weights)
    within = masses(categories)
    firsts = [PARROTT.index(label) for label in PARROTT.labels if tier(label) == 1]
    assert within[firsts].sum() == pytest.approx(1)
    for label, parent in PARROTT.parents.items():
        assert within[PARROTT.index(label)] <= within[PARROTT.index(parent)] + 1e-9


@given(weights=WEIGHTS, low=st.floats(0.05, 1), high=st.floats(0.05, 1))
def test_to_be_surer_is_to_say_less(weights: list[float], low: float, high: float) -> None:
    categories = belief(weights)
    bold, careful = (surest(categories, at_least=share) for share in sorted((low, high)))
    assert careful is None or bold is not None
    if careful is not None and bold is not None:
        assert tier(careful) <= tier(bold)
        assert masses(categories)[PARROTT.index(careful)] >= max(low, high) - 1e-6


def test_what_is_not_in_the_tree_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="unknown label of parrott 'curiosity'"):
        tier("curiosity")
    with pytest.raises(OptionError, match="at_least is 0; allowed: above 0, and at most 1"):
        surest(belief([1.0] * len(PARROTT)), at_least=0)
