"""What cards of every modality say of their heads alike: labels, calibration, ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from mien.types import Dimension, Taxonomy
from mien.types.scales import SCALES
from mien.types.taxonomies import taxonomy as named

__all__ = ["DIMENSIONS", "confidence_of", "dimensions_of", "probabilities", "sureness", "taxonomy_of"]

DIMENSIONS = ("valence", "arousal", "dominance")


def taxonomy_of(name: str, options: Mapping[str, Any]) -> Taxonomy:
    """Return the labels that a card names.

    Labels of a model's own stand in the card's options, as ``labels`` and ``exclusive``; those of a published taxonomy
    go by its name.

    Raises:
        UnknownNameError: The options hold no labels, and there is no such taxonomy.
    """
    if "labels" not in options:
        return SCALES[name] if name in SCALES else named(name)
    return Taxonomy(name, tuple(options["labels"]), bool(options.get("exclusive", True)), "labels of the model's owner")


def probabilities(
    logits: Float[np.ndarray, "n labels"], temperature: float, *, exclusive: bool
) -> Float[np.ndarray, "n labels"]:
    """Return calibrated probabilities: shares of one where labels exclude each other."""
    scaled = logits / temperature
    if not exclusive:
        return 1 / (1 + np.exp(-scaled))
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: Float[np.ndarray, "n labels"] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def confidence_of(options: Mapping[str, Any]) -> tuple[float, float]:
    """Return slope and offset from the log odds of the top label to the log odds of its being right."""
    return float(options.get("confidence_slope", 1.0)), float(options.get("confidence_offset", 0.0))


def sureness(top: float, confidence: tuple[float, float]) -> float:
    """Return the probability that a top label of that probability is right, as fitted on validation data."""
    slope, offset = confidence
    clipped = min(max(top, 1e-6), 1 - 1e-6)
    logit = np.log(clipped / (1 - clipped))
    return float(1 / (1 + np.exp(-(slope * logit + offset))))


def dimensions_of(
    names: Sequence[str], means: Float[np.ndarray, "dimensions"], stds: Float[np.ndarray, "dimensions"]
) -> dict[str, Dimension]:
    """Return the dimensions of one reading by name."""
    return {name: Dimension(float(mean), float(std)) for name, mean, std in zip(names, means, stds, strict=True)}
