"""What the heads of a text model answer in, as its card says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mien.errors import OptionError, UnknownNameError
from mien.perceive import heads
from mien.perceive.heads import DIMENSIONS
from mien.runtime import ModelInfo
from mien.types import Dimension, Taxonomy
from mien.types.affect import Kind
from mien.types.scales import SCALES

__all__ = ["DIMENSIONS", "Heads", "heads_of"]

CATEGORIES, RATINGS = "goemotions", "vad"
"""Graphs of the heads of a card that names none."""


@dataclass(frozen=True, slots=True)
class Degrees:
    """A head of degrees: graph ``sentence`` to ``degrees`` in [0, 1], one a label of its scale."""

    graph: str
    scale: Taxonomy


@dataclass(frozen=True, slots=True)
class Upper:
    """Blocks of a model's own, which begin where the trunk's have come to.

    Args:
        graph: Graph ``states`` and ``mask`` to ``sentence``.
        block: The number of trunk blocks below it: it reads the trunk's output ``states<block>``.
        pooled: Numbers of further outputs of the trunk, whose means over the tokens it puts into ``sentence``, too.
        heads: Graphs of the heads that read its ``sentence``; the others read the trunk's.
    """

    graph: str
    block: int
    pooled: tuple[int, ...]
    heads: tuple[str, ...]

    @property
    def inputs(self) -> dict[str, str]:
        """The trunk's outputs by the names under which the graph takes them."""
        return {"states": f"states{self.block}", **{f"states{number}": f"states{number}" for number in self.pooled}}


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """The heads of a text model; a model has one of them at least.

    Args:
        categories: Graph ``sentence`` to ``logits``; empty where the model knows no labels.
        taxonomy: What the logits stand for; without labels, the one that readings are projected onto.
        temperature: What logits are divided by.
        confidence: Slope and offset from the log odds of the top label to the log odds of its being right.
        thresholds: Probability from which each label counts as said; empty where one label always holds.
        language_thresholds: Such thresholds by the code of a language, for the languages that have their own.
        languages: Codes of the languages that the model tells apart.
        ngrams: File of linear models over character n-grams, one a language, that join the trunk; empty where none do.
        guess: File of the linear model that guesses which of the languages a text is in.
        ratings: Graph ``sentence`` to ``mean`` and ``std``; empty where the model rates nothing.
        dimensions: What the means stand for, in their order.
        std_scale: What the spreads are multiplied by, shape ``(dimensions,)``.
        degrees: Further heads, each over a scale of its own.
        upper: Blocks of its own above the trunk's lower ones, which some or all heads read.
        context: How many of the turns before a text are seen, too, by those heads that read them.
        context_heads: Graphs of those heads.
        kind: Whose affect the heads speak of.
    """

    categories: str
    taxonomy: Taxonomy
    temperature: float
    confidence: tuple[float, float]
    thresholds: np.ndarray
    language_thresholds: Mapping[str, np.ndarray]
    languages: tuple[str, ...]
    ngrams: str
    guess: str
    ratings: str
    dimensions: tuple[str, ...]
    std_scale: np.ndarray
    degrees: tuple[Degrees, ...]
    upper: Upper | None
    context: int
    context_heads: tuple[str, ...]
    kind: Kind

    @property
    def graphs(self) -> tuple[str, ...]:
        """The graphs of all heads."""
        named = (self.categories, self.ratings, *(scale.graph for scale in self.degrees))
        return tuple(graph for graph in named if graph)

    def reads_upper(self, graph: str) -> bool:
        """Whether a head reads what the model's own upper blocks make of a text, not what the trunk does."""
        return self.upper is not None and graph in self.upper.heads

    def thresholds_in(self, language: str | None) -> np.ndarray:
        """Return the thresholds of a language, by default those for a text of any.

        Raises:
            OptionError: The language has none of its own.
        """
        if language is None:
            return self.thresholds
        if language not in self.language_thresholds:
            known = ", ".join(self.language_thresholds) or "none"
            raise OptionError(f"the model knows no language {language!r}; those it tells apart: {known}")
        return self.language_thresholds[language]

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """Return calibrated probabilities, shape ``(n, labels)``: shares of one where labels exclude each other."""
        return heads.probabilities(logits, self.temperature, exclusive=self.taxonomy.exclusive)

    def sureness(self, top: float) -> float:
        """Return the probability that a top label of that probability is right, as fitted on validation data."""
        return heads.sureness(top, self.confidence)

    def dimensions_of(self, means: np.ndarray, stds: np.ndarray) -> dict[str, Dimension]:
        """Return the dimensions of one reading by name; those that the model does not rate are not there."""
        return heads.dimensions_of(self.dimensions, means, stds)


def heads_of(info: ModelInfo) -> Heads:
    """Return the heads that a card describes.

    Raises:
        UnknownNameError: The card names no labels, and a taxonomy that there is not; or a scale that there is not.
    """
    options = info.options
    dimensions = tuple(options.get("dimensions", DIMENSIONS))
    return Heads(
        categories=str(options.get("categories", CATEGORIES)),
        taxonomy=heads.taxonomy_of(info.taxonomies[0], options),
        temperature=float(options.get("temperature", 1.0)),
        confidence=heads.confidence_of(options),
        thresholds=np.asarray(options.get("thresholds", ()), dtype=np.float64),
        language_thresholds=_by_language(options),
        languages=tuple(options.get("languages", ())),
        ngrams=str(options.get("ngrams", "")),
        guess=str(options.get("guess", "")),
        ratings=str(options.get("ratings", RATINGS)),
        dimensions=dimensions,
        std_scale=np.asarray(options.get("std_scale", [1.0] * len(dimensions)), dtype=np.float64),
        degrees=tuple(Degrees(graph, _scale(name)) for graph, name in options.get("degrees", {}).items()),
        upper=_upper(options),
        context=int(options.get("context", 0)),
        context_heads=tuple(options.get("context_heads", ())),
        kind=options.get("kind", "expressed"),
    )


def _by_language(options: Mapping[str, Any]) -> dict[str, np.ndarray]:
    rows = np.asarray(options.get("language_thresholds", ()), dtype=np.float64)
    return dict(zip(options.get("languages", ()), rows, strict=True))


def _upper(options: Mapping[str, Any]) -> Upper | None:
    if "upper" not in options:
        return None
    pooled = tuple(options.get("upper_pooled", ()))
    return Upper(str(options["upper"]), int(options["upper_block"]), pooled, tuple(options["upper_heads"]))


def _scale(name: str) -> Taxonomy:
    if name not in SCALES:
        raise UnknownNameError("scale", name, SCALES)
    return SCALES[name]
