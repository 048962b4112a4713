"""Labels in the space of valence, arousal and dominance, and the quadrants of its first two dimensions."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float

from mien.types import norms
from mien.types.maps import SENTIMENT_GROUPS
from mien.types.norms import REFERENCE, UNKNOWN_STD
from mien.types.taxonomies import QUADRANTS4, SENTIMENT3, TAXONOMIES

__all__ = ["REFERENCE", "UNKNOWN_STD", "mixture", "moments", "posterior", "quadrant_rows", "quadrants"]

Moments = tuple[Float[np.ndarray, "labels 3"], Float[np.ndarray, "labels 3"]]


@lru_cache(maxsize=32)
def moments(name: str) -> Moments:
    """Return mean and variance of each label of a taxonomy in valence, arousal and dominance."""
    if name == QUADRANTS4.name:
        return _quadrant_moments()
    pairs = [mixture(_terms(name, label)) for label in TAXONOMIES[name].labels]
    return np.stack([mean for mean, _ in pairs]), np.stack([variance for _, variance in pairs])


def mixture(terms: tuple[str, ...]) -> tuple[Float[np.ndarray, "3"], Float[np.ndarray, "3"]]:
    """Return mean and variance of what several terms of `mien.types.norms` stand for together."""
    points = np.array([norms.TERMS[term] for term in terms])
    return points.mean(axis=0), points.var(axis=0) + norms.WITHIN_STD**2


def posterior(
    name: str, mean: Float[np.ndarray, "seen"], variance: Float[np.ndarray, "seen"], seen: Bool[np.ndarray, "3"]
) -> Float[np.ndarray, "labels"]:
    """Return the probability of each label given some dimensions, by Bayes' rule with normal labels and an even prior.

    Args:
        name: The taxonomy.
        mean: What was measured, in [-1, 1].
        variance: How uncertain that is.
        seen: Which of valence, arousal and dominance were measured.
    """
    means, variances = moments(name)
    total = variances[:, seen] + variance
    score = -0.5 * np.sum((means[:, seen] - mean) ** 2 / total + np.log(total), axis=1)
    likelihood = np.exp(score - score.max())
    probs: Float[np.ndarray, "labels"] = likelihood / likelihood.sum()
    return probs


def quadrants(mean: Float[np.ndarray, "dims"], variance: Float[np.ndarray, "dims"]) -> Float[np.ndarray, "4"]:
    """Return the probability of each quadrant for a normal valence and arousal."""
    pleasant, excited = (_positive(float(m), float(v)) for m, v in zip(mean[:2], variance[:2], strict=True))
    unpleasant, calm = 1 - pleasant, 1 - excited
    return np.array([pleasant * excited, unpleasant * excited, unpleasant * calm, pleasant * calm])


@lru_cache(maxsize=32)
def quadrant_rows(name: str) -> Float[np.ndarray, "labels 4"]:
    """Return the probability of each quadrant for each label of a taxonomy."""
    means, variances = moments(name)
    return np.stack([quadrants(mean, variance) for mean, variance in zip(means, variances, strict=True)])


def _positive(mean: float, variance: float) -> float:
    if variance == 0:
        return 0.5 + 0.5 * float(np.sign(mean))
    return 0.5 * (1 + math.erf(mean / math.sqrt(2 * variance)))


def _terms(name: str, label: str) -> tuple[str, ...]:
    """Return the terms that stand for a label; a node of a tree takes those of its parent where it has none."""
    if name == SENTIMENT3.name:
        return tuple(term for member in SENTIMENT_GROUPS[label] for term in norms.GOEMOTIONS28_TERMS[member])
    table, parents = norms.LABEL_TERMS[name], TAXONOMIES[name].parents
    while label not in table:
        label = parents[label]
    return table[label]


def _quadrant_moments() -> Moments:
    """Return the moments of an even chance within each quadrant; dominance is not known."""
    means = 0.5 * np.array([(1, 1, 0), (-1, 1, 0), (-1, -1, 0), (1, -1, 0)], dtype=np.float64)
    return means, np.tile([1 / 12, 1 / 12, UNKNOWN_STD**2], (4, 1))
