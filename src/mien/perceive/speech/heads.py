"""What the heads of a speech model read and answer in, as its card says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from mien.calibrate.heard import HeardConfidence
from mien.perceive import heads
from mien.runtime import ModelInfo
from mien.types import Dimension, Taxonomy
from mien.types.project import is_mapped

__all__ = ["DERIVED", "Heads", "LabelHead", "heads_of"]

CATEGORIES, FEATURES, DERIVED = "affect", "traits", "derived"
"""Graph and features of a card that names none, and the table of its options for the head that ratings follow from."""
HEARD = "confidence_heard"
"""Table of a card's options: how sure an answer is by its top label and the seconds of voice behind it."""


@dataclass(frozen=True, slots=True)
class LabelHead:
    """A head for labels.

    Args:
        graph: Graph features to ``logits``.
        taxonomy: What the logits stand for.
        temperature: What they are divided by.
        confidence: Slope and offset from the log odds of the top label to the log odds of its being right.
        heard: The same by how much voice was heard, too; ``None`` where the card does not say.
    """

    graph: str
    taxonomy: Taxonomy
    temperature: float
    confidence: tuple[float, float]
    heard: HeardConfidence | None = None

    def probabilities(self, logits: Float[np.ndarray, "n labels"]) -> Float[np.ndarray, "n labels"]:
        """Return calibrated probabilities."""
        return heads.probabilities(logits, self.temperature, exclusive=self.taxonomy.exclusive)

    def sureness(self, top: float, seconds: float) -> float:
        """Return the probability that a top label of that probability is right, after so many seconds of voice."""
        if self.heard is None:
            return heads.sureness(top, self.confidence)
        return float(self.heard.confidence(top, seconds))


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of a speech model.

    Args:
        features: What all heads read, among `mien.perceive.speech.features.FEATURES`; the graphs take it by this name.
        labels: The head whose labels the model answers in.
        derived: The head whose labels valence, arousal and dominance follow from where they are not rated; ``None``
            where no published table leads from any of the model's labels to them.
        ratings: Graph features to ``mean`` and ``std``; empty where the model rates nothing.
        dimensions: What the means stand for, in their order.
    """

    features: str
    labels: LabelHead
    derived: LabelHead | None
    ratings: str
    dimensions: tuple[str, ...]

    @property
    def beside(self) -> LabelHead | None:
        """The head that ratings follow from, where it is another than the one for the labels."""
        return None if self.derived == self.labels else self.derived

    def dimensions_of(
        self, means: Float[np.ndarray, "dimensions"], stds: Float[np.ndarray, "dimensions"]
    ) -> dict[str, Dimension]:
        """Return the rated dimensions of one reading by name."""
        return heads.dimensions_of(self.dimensions, means, stds)


def heads_of(info: ModelInfo) -> Heads:
    """Return the heads that a card describes.

    Raises:
        UnknownNameError: The card names no labels, and a taxonomy that there is not.
        OptionError: The confidence by the voice heard is not whole.
    """
    options = info.options
    labels = _label_head(str(options.get("categories", CATEGORIES)), info.taxonomies[0], options)
    own = labels if is_mapped(labels.taxonomy) else None
    beside: Mapping[str, Any] | None = options.get(DERIVED)
    return Heads(
        features=str(options.get("features", FEATURES)),
        labels=labels,
        derived=own if beside is None else _label_head(str(beside["categories"]), str(beside["taxonomy"]), beside),
        ratings=str(options.get("ratings", "")),
        dimensions=tuple(options.get("dimensions", ())),
    )


def _label_head(graph: str, taxonomy: str, options: Mapping[str, Any]) -> LabelHead:
    heard = options.get(HEARD)
    return LabelHead(
        graph,
        heads.taxonomy_of(taxonomy, options),
        float(options.get("temperature", 1.0)),
        heads.confidence_of(options),
        None if heard is None else HeardConfidence.read(heard),
    )
