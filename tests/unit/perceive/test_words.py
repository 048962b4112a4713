"""Words that no list knows: read by the shipped text model, and placed by what they are like."""

from __future__ import annotations

import numpy as np
import pytest

import mien
from mien.errors import OptionError, UnknownNameError
from mien.perceive.text.words import NEUTRAL, Listed, WordReader, look_up, nearest_places
from mien.types.norms import WITHIN_STD
from mien.types.taxonomies import EKMAN7, PARROTT
from mien.types.tree import masses
from mien.types.words import find_word, listed_affect

UNLISTED = ("discombobulated", "gladsome", "heartsick")


@pytest.fixture(scope="module")
def reader() -> WordReader:
    return WordReader(threads=1)


def test_the_lists_come_first(reader: WordReader) -> None:
    assert reader.read(["chuffed", "bored"]) == [listed_affect(find_word(word)) for word in ("chuffed", "bored")]


def test_the_lists_need_no_model() -> None:
    assert WordReader(model="none of that name").read(["chuffed"])[0].categories.top[0] == "joy/cheerfulness/delight"
    with pytest.raises(UnknownNameError, match="none of that name"):
        WordReader(model="none of that name").read(["discombobulated"])


def test_what_no_list_knows_is_read(reader: WordReader) -> None:
    assert all(find_word(word) is None for word in UNLISTED)
    for word, affect in zip(UNLISTED, reader.read(UNLISTED), strict=True):
        assert affect.model == "text-affect"
        assert affect.labels == (word,)
        assert f"no list knows {word!r}" in affect.evidence[0].note
        assert affect.valence.std > WITHIN_STD
        assert affect.categories.taxonomy == PARROTT
        assert affect.confidence == affect.categories.top[1] < 1
        assert mien.project(affect, EKMAN7).categories.probs.sum() == pytest.approx(1)
    assert reader.read(["heartsick"])[0].valence.mean < 0


def test_what_is_no_emotion_gets_no_place(reader: WordReader) -> None:
    table = reader.read(["table"])[0]
    assert (table.categories, table.confidence) == (None, None)
    assert 1 - table.evidence[0].weight >= NEUTRAL
    assert abs(table.valence.mean) < 0.2
    assert reader.read(["ᚠᚢᚦ"]) == [None]  # no letter that the model knows


def test_words_do_not_depend_on_their_company(reader: WordReader) -> None:
    together = reader.read([*UNLISTED, "chuffed", UNLISTED[0]])
    assert together[0] == together[-1]
    alone = reader.read(UNLISTED[:1])[0]
    np.testing.assert_allclose(together[0].categories.probs, alone.categories.probs, atol=1e-5)
    assert reader.read([]) == []


def test_places_are_those_of_the_words_that_are_near() -> None:
    shares = np.zeros((2, len(PARROTT)))
    shares[[0, 1], [PARROTT.index("joy/pride/triumph"), PARROTT.index("fear/horror/panic")]] = 1
    listed = Listed(("up", "down"), np.array([[1.0, 0.0], [-1.0, 0.0]]), np.zeros(2), shares)
    near = nearest_places(np.array([[3.0, 0.1], [0.0, 1.0]]), listed)
    assert near[0, PARROTT.index("joy/pride/triumph")] > 0.999
    np.testing.assert_allclose(near[1][shares.any(axis=0)], 0.5)
    hidden = nearest_places(np.array([[3.0, 0.1]]), listed, np.array([[True, False]]))
    assert hidden[0, PARROTT.index("fear/horror/panic")] == pytest.approx(1)


def test_the_facade_looks_up_one_word() -> None:
    assert mien.look_up is look_up
    assert look_up("Chuffed!").labels == ("chuffed",)
    with pytest.raises(OptionError, match="is no word"):
        look_up("...")


def test_sureness_grows_towards_the_root(reader: WordReader) -> None:
    categories = reader.read(["heartsick"])[0].categories
    within = masses(categories)
    firsts = [within[PARROTT.index(label)] for label in PARROTT.labels if label not in PARROTT.parents]
    assert max(firsts) >= categories.top[1]
    assert sum(firsts) == pytest.approx(1)
