"""Checks that every metric shares: shapes agree, something is there, and every value is finite."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import ArrayLike, NDArray

from mien.errors import OptionError

__all__ = ["codes", "distributions", "flags", "pair", "probabilities", "values"]


def pair(truth: ArrayLike, estimate: ArrayLike, axes: int = 1) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return both as arrays of one shape with that many axes.

    Raises:
        OptionError: They are empty, differ in shape, or have another number of axes.
    """
    left, right = np.asarray(truth), np.asarray(estimate)
    if left.shape != right.shape or left.ndim != axes:
        raise OptionError(
            f"truth has the shape {left.shape} and estimate {right.shape}; both must be {axes}-d and equal"
        )
    if left.size == 0:
        raise OptionError("truth and estimate are empty; a metric needs at least one item")
    return left, right


def codes(truth: ArrayLike, estimate: ArrayLike) -> tuple[Int[np.ndarray, "items"], Int[np.ndarray, "items"], int]:
    """Return labels of any kind as numbers from zero, and how many labels there are.

    Small whole numbers are taken as they are, which keeps resampling fast.
    """
    left, right = pair(truth, estimate)
    if all(np.issubdtype(side.dtype, np.integer) and side.min() >= 0 and side.max() < 256 for side in (left, right)):
        return left.astype(np.int64), right.astype(np.int64), int(max(left.max(), right.max())) + 1
    known, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    return places[: len(left)], places[len(left) :], len(known)


def flags(truth: ArrayLike, estimate: ArrayLike) -> tuple[Bool[np.ndarray, "items labels"], Bool[np.ndarray, "..."]]:
    """Return two tables of yes and no, one row an item.

    Raises:
        OptionError: A value is neither 0 nor 1.
    """
    left, right = pair(truth, estimate, axes=2)
    for side in (left, right):
        if side.dtype != np.bool_ and not np.isin(side, (0, 1)).all():
            raise OptionError(f"labels that may hold together must be 0 or 1; given values up to {side.max()}")
    return left.astype(bool), right.astype(bool)


def values(truth: ArrayLike, estimate: ArrayLike) -> tuple[Float[np.ndarray, "items"], Float[np.ndarray, "items"]]:
    """Return two series of finite numbers.

    Raises:
        OptionError: A value is not finite.
    """
    left, right = pair(truth, estimate)
    left, right = left.astype(np.float64), right.astype(np.float64)
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        raise OptionError("truth and estimate must be finite; a NaN or an infinite value was given")
    return left, right


def probabilities(
    truth: ArrayLike, probs: ArrayLike
) -> tuple[Int[np.ndarray, "items"], Float[np.ndarray, "items labels"]]:
    """Return true places and probabilities whose rows add up to one.

    Raises:
        OptionError: The shapes do not fit, a place has no column, or a row is no distribution.
    """
    places, table = np.asarray(truth), np.asarray(probs, dtype=np.float64)
    if table.ndim != 2 or places.shape != table.shape[:1] or not len(places):
        raise OptionError(f"truth has the shape {places.shape} and probs {table.shape}; allowed: (n,) and (n, labels)")
    if not np.issubdtype(places.dtype, np.integer) or places.min() < 0 or places.max() >= table.shape[1]:
        raise OptionError(f"truth must hold whole numbers from 0 to {table.shape[1] - 1}, the places of the labels")
    _check_rows(table, "probs")
    return places.astype(np.int64), table


def distributions(
    truth: ArrayLike, estimate: ArrayLike
) -> tuple[Float[np.ndarray, "items labels"], Float[np.ndarray, "items labels"]]:
    """Return two tables whose rows add up to one.

    Raises:
        OptionError: The shapes differ, there is nothing in them, or a row is no distribution.
    """
    left, right = pair(truth, estimate, axes=2)
    tables = left.astype(np.float64), right.astype(np.float64)
    for name, table in zip(("truth", "estimate"), tables, strict=True):
        _check_rows(table, name)
    return tables


def _check_rows(table: Float[np.ndarray, "items labels"], name: str) -> None:
    if not np.isfinite(table).all() or table.min() < -1e-9 or np.abs(table.sum(axis=1) - 1).max() > 1e-3:
        raise OptionError(f"each row of {name} must be finite, not negative, and add up to one")
