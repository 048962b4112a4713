"""Agreement of numbers, such as valence, with the truth.

References:
    L. I. Lin (1989). A concordance correlation coefficient to evaluate reproducibility. Biometrics 45(1), 255-268.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mien.metrics.validation import pair, values

__all__ = ["ccc", "mae", "mean_ccc", "mean_pearson", "pearson", "rmse"]


def pearson(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the correlation, in [-1, 1]; 0 where one side does not vary.

    Example:
        >>> pearson([0, 1, 2], [1, 3, 5])
        1.0
    """
    left, right = values(truth, estimate)
    left, right = left - left.mean(), right - right.mean()
    scale = np.sqrt((left @ left) * (right @ right))
    return float(np.clip(left @ right / scale, -1, 1)) if scale > 0 else 0.0


def mean_pearson(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the mean of the correlations of the columns of two tables, in [-1, 1].

    Args:
        truth: One row an item and one column a quantity, shape ``(items, quantities)``.
        estimate: Of the same shape.

    Raises:
        OptionError: The shapes differ, there is nothing in them, or a value is not finite.

    Example:
        >>> mean_pearson([[0, 0], [1, 1]], [[0, 1], [1, 0]])
        0.0
    """
    left, right = pair(truth, estimate, axes=2)
    return float(np.mean([pearson(*columns) for columns in zip(left.T, right.T, strict=True)]))


def ccc(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the concordance correlation, in [-1, 1]: correlation less any shift or change of scale.

    Two constant sides agree (1) where they are equal, else not at all (0).

    Example:
        >>> ccc([0, 1, 2], [0, 1, 2])
        1.0
    """
    left, right = values(truth, estimate)
    shift = left.mean() - right.mean()
    scale = left.var() + right.var() + shift**2
    if scale == 0:
        return 1.0
    return float(2 * np.mean((left - left.mean()) * (right - right.mean())) / scale)


def mean_ccc(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the mean of the concordance correlations of the columns of two tables, in [-1, 1].

    Args:
        truth: One row an item and one column a quantity, shape ``(items, quantities)``.
        estimate: Of the same shape.

    Raises:
        OptionError: The shapes differ, there is nothing in them, or a value is not finite.

    Example:
        >>> mean_ccc([[0, 0], [1, 1]], [[0, 1], [1, 0]])
        0.0
    """
    left, right = pair(truth, estimate, axes=2)
    return float(np.mean([ccc(*columns) for columns in zip(left.T, right.T, strict=True)]))


def mae(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the mean absolute error, 0 or more.

    Example:
        >>> mae([0, 1], [1, 1])
        0.5
    """
    left, right = values(truth, estimate)
    return float(np.abs(left - right).mean())


def rmse(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the root of the mean squared error, 0 or more.

    Example:
        >>> rmse([0, 0], [1, 1])
        1.0
    """
    left, right = values(truth, estimate)
    return float(np.sqrt(np.mean((left - right) ** 2)))
