"""Beliefs about one stretch of one person, brought to common terms and averaged.

Categories are averaged linearly, valence, arousal and dominance by precision. Both are averages, not products: a belief
that is fused with itself stays as it is, because nothing says that two readings of one person err independently. A
belief weighs as much as it stands above chance, so one that knows nothing changes nothing.

References:
    M. Stone (1961). The opinion pool. Annals of Mathematical Statistics 32(4), 1339-1342.
    R. T. Clemen and R. L. Winkler (1999). Combining probability distributions from experts in risk analysis. Risk
    Analysis 19(2), 187-203.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from mien.types.affect import Affect, Dimension, Distribution, Evidence
from mien.types.norms import UNKNOWN_STD
from mien.types.project import (
    normalise,
    project,
    project_distribution,
    project_vad,
    projection,
    without_own_labels,
)
from mien.types.taxonomy import Taxonomy

__all__ = ["Belief", "believe", "pool"]

LEAST_STD = 0.05
"""No reading is taken to be surer than this: a spread of zero would silence every other."""


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What one reading says, in common terms.

    Args:
        probs: Shape ``(labels,)``, over the common taxonomy; adds up to one.
        confidence: Probability that its top category is right.
        means: Valence, arousal and dominance.
        variances: Their variances.
        reach: Shape ``(3,)`` in [0, 1]: 1 where a dimension was measured, less where it follows from categories.
        trust: How far others should rely on it, 0 or more.
        labels: Open labels.
        evidence: The reasons that the reading itself gave.
    """

    probs: Float[np.ndarray, "labels"]
    confidence: float
    means: Float[np.ndarray, "3"]
    variances: Float[np.ndarray, "3"]
    reach: Float[np.ndarray, "3"]
    trust: float = 1.0
    labels: frozenset[str] = frozenset()
    evidence: frozenset[Evidence] = frozenset()

    @property
    def sureness(self) -> float:
        """How far it stands above chance, in [0, 1]: the lesser of confidence and top share, corrected for chance."""
        return _above_chance(self.probs, self.confidence)

    @property
    def precisions(self) -> Float[np.ndarray, "3"]:
        """How much narrower than not knowing each dimension is, 0 or more."""
        gained = 1 / np.maximum(self.variances, LEAST_STD**2) - 1 / UNKNOWN_STD**2
        counted: Float[np.ndarray, "3"] = np.maximum(gained, 0.0) * self.reach
        return counted

    @property
    def key(self) -> tuple[float, ...]:
        """Sorts beliefs, so that sums come out the same in whatever order they are given."""
        return (
            *self.probs.tolist(),
            self.confidence,
            *self.means.tolist(),
            *self.variances.tolist(),
            *self.reach.tolist(),
            self.trust,
        )

    def affect(self, taxonomy: Taxonomy, *evidence: Evidence) -> Affect:
        """Return the belief as an affect."""
        parts = [
            Dimension(float(np.clip(mean, -1, 1)), float(variance) ** 0.5)
            for mean, variance in zip(self.means, self.variances, strict=True)
        ]
        return Affect(
            categories=Distribution(taxonomy, self.probs),
            valence=parts[0],
            arousal=parts[1],
            dominance=parts[2],
            labels=tuple(sorted(self.labels)),
            evidence=evidence,
            confidence=float(np.clip(self.confidence, 0, 1)),
        )


def believe(affect: Affect, taxonomy: Taxonomy) -> Belief | None:
    """Return what an affect says in common terms, or None where it has open labels only.

    What it does not know of valence, arousal and dominance follows from its categories, and the other way round. The
    labels of a model's own, from which no map leads, are kept as open ones.

    Raises:
        UnknownNameError: No map leads to the common taxonomy.
    """
    affect = without_own_labels(affect)
    if affect.categories is None and not (affect.valence or affect.arousal or affect.dominance):
        return None
    categories = affect.categories or project(affect, taxonomy).categories
    if categories is None:
        return None
    filled = project_vad(affect)
    parts = [part or Dimension(0.0, UNKNOWN_STD) for part in (filled.valence, filled.arousal, filled.dominance)]
    probs = normalise(project_distribution(categories, taxonomy))
    confidence = _carried_over(affect.confidence, categories, probs, taxonomy)
    measured = np.array([part is not None for part in (affect.valence, affect.arousal, affect.dominance)])
    return Belief(
        probs=probs,
        confidence=confidence,
        means=np.array([part.mean for part in parts]),
        variances=np.array([part.std**2 for part in parts]),
        reach=np.where(measured, float(confidence > 0), _above_chance(probs, confidence)),
        labels=frozenset(affect.labels),
        evidence=frozenset(affect.evidence),
    )


