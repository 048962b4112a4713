"""The best one-to-one pairing of two sets.

References:
    H. W. Kuhn (1955). The Hungarian method for the assignment problem. Naval Research Logistics Quarterly 2, 83-97.
    R. Jonker and A. Volgenant (1987). A shortest augmenting path algorithm for dense and sparse linear assignment
    problems. Computing 38, 325-340.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

__all__ = ["assign"]


def assign(gain: Float[np.ndarray, "rows columns"]) -> list[tuple[int, int]]:
    """Return the pairs of row and column, each used once, whose gains add up to the most.

    Example:
        >>> assign(np.array([[1.0, 5.0], [4.0, 5.0]]))
        [(0, 1), (1, 0)]
    """
    if gain.size == 0:
        return []
    if gain.shape[0] > gain.shape[1]:
        return sorted((row, column) for column, row in assign(gain.T))
    cost = gain.max() - gain
    n_rows, n_columns = cost.shape
    row_price, column_price = np.zeros(n_rows + 1), np.zeros(n_columns + 1)
    owner = np.zeros(n_columns + 1, dtype=np.int64)  # place 0 stands for "none" in rows and columns
    for row in range(1, n_rows + 1):
        _augment(cost, row, owner, row_price, column_price)
    return sorted((int(owner[column]) - 1, column - 1) for column in range(1, n_columns + 1) if owner[column])


def _augment(
    cost: Float[np.ndarray, "rows columns"],
    row: int,
    owner: np.ndarray,
    row_price: np.ndarray,
    column_price: np.ndarray,
) -> None:
    """Give one more row a column, moving others along the cheapest path."""
    n_columns = cost.shape[1]
    nearest, came_from = np.full(n_columns + 1, np.inf), np.zeros(n_columns + 1, dtype=np.int64)
    used = np.zeros(n_columns + 1, dtype=bool)
    owner[0], column = row, 0
    while owner[column]:
        used[column] = True
        here = owner[column]
        reduced = cost[here - 1] - row_price[here] - column_price[1:]
        better = ~used[1:] & (reduced < nearest[1:])
        nearest[1:][better], came_from[1:][better] = reduced[better], column
        candidates = np.where(used[1:], np.inf, nearest[1:])
        following = int(candidates.argmin()) + 1
        step = candidates[following - 1]
        row_price[owner[used]] += step
        column_price[used] -= step
        nearest[1:][~used[1:]] -= step
        column = following
    while column:
        owner[column] = owner[came_from[column]]
        column = int(came_from[column])
