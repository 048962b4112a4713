"""Agreement of numbers, such as valence, with the truth.

References:
    L. I. Lin (1989). A concordance correlation coefficient to evaluate reproducibility. Biometrics 45(1), 255-268.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mien.metrics.validation import values

__all__ = ["ccc", "mae", "pearson", "rmse"]


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
