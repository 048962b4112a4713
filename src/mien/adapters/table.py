"""What scikit-learn passes as ``X``, as items: lists, arrays, series, and tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mien.errors import OptionError

__all__ = ["is_numbers", "items_of"]

SAMPLED = (list, tuple)


def items_of(X: Any) -> list[Any]:  # noqa: N803 (scikit-learn's name)
    """Return the items of an ``X`` with one item an entry or row, a missing one as ``None``.

    Raises:
        OptionError: It is one item instead of many, empty, sparse, of numbers, or has several columns.

    Example:
        >>> items_of(np.array([["Hello!"], ["Bye."]]))
        ['Hello!', 'Bye.']
    """
    if hasattr(X, "toarray"):
        raise OptionError(f"sparse data ({type(X).__name__}) was given; allowed: a list, array, series or table")
    if isinstance(X, str | bytes | Path | Mapping):
        raise OptionError(f"one {type(X).__name__} was given to a transformer; allowed: a list or array of items")
    shape: tuple[int, ...] = getattr(X, "shape", ())
    if len(shape) == 2 and shape[1] != 1:
        raise OptionError(f"a table of {shape[1]} columns was given; allowed: one column, or a list of items")
    kind = getattr(getattr(X, "dtype", None), "kind", "O")
    if kind in "biufc" and len(shape) < 3:
        raise OptionError(f"numbers ({X.dtype}) were given; allowed: texts, paths or arrays, one an item")
    items = np.asarray(X)[:, 0].tolist() if len(shape) == 2 else list(X)
    if not items:
        raise OptionError("0 items were given; at least one is needed")
    return [None if _is_missing(item) else item for item in items]


def is_numbers(X: Any) -> bool:  # noqa: N803
    """Whether an ``X`` is a table of numbers, a recording a row, and not a column of paths or a list of recordings."""
    if isinstance(X, SAMPLED):
        return bool(X) and isinstance(X[0], SAMPLED)
    if hasattr(X, "toarray"):
        return True
    table = np.asarray(X)
    return table.dtype.kind in "biufc" or (table.ndim == 2 and table.shape[1] != 1)


def _is_missing(item: Any) -> bool:
    """Whether it is None, NaN or one of pandas' own marks of a missing value."""
    return item is None or (isinstance(item, float) and np.isnan(item)) or type(item).__name__ in ("NAType", "NaTType")
