"""Affects as rows of numbers with names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from mien.adapters.inputs import RATE, piece_of
from mien.adapters.naming import modality_of
from mien.perceive import Perceiver
from mien.types import Affect, Taxonomy
from mien.types.project import project, project_vad

__all__ = ["DIMENSIONS", "feature_names", "vectors"]

DIMENSIONS = ("valence", "arousal", "dominance")


def feature_names(taxonomy: Taxonomy, *, dimensions: bool = True) -> list[str]:
    """Return the names of the numbers, as the columns of an analysis are named.

    Example:
        >>> from mien.types.taxonomies import SENTIMENT3
        >>> feature_names(SENTIMENT3)[1:4]
        ['sentiment3.neutral', 'sentiment3.positive', 'valence_mean']
    """
    return [f"{taxonomy.name}.{label}" for label in taxonomy.labels] + [f"{name}_mean" for name in DIMENSIONS][
        : 3 * dimensions
    ]


def vectors(
    perceiver: Perceiver[Any],
    items: Sequence[Any],
    taxonomy: Taxonomy,
    *,
    dimensions: bool = True,
    rate: int = RATE,
    batch_size: int = 32,
) -> Float[np.ndarray, "items features"]:
    """Return one row per item; NaN where there is nothing to perceive, or the item is ``None``.

    Args:
        perceiver: What reads the items.
        items: What `mien.adapters.inputs.piece_of` takes, or ``None``.
        taxonomy: The labels of the probabilities.
        dimensions: Whether the means of valence, arousal and dominance follow.
        rate: Rate of bare arrays of sound, in Hz.
        batch_size: Items that are read together.

    Raises:
        InputError: An item cannot be read.
        OptionError: An item is of another kind than the perceiver reads.
        UnknownNameError: No map leads to the taxonomy.
    """
    rows = np.full((len(items), len(feature_names(taxonomy, dimensions=dimensions))), np.nan)
    there = [place for place, item in enumerate(items) if item is not None]
    for start in range(0, len(there), batch_size):
        places = there[start : start + batch_size]
        pieces = [piece_of(modality_of(perceiver), items[place], rate=rate) for place in places]
        for place, affect in zip(places, perceiver.read(pieces), strict=True):
            if affect is not None:
                rows[place] = _row(affect, taxonomy)[: rows.shape[1]]
    return rows


def _row(affect: Affect, taxonomy: Taxonomy) -> list[float]:
    categories = project(affect, taxonomy).categories
    probs = [] if categories is None else categories.probs.tolist()
    filled = project_vad(affect)
    parts = (filled.valence, filled.arousal, filled.dominance)
    return [*probs, *(np.nan if part is None else part.mean for part in parts)]
