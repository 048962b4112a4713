"""Which taxonomy the labels of a stranger belong to.

The rule, the same for every format that is read:

1. a taxonomy of mien that the file names, if it holds all labels;
2. else the first of `ORDER` that holds all labels as they are written, upper and lower case alike;
3. else the first of `ORDER` that holds all of them once an adjective and its noun count the same (`FORMS`);
4. else none: the labels are open-vocabulary words, which are shown but not weighed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from mien.types.affect import Distribution
from mien.types.taxonomies import TAXONOMIES
from mien.types.taxonomy import Taxonomy

__all__ = ["FORMS", "ORDER", "Reading", "distribution", "read_labels"]

ORDER = (
    "ekman7",
    "ferplus8",
    "ravdess8",
    "fer7",
    "plutchik8",
    "sentiment3",
    "quadrants4",
    "goemotions28",
    "parrott",
)
"""The taxonomies in the order in which they are tried: the common one of the fuser first, the large ones last."""

FORMS: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "anger angry ang",
        "disgust disgusted",
        "fear fearful afraid",
        "joy joyful happy happiness",
        "sadness sad",
        "surprise surprised",
        "neutral neutrality",
        "calm calmness",
        "negative neg",
        "positive pos",
    )
)
"""Words that name one emotion."""

Reading = tuple[Taxonomy, Mapping[str, str]]
"""A taxonomy, and each label as written to the label of the taxonomy."""


def read_labels(labels: Collection[str], named: str | None = None) -> Reading | None:
    """Return the taxonomy that some labels belong to, and what each means there; ``None`` where there is none.

    Args:
        labels: As written.
        named: The name of a taxonomy that the file states, if it does.

    Example:
        >>> taxonomy, meaning = read_labels(["Happy", "anger"])
        >>> taxonomy.name, meaning["Happy"]
        ('ekman7', 'joy')
    """
    if not labels:
        return None
    first = [named] if named in TAXONOMIES else []
    for forms in (False, True):
        for name in (*first, *ORDER):
            taxonomy = TAXONOMIES[str(name)]
            meaning = {label: found for label in labels if (found := _meant(label, taxonomy, forms=forms))}
            if len(meaning) == len(set(labels)):
                return taxonomy, meaning
    return None


def _meant(label: str, taxonomy: Taxonomy, *, forms: bool) -> str | None:
    plain = label.strip().casefold()
    if plain in taxonomy.labels:
        return plain
    same = next((words for words in FORMS if plain in words), frozenset()) if forms else frozenset()
    return next((known for known in taxonomy.labels if known in same), None)


def distribution(taxonomy: Taxonomy, shares: Mapping[str, float]) -> Distribution:
    """Return the probabilities that named shares mean, each in [0, 1].

    In an exclusive taxonomy, shares that add up to more than one are divided by their sum, and what they leave is
    spread evenly over the labels that have no share. Otherwise a label without a share has probability 0.

    Example:
        >>> distribution(TAXONOMIES["sentiment3"], {"positive": 0.5}).as_dict()
        {'negative': 0.25, 'neutral': 0.25, 'positive': 0.5}
    """
    probs = np.array([min(max(shares.get(label, 0.0), 0.0), 1.0) for label in taxonomy.labels])
    if not taxonomy.exclusive:
        return Distribution(taxonomy, probs)
    others = np.array([label not in shares for label in taxonomy.labels])
    if probs.sum() < 1 and others.any():
        probs = probs + others * (1 - probs.sum()) / others.sum()
    if probs.sum() <= 0:
        probs = np.ones(len(taxonomy))
    return Distribution(taxonomy, probs / probs.sum())
