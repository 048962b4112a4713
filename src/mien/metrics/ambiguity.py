"""Agreement of a distribution over labels with the votes of several raters, and how divided each side is.

References:
    J. Lin (1991). Divergence measures based on the Shannon entropy. IEEE Transactions on Information Theory 37(1),
    145-151.
    S. Steidl, M. Levit, A. Batliner, E. Noeth and H. Niemann (2005). "Of all things the measure is man": automatic
    classification of emotions and inter-labeler consistency. ICASSP, 317-320 (entropy against the raters' own).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from mien.metrics.dimensional import pearson
from mien.metrics.validation import distributions

__all__ = ["entropy", "entropy_pearson", "jensen_shannon", "vote_agreement"]


def entropy(probs: ArrayLike) -> Float[np.ndarray, "items"]:
    """Return the entropy of each row in bits: 0 where one label holds all, the most where all hold the same.

    Raises:
        OptionError: A row is no distribution.

    Example:
        >>> entropy([[1.0, 0.0], [0.5, 0.5]]).tolist()
        [0.0, 1.0]
    """
    table, _ = distributions(probs, probs)
    spread: Float[np.ndarray, "items"] = -_weighed(table, table).sum(axis=1)
    return spread + 0.0


def entropy_pearson(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the correlation of the entropies of the rows of two tables, in [-1, 1].

    It is high where the estimate is divided on the items on which the raters are.

    Raises:
        OptionError: The shapes differ, or a row is no distribution.

    Example:
        >>> entropy_pearson([[1, 0], [0.5, 0.5]], [[0.9, 0.1], [0.5, 0.5]])
        1.0
    """
    left, right = distributions(truth, estimate)
    return pearson(entropy(left), entropy(right))


def jensen_shannon(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the mean Jensen-Shannon divergence of the rows in bits: 0 where they are equal, 1 where nothing is shared.

    Raises:
        OptionError: The shapes differ, or a row is no distribution.

    Example:
        >>> jensen_shannon([[1.0, 0.0]], [[0.0, 1.0]])
        1.0
    """
    left, right = distributions(truth, estimate)
    middle = (left + right) / 2
    apart = [_weighed(side, side) - _weighed(side, middle) for side in (left, right)]
    return float(np.clip((apart[0] + apart[1]).sum(axis=1) / 2, 0, 1).mean())


def vote_agreement(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return one minus the mean Jensen-Shannon divergence, in [0, 1]; 1 is perfect.

    Example:
        >>> vote_agreement([[0.5, 0.5]], [[0.5, 0.5]])
        1.0
    """
    return 1.0 - jensen_shannon(truth, estimate)


def _weighed(
    table: Float[np.ndarray, "items labels"], other: Float[np.ndarray, "items labels"]
) -> Float[np.ndarray, "items labels"]:
    """Return ``table * log2(other)``, which is 0 where the table is."""
    product: Float[np.ndarray, "items labels"] = table * np.log2(other, out=np.zeros_like(other), where=table > 0)
    return product
