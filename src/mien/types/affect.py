"""Affect: what someone seems to feel, how sure that is, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float

from mien.errors import OptionError
from mien.types.span import Span
from mien.types.taxonomy import Taxonomy

__all__ = ["Affect", "Dimension", "Distribution", "Evidence", "Kind"]

Kind = Literal["expressed", "felt", "perceived", "induced"]
KINDS: tuple[Kind, ...] = ("expressed", "felt", "perceived", "induced")
SIMPLEX_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Probabilities over the labels of a taxonomy, or degrees where it is such a scale (`mien.types.scales`).

    Args:
        taxonomy: The labels.
        probs: Shape ``(labels,)`` in [0, 1]; they add up to one where the taxonomy is exclusive.

    Raises:
        OptionError: The shape, the range or the sum is wrong.
    """

    taxonomy: Taxonomy
    probs: Float[np.ndarray, "labels"]

    def __post_init__(self) -> None:
        probs = np.array(self.probs, dtype=np.float64)
        if probs.shape != (len(self.taxonomy),):
            raise OptionError(
                f"probabilities over {self.taxonomy.name} have shape {probs.shape}; allowed: ({len(self.taxonomy)},)"
            )
        if not np.all(np.isfinite(probs)) or probs.min() < -1e-9 or probs.max() > 1 + 1e-6:
            raise OptionError(f"probabilities over {self.taxonomy.name} leave [0, 1]: {probs}")
        if self.taxonomy.exclusive and abs(probs.sum() - 1) > SIMPLEX_TOLERANCE:
            raise OptionError(f"probabilities over {self.taxonomy.name} add up to {probs.sum():.4f}; they must to 1")
        probs = np.clip(probs, 0, 1)
        probs.setflags(write=False)
        object.__setattr__(self, "probs", probs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Distribution):
            return NotImplemented
        return self.taxonomy == other.taxonomy and np.array_equal(self.probs, other.probs)

    def __hash__(self) -> int:
        return hash((self.taxonomy, self.probs.tobytes()))

    @property
    def top(self) -> tuple[str, float]:
        """The most probable label and its probability."""
        place = int(np.argmax(self.probs))
        return self.taxonomy.labels[place], float(self.probs[place])

    def as_dict(self) -> dict[str, float]:
        """Return label to probability, in the taxonomy's order."""
        return dict(zip(self.taxonomy.labels, self.probs.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of affect on [-1, 1], with its standard deviation.

    Raises:
        OptionError: The mean leaves [-1, 1] or the deviation is negative.
    """

    mean: float
    std: float

    def __post_init__(self) -> None:
        if not -1 <= self.mean <= 1:
            raise OptionError(f"a dimension has the mean {self.mean}; allowed: -1 to 1")
        if not (math.isfinite(self.std) and self.std >= 0):
            raise OptionError(f"a dimension has the standard deviation {self.std}; it must be 0 or more")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for an affect.

    Args:
        source: What kind of reason, such as ``"word"``, ``"pitch"``, ``"region"``, ``"conflict"``, ``"link"``.
        weight: How much it counts, in [-1, 1]; negative speaks against.
        span: Where in time or text.
        region: Where in the picture: left, top, right, bottom, in pixels.
        note: The reason in words.
    """

    source: str
    weight: float
    span: Span | None = None
    region: tuple[float, float, float, float] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Affect:
    """What someone seems to feel. Any part may be unknown (``None``), but not all.

    Args:
        categories: Probabilities over a taxonomy.
        valence: Unpleasant (-1) to pleasant (1).
        arousal: Calm (-1) to excited (1).
        dominance: Submissive (-1) to in control (1).
        labels: Open-vocabulary words.
        evidence: The reasons.
        span: What the affect speaks of.
        confidence: Calibrated probability, in [0, 1], that the top category is right.
        kind: Whose affect: expressed, felt, perceived or induced.
        model: Name of what concluded it.
        degrees: What else is known over labels of their own (`mien.types.scales`), such as how intense each emotion is.

    Raises:
        OptionError: Nothing is known at all, the confidence leaves [0, 1], or the kind is unknown.
    """

    categories: Distribution | None = None
    valence: Dimension | None = None
    arousal: Dimension | None = None
    dominance: Dimension | None = None
    labels: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    span: Span | None = None
    confidence: float | None = None
    kind: Kind = "expressed"
    model: str | None = None
    degrees: tuple[Distribution, ...] = ()

    def __post_init__(self) -> None:
        known = (self.categories, self.valence, self.arousal, self.dominance)
        if all(part is None for part in known) and not self.labels and not self.degrees:
            raise OptionError("an affect knows nothing; give categories, a dimension, labels or degrees")
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise OptionError(f"an affect has the confidence {self.confidence}; allowed: 0 to 1")
        if self.kind not in KINDS:
            raise OptionError(f"an affect has the kind {self.kind!r}; allowed: {', '.join(KINDS)}")

    def at(self, span: Span) -> Affect:
        """Return the same affect for another span."""
        return replace(self, span=span)

    def because(self, *evidence: Evidence) -> Affect:
        """Return the same affect with more evidence."""
        return replace(self, evidence=self.evidence + evidence)
