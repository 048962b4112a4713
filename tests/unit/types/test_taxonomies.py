"""The declared taxonomies."""

import pytest

from mien.errors import UnknownNameError
from mien.types import norms, parrott
from mien.types.taxonomies import EKMAN7, FER7, FERPLUS8, GOEMOTIONS28, PARROTT, TAXONOMIES, taxonomy
from mien.types.vocabulary import OUTSIDE


@pytest.mark.parametrize("name", sorted(TAXONOMIES))
def test_every_taxonomy_is_named_and_cited(name: str) -> None:
    assert taxonomy(name).name == name
    assert len(taxonomy(name).reference) > 20


def test_sizes_are_those_of_the_names() -> None:
    for name, each in TAXONOMIES.items():
        if name[-1].isdigit():
            assert len(each) == int("".join(filter(str.isdigit, name)))


def test_orders_that_published_files_use() -> None:
    assert FER7.labels[3] == "happy"
    assert FER7.labels[6] == "neutral"
    assert FERPLUS8.labels == (
        *("neutral", "happiness", "surprise", "sadness"),
        *("anger", "disgust", "fear", "contempt"),
    )
    assert GOEMOTIONS28.labels[27] == "neutral"
    assert not GOEMOTIONS28.exclusive
    assert "neutral" in EKMAN7.labels


def test_tree_has_three_tiers_of_the_published_sizes() -> None:
    tiers = [label.count("/") for label in PARROTT.labels]
    assert [tiers.count(tier) for tier in range(3)] == [6, 25, 135]
    assert all(PARROTT.parents[child] in PARROTT.labels for child in PARROTT.parents)
    assert PARROTT.parents["sadness/shame/guilt"] == "sadness/shame"


def test_node_of_a_word_is_the_highest() -> None:
    assert parrott.node_of("sadness") == "sadness"
    assert parrott.node_of("contempt") == "anger/disgust/contempt"
    assert parrott.node_of("curiosity") is None


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="unknown taxonomy 'ekman'; known: ekman7, fer7"):
        taxonomy("ekman")


def test_every_label_has_terms_with_published_values() -> None:
    for name, table in norms.LABEL_TERMS.items():
        first_tier = {label for label in taxonomy(name).labels if label not in taxonomy(name).parents}
        assert first_tier <= set(table)
        assert all(term in norms.TERMS for terms in table.values() for term in terms)
    used = {term for table in norms.LABEL_TERMS.values() for terms in table.values() for term in terms}
    used |= {term for outside in OUTSIDE.values() for term in outside.terms}
    assert used == set(norms.TERMS)
