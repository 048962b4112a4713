"""How much the mouth moves between two aligned crops, beyond what the whole head moves."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, UInt8

__all__ = ["mouth_motion"]

MOUTH = (slice(31, 45), slice(13, 35))
"""Rows and columns of the mouth in an aligned crop."""

UPPER = (slice(10, 29), slice(8, 40))
"""Rows and columns of eyes, nose and cheeks, which speech moves little."""

REACH = 2
"""Largest leftover shift between two crops that is undone, in pixels."""

FLOOR = 8.0
"""Smallest contrast that differences are held against, in grey steps; below it there is only noise."""


def mouth_motion(before: UInt8[np.ndarray, "48 48"], after: UInt8[np.ndarray, "48 48"]) -> float:
    """Return the mean change of the mouth less that of the upper face, as a part of the face's contrast.

    The crops are first shifted by whole pixels so that their upper faces agree best: a box that jumps or a nod is no
    speech. 0 is a still mouth; speech gives about 0.1 to 0.5; a head that turns can give a negative value.
    """
    old, new = before.astype(np.float32), after.astype(np.float32)
    old, new = old - old[UPPER].mean(), new - new[UPPER].mean()
    shifts = [(down, across) for down in range(-REACH, REACH + 1) for across in range(-REACH, REACH + 1)]
    upper = [_change(old, new, UPPER, shift) for shift in shifts]
    best = int(np.argmin(upper))
    contrast = max(float(old[UPPER].std()), FLOOR)
    return (_change(old, new, MOUTH, shifts[best]) - upper[best]) / contrast


def _change(
    old: Float[np.ndarray, "48 48"],
    new: Float[np.ndarray, "48 48"],
    part: tuple[slice, slice],
    shift: tuple[int, int],
) -> float:
    rows, columns = part
    moved = new[rows.start + shift[0] : rows.stop + shift[0], columns.start + shift[1] : columns.stop + shift[1]]
    return float(np.abs(old[part] - moved).mean())
