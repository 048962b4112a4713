"""Laws of who moves whom."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mien.explain import influence
from mien.types import Affect, Dimension, Span, Turn

NAMES = ("Ann", "Ben", "Cy")
SAID = st.lists(st.tuples(st.sampled_from(NAMES), st.floats(-0.9, 0.9)), max_size=60)
TWO = st.lists(st.tuples(st.floats(-0.9, 0.9), st.floats(-0.9, 0.9)), min_size=10, max_size=25)


def turns(said: list[tuple[str, float]]) -> list[Turn]:
    return [
        Turn(name, Span(at, at + 1), None, Affect(valence=Dimension(valence, 0.1)))
        for at, (name, valence) in enumerate(said)
    ]


@given(said=SAID)
def test_other_names_give_the_same_figures(said: list[tuple[str, float]]) -> None:
    other = {"Ann": "Ben", "Ben": "Cy", "Cy": "Ann"}
    before = {
        (each.source, each.target): (each.n, each.shift, each.lower, each.upper) for each in influence(turns(said))
    }
    after = influence(turns([(other[name], valence) for name, valence in said]))
    assert {(each.source, each.target): (each.n, each.shift, each.lower, each.upper) for each in after} == {
        (other[source], other[target]): figures for (source, target), figures in before.items()
    }


@given(said=SAID)
def test_bounds_lie_around_the_shift_or_nothing_is_told(said: list[tuple[str, float]]) -> None:
    for each in influence(turns(said)):
        assert each.n >= 1
        assert each.note
        told = (each.lower, each.shift, each.upper)
        assert told == (None, None, None) or each.lower <= each.shift <= each.upper


@given(said=TWO)
def test_a_world_turned_upside_down_gives_the_same_pull(said: list[tuple[float, float]]) -> None:
    flat = [(name, valence) for both in said for name, valence in zip(NAMES, both, strict=False)]
    for one, other in zip(influence(turns(flat)), influence(turns([(n, -v) for n, v in flat])), strict=True):
        assert replace(one, shift=None, lower=None, upper=None) == replace(other, shift=None, lower=None, upper=None)
        for left, right in ((one.shift, other.shift), (one.lower, other.lower), (one.upper, other.upper)):
            assert left == pytest.approx(right, abs=1e-6)
