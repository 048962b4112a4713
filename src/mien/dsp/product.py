"""Matrix products that stay in the thread that asks for them."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

__all__ = ["product"]

ALONE = 262_144
"""Multiplications up to which OpenBLAS uses no thread pool; above, its threads wait for each other by spinning, which
takes a busy machine several times as long as the product itself."""


def product(
    rows: Float[ndarray, "rows inner"], table: Float[ndarray, "inner columns"]
) -> Float[ndarray, "rows columns"]:
    """Return ``rows @ table``, computed in stretches of rows.

    Example:
        >>> bool(np.allclose(product(np.ones((500, 80)), np.ones((80, 24))), 80.0))
        True
    """
    size = max(1, ALONE // max(1, table.size))
    if len(rows) <= size:
        return np.asarray(rows @ table)
    out = np.empty((len(rows), table.shape[1]), dtype=np.result_type(rows, table))
    for start in range(0, len(rows), size):
        np.matmul(rows[start : start + size], table, out=out[start : start + size])
    return out
