"""Words for emotions: the lists, their forms, and what an entry says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mien.errors import OptionError
from mien.types import norms
from mien.types.project import project
from mien.types.taxonomies import EKMAN7, GOEMOTIONS28, PARROTT, PLUTCHIK8, TAXONOMIES
from mien.types.vocabulary import OUTSIDE, SYNONYMS
from mien.types.words import SURE, entries, find_word, listed_affect, normalise_word, shorter_forms

ROOT = Path(__file__).parents[3]
AMBIGUOUS = {"appalled", "bittersweet", "mortified", "schadenfreude", "startled", "stunned", "upset"}
WORDS = [word for words in SYNONYMS.values() for word in words.split()]


def test_the_lists_name_nodes_and_terms_that_exist() -> None:
    assert len(WORDS) > 600
    assert set(SYNONYMS) <= set(PARROTT.labels)
    assert set(norms.LABEL_TERMS["parrott"]) <= set(PARROTT.labels)
    for outside in OUTSIDE.values():
        assert set(outside.terms) <= set(norms.TERMS)
        assert outside.label is None or outside.label[1] in TAXONOMIES[outside.label[0]].labels


def test_a_word_is_listed_once_unless_it_is_ambiguous() -> None:
    assert {word for word in WORDS if WORDS.count(word) > 1} == AMBIGUOUS
    feelings = [word for outside in OUTSIDE.values() for word in outside.words.split()]
    assert len(feelings) == len(set(feelings))
    assert not set(feelings) & set(WORDS)
    assert not {label.rpartition("/")[2] for label in PARROTT.labels} & {*WORDS, *feelings}


def test_listed_words_are_found_as_they_are_written() -> None:
    for word, entry in entries().items():
        assert normalise_word(word) == word
        assert find_word(word) == entry
        assert find_word(f" {word.upper().replace(' ', '-')}! ") == entry


@pytest.mark.parametrize(
    ("word", "node"),
    [
        ("sadness", "sadness"),
        ("contempt", "anger/disgust/contempt"),
        ("homesick", "sadness/neglect/homesickness"),
        ("home-sick", "sadness/neglect/homesickness"),
        ("grieves", "sadness/sadness/grief"),
        ("irritates", "anger/irritation"),
        ("Jubilantly", "joy/cheerfulness/jubilation"),
        ("gloomier", "sadness/sadness/gloom"),
        ("happiest", "joy/cheerfulness/happiness"),
        ("over the moon", "joy/cheerfulness/elation"),
        ("amaze", "surprise/surprise/amazement"),
    ],
)
def test_forms_of_a_word_stand_where_it_stands(word: str, node: str) -> None:
    entry = find_word(word)
    assert entry is not None
    assert entry.nodes == (node,)


@pytest.mark.parametrize("word", ["loveless", "unamused", "disenjoy", "table", "compasses", "scarred", "cat", "qwzx"])
def test_what_is_not_known_is_not_guessed(word: str) -> None:
    assert find_word(word) is None


def test_endings_leave_enough_of_a_word() -> None:
    assert list(shorter_forms("sing")) == []
    assert "sad" not in shorter_forms("sadly")
    assert list(shorter_forms("upsetting")) == ["upsett", "upset", "upsette"]


def test_an_ambiguous_word_is_parted_between_its_places() -> None:
    affect = listed_affect(find_word("stunned"))
    assert affect.categories.as_dict()["surprise/surprise/astonishment"] == 0.5
    assert affect.categories.as_dict()["fear/horror/shock"] == 0.5
    assert affect.confidence == SURE["list"] / 2
    assert affect.labels == ("stunned",)


def test_how_sure_a_place_is_was_measured() -> None:
    row = json.loads((ROOT / "results" / "text" / "word-places.json").read_text(encoding="utf-8"))[0]
    for known in ("list", "form"):
        assert SURE[known] == pytest.approx(row["metrics"][f"empath_{known}"]["value"], abs=0.005)


def test_what_the_tree_has_no_place_for_says_so() -> None:
    trust, bored = listed_affect(find_word("trusting")), listed_affect(find_word("bored"))
    assert trust.categories.taxonomy == PLUTCHIK8
    assert trust.categories.top == ("trust", 1.0)
    assert (bored.categories, bored.confidence) == (None, None)
    assert (bored.valence.mean, bored.arousal.mean) == norms.TERMS["bored"][:2]
    assert "the tree has no place" in bored.evidence[0].note


def test_a_place_leads_to_other_taxonomies() -> None:
    proud = listed_affect(find_word("proud"))
    assert project(proud, GOEMOTIONS28).categories.top == ("pride", 1.0)
    assert project(proud, EKMAN7).categories.top == ("joy", 1.0)
    curious = listed_affect(find_word("curious"))
    assert project(curious, PARROTT).categories.top[0] == "surprise"


def test_stronger_words_lie_farther_out() -> None:
    annoyed, furious = listed_affect(find_word("annoyed")), listed_affect(find_word("furious"))
    assert furious.arousal.mean > annoyed.arousal.mean
    assert furious.valence.mean < annoyed.valence.mean < 0


@pytest.mark.parametrize("word", ["", "  ", "?!", "a" * 41])
def test_what_is_no_word_is_refused(word: str) -> None:
    with pytest.raises(OptionError, match="is no word; allowed: a word or short phrase of 1 to 40 letters"):
        find_word(word)