def pool(beliefs: Sequence[Belief]) -> Belief:
    """Return the average of at least one belief; the order of the beliefs does not matter.

    Its spread holds the spread of each belief and how far they lie apart.
    """
    if len(beliefs) == 1:  # the average of one; a stream of one voice has nothing else
        return replace(beliefs[0], probs=beliefs[0].probs / beliefs[0].probs.sum(), trust=1.0)
    ordered = sorted(beliefs, key=lambda belief: belief.key)
    trusts = np.array([belief.trust for belief in ordered])
    shares = _shares(trusts * [belief.sureness for belief in ordered], trusts)
    probs = shares @ np.array([belief.probs for belief in ordered])
    means, variances = _moments(ordered)
    return Belief(
        probs=probs / probs.sum(),
        confidence=_confidence(ordered, shares, int(np.argmax(probs))),
        means=means,
        variances=variances,
        reach=shares @ np.array([belief.reach for belief in ordered]),
        labels=frozenset().union(*(belief.labels for belief in ordered)),
        evidence=frozenset().union(*(belief.evidence for belief in ordered)),
    )


def _carried_over(
    confidence: float | None, categories: Distribution, probs: Float[np.ndarray, "labels"], taxonomy: Taxonomy
) -> float:
    """Return how sure the top label is in common terms, given how sure it was in the reading's own.

    The reading's first label takes its calibrated confidence, the others share the rest as before; what of that falls
    to the common first label is the answer. Several labels may mean the same there, so it is often more. Without any
    confidence there is none.
    """
    if not confidence:
        return float(probs.max()) if confidence is None else 0.0
    own = normalise(categories)
    first = int(np.argmax(own))
    others = own if own[first] < 1 else np.ones(len(own))
    trusted = (1 - confidence) * others / max(others.sum() - others[first], 1e-12)
    trusted[first] = confidence
    column = projection(categories.taxonomy, taxonomy).matrix[:, int(np.argmax(probs))]
    return float(trusted @ column)


def _confidence(beliefs: Sequence[Belief], shares: Float[np.ndarray, "beliefs"], top: int) -> float:
    """Return how sure the beliefs are of one label: in full where it is their own first, else what they leave it."""
    sure = [b.confidence if int(np.argmax(b.probs)) == top else min(float(b.probs[top]), b.confidence) for b in beliefs]
    return float(shares @ np.array(sure))


def _moments(beliefs: Sequence[Belief]) -> tuple[Float[np.ndarray, "3"], Float[np.ndarray, "3"]]:
    """Return the mean of each dimension by precision, and the variance of the mixture."""
    trusts = np.array([belief.trust for belief in beliefs])
    precisions = np.array([belief.precisions for belief in beliefs])
    weights = np.stack([_shares(trusts * column, trusts) for column in precisions.T], axis=1)
    values = np.array([belief.means for belief in beliefs])
    means = (weights * values).sum(axis=0)
    within = (weights * np.array([belief.variances for belief in beliefs])).sum(axis=0)
    return means, within + (weights * (values - means) ** 2).sum(axis=0)


def _shares(
    weights: Float[np.ndarray, "beliefs"], trusts: Float[np.ndarray, "beliefs"]
) -> Float[np.ndarray, "beliefs"]:
    """Return weights that add up to one; where all know nothing, each counts by its trust alone."""
    given = next((choice for choice in (weights, trusts) if choice.sum() > 0), np.ones(len(weights)))
    shares: Float[np.ndarray, "beliefs"] = given / given.sum()
    return shares


def _above_chance(probs: Float[np.ndarray, "labels"], confidence: float) -> float:
    chance = 1 / len(probs)
    return max(0.0, (min(confidence, float(probs.max())) - chance) / (1 - chance))
