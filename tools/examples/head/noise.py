"""Smooth random textures with a seed."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

Array = NDArray[np.float32]
SIZE = 512


@cache
def texture(seed: int, across: float, along: float) -> Array:
    """Return a tileable texture of mean 0 and spread 1, blurred by the given pixels down and across."""
    white = np.random.default_rng(seed).normal(size=(SIZE, SIZE))
    smooth = gaussian_filter(white, (across, along), mode="wrap")
    smooth -= smooth.mean()
    return np.asarray(smooth / smooth.std(), np.float32)


def sample(image: Array, row: Array, column: Array) -> Array:
    """Read a tileable texture between its pixels; one unit is the whole texture."""
    places = np.stack([row * SIZE, column * SIZE])
    return np.asarray(map_coordinates(image, places, order=1, mode="grid-wrap"), np.float32)
