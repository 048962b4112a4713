"""Any word for an emotion to its place in the tree of Parrott and to valence, arousal and dominance.

What is known of a word, it is known by the tree itself, by lists that were written by hand for this project
(`mien.types.vocabulary`), or as another form of a word of either ("homesick", "grieving"). A beginning or ending that
turns the sense around (un-, dis-, -less) is never taken off. What no list knows is not guessed here;
`mien.perceive.text.words` reads such words with a model.

References:
    W. G. Parrott (2001). Emotions in Social Psychology. Psychology Press (the tree).
    J. A. Russell and A. Mehrabian (1977). Evidence for a three-factor theory of emotions. Journal of Research in
    Personality 11(3), 273-294 (valence, arousal and dominance of the terms that stand for a node).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from mien.errors import OptionError
from mien.types import parrott, plane
from mien.types.affect import Affect, Dimension, Distribution, Evidence
from mien.types.project import project_vad
from mien.types.taxonomies import PARROTT, taxonomy
from mien.types.vocabulary import OUTSIDE, SYNONYMS

__all__ = ["Entry", "Known", "entries", "find_word", "listed_affect", "normalise_word"]

Known = Literal["tree", "list", "form"]
MOST_LETTERS = 40

SURE: Mapping[Known, float] = {"tree": 1.0, "list": 0.91, "form": 0.8}
"""How sure a place is. Words of the tree stand there by definition; of the others, so many stand under the primary
emotion under which Empath has them too (``benchmarks/word_places.py``): careful, as Empath can be wrong as well."""

ENDINGS = (
    *(("iness", "y"), ("ness", ""), ("fully", "ful"), ("ily", "y"), ("ly", ""), ("ied", "y"), ("ies", "y")),
    *(("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("es", ""), ("s", ""), ("iest", "y"), ("ier", "y")),
    *(("ful", ""), ("ment", ""), ("ation", "e"), ("ion", "e"), ("ion", ""), ("ance", "ant"), ("ence", "ent")),
)
"""Endings and what stands in their place in the shorter form; a doubled consonant before one is halved as well."""
SHORTEST = 4
NOT_FORMS = (
    "affect bash careful chill compass compasses compose contention contents crossed crossing desert dole entrance "
    "friend grate jade likely likeness live long moped move pass passing pine play psyche pump rattle resolution scar "
    "slight stagger stir suspension tear tire touch wound"
)
"""Words that look like a shorter form of a listed one but mean something else."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the lists know of a word.

    Args:
        word: The word, as `normalise_word` writes it.
        listed: The listed word that it is, or is a form of.
        known: How it is known: a word of the tree, of our lists, or another form of one.
        nodes: Where it stands in the tree; several where it is ambiguous, none where the tree has no place for it.
        feeling: Which feeling outside of the tree (`OUTSIDE`) it names; empty where it stands in the tree.
    """

    word: str
    listed: str
    known: Known
    nodes: tuple[str, ...]
    feeling: str = ""


def normalise_word(word: str) -> str:
    """Return a word in small letters, without marks around it, and with single spaces for hyphens and underscores.

    Raises:
        OptionError: Nothing is left, or it has more than `MOST_LETTERS` letters: it is no word or short phrase.

    Example:
        >>> normalise_word(" Home-Sick! ")
        'home sick'
    """
    plain = unicodedata.normalize("NFKC", word).casefold().replace("\u2019", "'")
    plain = " ".join(re.sub(r"[-_\s]+", " ", plain).split())
    plain = re.sub(r"^\W+|\W+$", "", plain)
    if not plain or len(plain) > MOST_LETTERS:
        shown = word if len(word) <= MOST_LETTERS else f"{word[:MOST_LETTERS]}..."
        raise OptionError(f"{shown!r} is no word; allowed: a word or short phrase of 1 to {MOST_LETTERS} letters")
    return plain


def find_word(word: str) -> Entry | None:
    """Return what the lists know of a word, or None where they do not know it.

    Raises:
        OptionError: It is no word or short phrase.

    Example:
        >>> find_word("chuffed").nodes, find_word("homesick").nodes
        (('joy/cheerfulness/delight',), ('sadness/neglect/homesickness',))
        >>> find_word("bored").feeling, find_word("table")
        ('boredom', None)
    """
    plain = normalise_word(word)
    known = entries()
    for name in (plain, plain.replace(" ", "")):
        if name in known:
            return known[name]
    found = _by_form(plain)
    if found is None:
        return None
    return Entry(plain, found.listed, "form", found.nodes, found.feeling)


def listed_affect(entry: Entry) -> Affect:
    """Return what is felt where a listed word is said truly: its place, and valence, arousal and dominance.

    The categories are over the tree, evenly where the word is ambiguous. Where the tree has no place for the word, they
    are over the taxonomy that has, and unknown where none has.
    """
    sure = SURE[entry.known]
    note = f"{entry.word!r} is in {_source(entry)}"
    seen = (Evidence("word", sure, note=note),)
    if entry.nodes:
        probs = np.zeros(len(PARROTT))
        probs[[PARROTT.index(node) for node in entry.nodes]] = 1 / len(entry.nodes)
        confidence = sure / len(entry.nodes)
        placed = Affect(Distribution(PARROTT, probs), labels=(entry.word,), evidence=seen, confidence=confidence)
        return project_vad(placed)
    outside = OUTSIDE[entry.feeling]
    mean, variance = plane.mixture(outside.terms)
    valence, arousal, dominance = (Dimension(float(m), float(v) ** 0.5) for m, v in zip(mean, variance, strict=True))
    label = _certain(*outside.label) if outside.label else None
    return Affect(label, valence, arousal, dominance, (entry.word,), seen, confidence=sure if label else None)


@lru_cache(maxsize=1)
def entries() -> Mapping[str, Entry]:
    """Return every listed word with its entry, as `normalise_word` writes words."""
    known: dict[str, Entry] = {}
    for node in parrott.nodes():
        word = node.rpartition("/")[2]
        known.setdefault(word, Entry(word, word, "tree", (node,)))
    for node, words in SYNONYMS.items():
        for word in _split(words):
            before = known[word].nodes if word in known else ()
            known[word] = Entry(word, word, "list", (*before, node))
    for feeling, outside in OUTSIDE.items():
        known.update({word: Entry(word, word, "list", (), feeling) for word in _split(outside.words)})
    return known


def shorter_forms(word: str) -> Iterator[str]:
    """Yield the words that a word may be a longer form of, the likeliest first.

    Example:
        >>> list(shorter_forms("grieving"))
        ['griev', 'grieve']
    """
    for ending, instead in ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) + len(instead) < SHORTEST:
            continue
        yield stem + instead
        if not instead and len(stem) > SHORTEST and stem[-1] == stem[-2] and stem[-1] not in "aeiousl":
            yield stem[:-1]


def _by_form(word: str) -> Entry | None:
    """Return the entry of a listed word that shares a form with a word: first one that is a shorter form of it."""
    known, bases, others = entries(), _by_shorter(), NOT_FORMS.split()
    forms = [form for form in (word, *shorter_forms(word)) if form not in others and word not in others]
    listed = next((known[form] for form in forms if form in known), None)
    return listed or next((bases[form] for form in forms if form in bases), None)


@lru_cache(maxsize=1)
def _by_shorter() -> Mapping[str, Entry]:
    """Return the entry of the first listed word that each shorter form belongs to."""
    found: dict[str, Entry] = {}
    for word, entry in entries().items():
        for form in shorter_forms(word):
            found.setdefault(form, entry)
    return found


def _split(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


def _source(entry: Entry) -> str:
    place = " or ".join(entry.nodes) or f"{entry.feeling}, for which the tree has no place"
    if entry.known == "tree":
        return f"the tree: {place}"
    return f"our lists: {place}" if entry.known == "list" else f"our lists as a form of {entry.listed!r}: {place}"


def _certain(name: str, label: str) -> Distribution:
    labels = taxonomy(name)
    return Distribution(labels, np.eye(len(labels))[labels.index(label)])
