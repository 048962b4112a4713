"""Checks that every fit shares."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from mien.errors import OptionError

__all__ = ["series", "true_probs"]


def series(*columns: ArrayLike) -> list[Float[np.ndarray, "items"]]:
    """Return columns of finite numbers, one value an item.

    Raises:
        OptionError: They are empty, differ in shape, or hold a value that is not finite.
    """
    given = [np.asarray(column, dtype=np.float64) for column in columns]
    if any(column.ndim != 1 or column.shape != given[0].shape for column in given) or not given[0].size:
        shapes = ", ".join(str(column.shape) for column in given)
        raise OptionError(f"a fit was given the shapes {shapes}; allowed: one value an item, at least one item")
    if not all(np.isfinite(column).all() for column in given):
        raise OptionError("a fit needs finite values; a NaN or an infinite one was given")
    return given


def true_probs(probs: ArrayLike, truth: ArrayLike) -> Float[np.ndarray, "items"]:
    """Return the probability that each item gives to its true label.

    Raises:
        OptionError: The shapes do not fit, or a true place has no column.
    """
    table, places = np.asarray(probs, dtype=np.float64), np.asarray(truth)
    if table.ndim != 2 or places.shape != table.shape[:1] or not len(places):
        raise OptionError(f"probs have the shape {table.shape} and truth {places.shape}; allowed: (n, labels) and (n,)")
    if not np.issubdtype(places.dtype, np.integer) or places.min() < 0 or places.max() >= table.shape[1]:
        raise OptionError(f"truth must hold whole numbers from 0 to {table.shape[1] - 1}, the places of the labels")
    chosen: Float[np.ndarray, "items"] = table[np.arange(len(places)), places]
    return chosen
