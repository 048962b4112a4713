"""The label sets and scales of single corpora."""

import pytest

from mien.types.maps import MAPS
from mien.types.scales import BRIGHTER, BRIGHTER_INTENSITY, SCALES
from mien.types.taxonomies import TAXONOMIES


@pytest.mark.parametrize("name", sorted(SCALES))
def test_every_scale_is_named_and_cited(name: str) -> None:
    assert SCALES[name].name == name
    assert len(SCALES[name].reference) > 20


def test_no_name_is_taken_twice() -> None:
    assert not set(SCALES) & set(TAXONOMIES)
    assert len({name for name in SCALES if name.startswith("brighter")}) == 6


def test_degrees_are_told_apart_from_probabilities() -> None:
    degrees = {name for name, scale in SCALES.items() if "Degrees" in scale.reference}
    assert degrees == {name for name in SCALES if "intensity" in name or name == "empathy2"}
    assert not any(SCALES[name].exclusive for name in degrees)


@pytest.mark.parametrize("sets", [BRIGHTER, BRIGHTER_INTENSITY], ids=["labels", "degrees"])
def test_what_a_language_was_not_asked_is_in_no_set_of_it(sets) -> None:
    assert len(sets[""]) == 6
    assert set(sets[""].labels) - set(sets["eng"].labels) == {"disgust"}
    assert set(sets[""].labels) - set(sets["afr"].labels) == {"surprise"}


def test_maps_lead_between_known_sets() -> None:
    for source, onto in MAPS:
        assert source in TAXONOMIES or source in SCALES
        assert onto in TAXONOMIES
