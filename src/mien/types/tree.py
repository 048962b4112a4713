"""Tiers of a tree of emotions, how far two of its emotions lie apart, and how deep a belief is sure.

Emotions are labels of a `Taxonomy` with parents, which in the tree of Parrott are the paths to its nodes; a taxonomy
without parents is a tree of one tier. The distance adds up the edges of the way from one emotion to the other through
the root that joins the first tier. The edge above a tier is twice as long as one below it, so that two emotions which
part at a higher tier always lie farther apart than two which part lower: fury is nearer to annoyance than to fear.

References:
    P. Buneman (1974). A note on the metric properties of trees. Journal of Combinatorial Theory B 17(1), 48-50 (sums of
    positive edges are a metric).
    J. Deng, J. Krause, A. C. Berg and L. Fei-Fei (2012). Hedging your bets: optimizing accuracy-specificity trade-offs
    in large scale visual recognition. CVPR, 3450-3457 (the deepest node that is sure enough).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from mien.errors import OptionError
from mien.types.affect import Distribution
from mien.types.taxonomies import PARROTT
from mien.types.taxonomy import Taxonomy

__all__ = ["distance", "masses", "path", "surest", "tier"]


def path(label: str, taxonomy: Taxonomy = PARROTT) -> tuple[str, ...]:
    """Return the labels on the way down to a label, from the first tier to itself.

    Raises:
        UnknownNameError: The taxonomy does not hold the label.

    Example:
        >>> path("joy/pride/triumph")
        ('joy', 'joy/pride', 'joy/pride/triumph')
    """
    taxonomy.index(label)
    way = [label]
    while way[-1] in taxonomy.parents:
        way.append(taxonomy.parents[way[-1]])
    return tuple(reversed(way))


def tier(label: str, taxonomy: Taxonomy = PARROTT) -> int:
    """Return the tier of a label, 1 for the primary emotions.

    Raises:
        UnknownNameError: The taxonomy does not hold the label.

    Example:
        >>> tier("anger"), tier("anger/rage"), tier("anger/rage/fury")
        (1, 2, 3)
    """
    return len(path(label, taxonomy))


def distance(first: str, second: str, taxonomy: Taxonomy = PARROTT) -> float:
    """Return how far two labels lie apart in [0, 1]: 0 for the same one, 1 for leaves of different branches.

    It is a metric: symmetric, 0 for the same label only, and no way round is shorter.

    Raises:
        UnknownNameError: The taxonomy does not hold a label.

    Example:
        >>> round(distance("anger/rage/fury", "anger/rage/wrath"), 3)
        0.143
        >>> round(distance("anger/rage/fury", "anger/irritation/annoyance"), 3)
        0.429
        >>> distance("anger/rage/fury", "fear/horror/panic")
        1.0
    """
    ways = path(first, taxonomy), path(second, taxonomy)
    shared = sum(left == right for left, right in zip(*ways, strict=False))
    deepest = _deepest(taxonomy)
    length = sum(_below(shared, deepest) - _below(len(way), deepest) for way in ways)
    return length / (2 * _below(0, deepest))


def masses(categories: Distribution) -> Float[np.ndarray, "labels"]:
    """Return the probability of each label or anything below it, in the order of the taxonomy."""
    taxonomy = categories.taxonomy
    total = np.array(categories.probs)
    for label, prob in zip(taxonomy.labels, categories.probs, strict=True):
        for above in path(label, taxonomy)[:-1]:
            total[taxonomy.index(above)] += prob
    within: Float[np.ndarray, "labels"] = np.minimum(total, 1)
    return within


def surest(categories: Distribution, *, at_least: float = 0.5) -> str | None:
    """Return the deepest label that is at least so probable together with all below it; of equals the likeliest.

    Args:
        categories: A belief over a tree.
        at_least: In (0, 1].

    Returns:
        The label, or None where not even one of the first tier is that probable.

    Raises:
        OptionError: `at_least` leaves (0, 1].

    Example:
        >>> probs = np.zeros(len(PARROTT))
        >>> probs[[PARROTT.index("joy/pride/pride"), PARROTT.index("joy/pride/triumph")]] = 0.4, 0.6
        >>> surest(Distribution(PARROTT, probs)), surest(Distribution(PARROTT, probs), at_least=0.9)
        ('joy/pride/triumph', 'joy/pride')
    """
    if not 0 < at_least <= 1:
        raise OptionError(f"at_least is {at_least}; allowed: above 0, and at most 1")
    taxonomy = categories.taxonomy
    sure = [
        (tier(label, taxonomy), mass, label)
        for label, mass in zip(taxonomy.labels, masses(categories), strict=True)
        if mass >= at_least - 1e-9
    ]
    return max(sure, key=lambda row: row[:2])[2] if sure else None


def _deepest(taxonomy: Taxonomy) -> int:
    return max(len(path(label, taxonomy)) for label in taxonomy.labels) if taxonomy.parents else 1


def _below(tier: int, deepest: int) -> int:
    """Return the length of the way from a tier to the deepest one: the edge above tier t has 2 ** (deepest - t)."""
    return (1 << (deepest - tier)) - 1
