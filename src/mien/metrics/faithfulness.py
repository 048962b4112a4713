"""Whether the parts that are named as reasons are those that an answer hangs on.

The parts of an item are ordered by how much they are said to matter. The strongest are taken away, or kept alone, and
the probability of the answer is looked at again. Both scores are means over the shares of parts that count as the
strongest, which stand for the area over the curve.

References:
    J. DeYoung et al. (2020). ERASER: A benchmark to evaluate rationalized NLP models. ACL, 4443-4458.
    W. Samek et al. (2017). Evaluating the visualization of what a deep neural network has learned. IEEE Transactions
    on Neural Networks and Learning Systems 28(11), 2660-2673 (area over the perturbation curve).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mien.errors import OptionError

__all__ = ["SHARES", "comprehensiveness", "strongest", "sufficiency"]

SHARES = (0.05, 0.1, 0.2, 0.5)
"""Shares of the parts that count as the strongest, in turn."""


def strongest(n_parts: int, shares: Sequence[float] = SHARES) -> tuple[int, ...]:
    """Return how many parts each share is, rounded up, so that it is one at least.

    Raises:
        OptionError: There are no parts, or a share is not in (0, 1].

    Example:
        >>> strongest(13)
        (1, 2, 3, 7)
    """
    if n_parts < 1:
        raise OptionError(f"{n_parts} parts were given; allowed: 1 or more")
    if not shares or not all(0 < share <= 1 for share in shares):
        raise OptionError(f"the shares {list(shares)} were given; allowed: one or more above 0 and at most 1")
    # A share of 0.1 of 30 parts is a little more than 3 in binary.
    return tuple(math.ceil(round(share * n_parts, 9)) for share in shares)


def comprehensiveness(whole: ArrayLike, without: ArrayLike) -> float:
    """Return how far the probability falls when the strongest parts are gone, in [-1, 1]; more is better.

    Args:
        whole: Probability of the answer to each whole item, shape ``(items,)``.
        without: Probability of the same answer without the strongest parts, shape ``(items, shares)``.

    Raises:
        OptionError: The shapes do not belong together, or a value is no probability.

    Example:
        >>> round(comprehensiveness([0.9], [[0.5, 0.1]]), 3)
        0.6
    """
    return _fall(whole, without)


def sufficiency(whole: ArrayLike, kept: ArrayLike) -> float:
    """Return how far the probability falls when only the strongest parts are left, in [-1, 1]; less is better.

    Args:
        whole: Probability of the answer to each whole item, shape ``(items,)``.
        kept: Probability of the same answer to the strongest parts alone, shape ``(items, shares)``.

    Raises:
        OptionError: The shapes do not belong together, or a value is no probability.

    Example:
        >>> round(sufficiency([0.9], [[0.5, 0.9]]), 3)
        0.2
    """
    return _fall(whole, kept)


def _fall(whole: ArrayLike, reduced: ArrayLike) -> float:
    before, after = np.asarray(whole, dtype=np.float64), np.asarray(reduced, dtype=np.float64)
    if before.ndim != 1 or after.ndim != 2 or len(before) != len(after) or not after.size:
        raise OptionError(
            f"whole has the shape {before.shape} and the rest {after.shape}; allowed: (n,) and (n, shares)"
        )
    for values in (before, after):
        if not ((values >= 0) & (values <= 1)).all():
            raise OptionError("a value outside [0, 1] was given; allowed: probabilities")
    return float((before[:, None] - after).mean())
