"""Change of taxonomy, and between categories and valence, arousal and dominance.

A change of taxonomy is always asked for, never silent. Between categories it is a cited matrix (`mien.types.maps`):
published directly, or published in two steps through ``ekman7``, or, for the quadrants, through valence and arousal.
Mass whose label has no counterpart is spread evenly over the target, because nothing is known about it.

References:
    J. A. Russell and A. Mehrabian (1977). Evidence for a three-factor theory of emotions. Journal of Research in
    Personality 11(3), 273-294 (mean valence, arousal and dominance of a label).
    J. A. Russell (1980). A circumplex model of affect. Journal of Personality and Social Psychology 39(6), 1161-1178
    (quadrants).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from jaxtyping import Float

from mien.errors import OptionError, UnknownNameError
from mien.types import plane
from mien.types.affect import Affect, Dimension, Distribution, Evidence
from mien.types.maps import MAPS
from mien.types.scales import SCALES
from mien.types.taxonomies import QUADRANTS4, TAXONOMIES
from mien.types.taxonomy import Taxonomy

__all__ = [
    "Projection",
    "dimensions",
    "is_mapped",
    "normalise",
    "project",
    "project_distribution",
    "project_vad",
    "projection",
    "without_own_labels",
]

HUB = "ekman7"
QUADRANTS = "J. A. Russell (1980). A circumplex model of affect. JPSP 39(6), 1161-1178"


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """A change of taxonomy.

    Args:
        source: The taxonomy that is left.
        onto: The taxonomy that is reached.
        matrix: Shape ``(source labels, onto labels)``; each row is a distribution.
        references: Who published the map, one entry a step.
    """

    source: Taxonomy
    onto: Taxonomy
    matrix: Float[np.ndarray, "source onto"]
    references: tuple[str, ...]


def project(affect: Affect, onto: Taxonomy) -> Affect:
    """Return the same affect with its categories over another taxonomy.

    Categories come from the categories that are there, else from valence, arousal and dominance. Everything else
    stays as it is. Independent probabilities are normalised first, and evidence says so. From labels of a model's own
    no map leads: they are kept as open words, and the categories come from the dimensions, if there are any.

    Raises:
        UnknownNameError: No map leads there.
        OptionError: The affect has neither categories nor a dimension.

    Example:
        >>> from mien.types.taxonomies import EKMAN7, FER7
        >>> seen = Affect(Distribution(FER7, np.eye(7)[3]))
        >>> project(seen, EKMAN7).categories.top
        ('joy', 1.0)
    """
    if affect.categories is None:
        return replace(affect, categories=_from_dimensions(affect, onto))
    if affect.categories.taxonomy == onto:
        return affect
    if not is_mapped(affect.categories.taxonomy) and _is_rated(affect):
        bare = without_own_labels(affect)
        note = (
            f"the labels of {affect.categories.taxonomy.name} have no published map; valence, arousal and dominance do"
        )
        return replace(bare, categories=_from_dimensions(bare, onto)).because(Evidence("project", 1.0, note=note))
    projected = replace(affect, categories=project_distribution(affect.categories, onto))
    if affect.categories.taxonomy.exclusive:
        return projected
    total = float(affect.categories.probs.sum())
    note = f"independent probabilities of {affect.categories.taxonomy.name} add up to {total:.2f}; normalised to 1"
    return projected.because(Evidence("project", min(total, 1.0), note=note))


def is_mapped(taxonomy: Taxonomy) -> bool:
    """Whether maps lead from a taxonomy: whether it is one of `TAXONOMIES`, or of a corpus that a map leaves."""
    return TAXONOMIES.get(taxonomy.name) == taxonomy or _leaves(taxonomy)


def _leaves(taxonomy: Taxonomy) -> bool:
    return SCALES.get(taxonomy.name) == taxonomy and (taxonomy.name, HUB) in MAPS


def without_own_labels(affect: Affect) -> Affect:
    """Return an affect whose labels have no map as one of open vocabulary: its likeliest label is kept as a word."""
    if affect.categories is None or is_mapped(affect.categories.taxonomy):
        return affect
    return replace(affect, categories=None, labels=tuple(dict.fromkeys((*affect.labels, affect.categories.top[0]))))


def project_distribution(categories: Distribution, onto: Taxonomy) -> Distribution:
    """Return a distribution over another taxonomy; the same one where it is there already.

    Raises:
        UnknownNameError: No map leads there.
    """
    if categories.taxonomy == onto:
        return categories
    shares = normalise(categories)
    return Distribution(onto, _simplex(shares @ projection(categories.taxonomy, onto).matrix))


def project_vad(affect: Affect) -> Affect:
    """Fill the dimensions that are not known from the categories; what was measured stays.

    Raises:
        UnknownNameError: The taxonomy has no published values.
        OptionError: The affect has neither categories nor a dimension.
    """
    if affect.categories is None:
        if _is_rated(affect):
            return affect
        raise OptionError("an affect of open labels only cannot be projected; give categories or a dimension")
    valence, arousal, dominance = dimensions(affect.categories)
    return replace(
        affect,
        valence=affect.valence or valence,
        arousal=affect.arousal or arousal,
        dominance=affect.dominance or dominance,
    )


def dimensions(categories: Distribution) -> tuple[Dimension, Dimension, Dimension]:
    """Return valence, arousal and dominance of a distribution: the moments of the mixture of its labels.

    The spread holds how far people differ on one label, how far the labels differ from each other, and how far several
    terms that stand for one label disagree.

    Raises:
        UnknownNameError: The taxonomy has no published values.
    """
    if _leaves(categories.taxonomy):
        categories = project_distribution(categories, TAXONOMIES[HUB])
    _check(categories.taxonomy)
    shares = normalise(categories)
    means, variances = plane.moments(categories.taxonomy.name)
    mean = shares @ means
    variance = shares @ (variances + (means - mean) ** 2)
    valence, arousal, dominance = (Dimension(float(m), float(v) ** 0.5) for m, v in zip(mean, variance, strict=True))
    return valence, arousal, dominance


def normalise(categories: Distribution) -> Float[np.ndarray, "labels"]:
    """Return shares that add up to one; independent probabilities are divided by their sum."""
    total = categories.probs.sum()
    if total <= 0:
        return np.full(len(categories.taxonomy), 1 / len(categories.taxonomy))
    shares: Float[np.ndarray, "labels"] = categories.probs / total
    return shares


@lru_cache(maxsize=128)
def projection(source: Taxonomy, onto: Taxonomy) -> Projection:
    """Return the map between two taxonomies, with its references.

    Raises:
        UnknownNameError: No map leads from the one to the other.
    """
    if source == onto:
        return Projection(source, onto, np.eye(len(source)), ("identity",))
    if _leaves(source):
        return _from_scale(source, onto)
    _check(source)
    _check(onto)
    if QUADRANTS4 in (source, onto):
        matrix = plane.quadrant_rows(onto.name).T if source == QUADRANTS4 else plane.quadrant_rows(source.name)
        matrix = matrix / matrix.sum(axis=1, keepdims=True)
        return Projection(source, onto, matrix, (QUADRANTS, plane.REFERENCE))
    direct = (source.name, onto.name)
    steps = [direct] if direct in MAPS else [(source.name, HUB), (HUB, onto.name)]
    shares = np.linalg.multi_dot([np.eye(len(source)), *(_shares(*step) for step in steps)])
    return Projection(source, onto, _spread(shares, onto), tuple(MAPS[step].reference for step in steps))


def _from_scale(source: Taxonomy, onto: Taxonomy) -> Projection:
    """Return the map from the labels of a single corpus: to the hub as published, and on from there."""
    onward = projection(TAXONOMIES[HUB], onto)
    matrix = _spread(_shares(source.name, HUB) @ onward.matrix, onto)
    later = () if onto.name == HUB else onward.references
    return Projection(source, onto, matrix, (MAPS[source.name, HUB].reference, *later))


def _shares(source: str, onto: str) -> Float[np.ndarray, "source onto"]:
    """Return the published shares; what is missing to one in a row is not known."""
    known = {**TAXONOMIES, **SCALES}
    rows, before, after = MAPS[source, onto].rows, known[source], known[onto]
    shares = np.zeros((len(before), len(after)))
    for label, row in rows.items():
        for target, share in row.items():
            shares[before.index(label), after.index(target)] = share
    return shares


def _spread(shares: Float[np.ndarray, "source onto"], onto: Taxonomy) -> Float[np.ndarray, "source onto"]:
    """Spread what is not known evenly over the first tier of the target."""
    first = np.array([label not in onto.parents for label in onto.labels], dtype=np.float64)
    missing = 1 - shares.sum(axis=1, keepdims=True)
    spread: Float[np.ndarray, "source onto"] = shares + missing * first / first.sum()
    return spread


def _is_rated(affect: Affect) -> bool:
    return any(part is not None for part in (affect.valence, affect.arousal, affect.dominance))


def _from_dimensions(affect: Affect, onto: Taxonomy) -> Distribution:
    """Return how likely each label is, given the dimensions and labels that are equally likely beforehand."""
    _check(onto)
    known = (affect.valence, affect.arousal, affect.dominance)
    if all(part is None for part in known):
        raise OptionError("an affect of open labels only cannot be projected; give categories or a dimension")
    parts = [part or Dimension(0.0, plane.UNKNOWN_STD) for part in known]
    mean, std = np.array([part.mean for part in parts]), np.array([part.std for part in parts])
    if onto == QUADRANTS4:
        return Distribution(onto, plane.quadrants(mean, std**2))
    if onto.parents:
        return project_distribution(_from_dimensions(affect, TAXONOMIES[HUB]), onto)
    seen = np.array([part is not None for part in known])
    return Distribution(onto, plane.posterior(onto.name, mean[seen], std[seen] ** 2, seen))


def _simplex(probs: Float[np.ndarray, "labels"]) -> Float[np.ndarray, "labels"]:
    clean: Float[np.ndarray, "labels"] = np.clip(probs / probs.sum(), 0, 1)
    return clean


def _check(taxonomy: Taxonomy) -> None:
    if TAXONOMIES.get(taxonomy.name) != taxonomy:
        raise UnknownNameError("map of taxonomy", taxonomy.name, TAXONOMIES)
