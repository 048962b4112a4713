"""Sets of labels and spreads that hold the truth as often as promised, whatever the model.

The promise is for new items like those of the fit (exchangeable with them), on average over items.

References:
    V. Vovk, A. Gammerman and G. Shafer (2005). Algorithmic Learning in a Random World. Springer.
    M. Sadinle, J. Lei and L. Wasserman (2019). Least ambiguous set-valued classifiers with bounded error levels.
    Journal of the American Statistical Association 114(525), 223-234 (sets).
    J. Lei et al. (2018). Distribution-free predictive inference for regression. Journal of the American Statistical
    Association 113(523), 1094-1111 (spreads, locally weighted).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from mien.calibrate.checks import series, true_probs
from mien.errors import OptionError
from mien.types.affect import Affect, Dimension, Distribution, Evidence

__all__ = ["ConformalSet", "ConformalSpread", "fit_set", "fit_spread"]

NORMAL_QUANTILES = ((0.5, 0.674), (0.8, 1.282), (0.9, 1.645), (0.95, 1.960), (0.99, 2.576))


@dataclass(frozen=True, slots=True)
class ConformalSet:
    """All labels whose probability reaches a threshold.

    Args:
        threshold: The least probability of a label in the set, in [0, 1].
        coverage: How often the set holds the true label.

    Raises:
        OptionError: A value is out of range.
    """

    threshold: float
    coverage: float

    def __post_init__(self) -> None:
        if not (0 <= self.threshold <= 1 and 0 < self.coverage < 1):
            raise OptionError(f"threshold and coverage must lie in [0, 1]; given {self.threshold} and {self.coverage}")

    def __call__(self, affect: Affect) -> Affect:
        """Return the affect with evidence that names the labels it cannot rule out."""
        if affect.categories is None:
            return affect
        return affect.because(Evidence("conformal", self.coverage, note=", ".join(self.labels(affect.categories))))

    def labels(self, categories: Distribution) -> tuple[str, ...]:
        """Return the labels that cannot be ruled out, the most probable first; never none."""
        order = np.argsort(-categories.probs, kind="stable")
        kept = [place for place in order if categories.probs[place] >= self.threshold] or [order[0]]
        return tuple(categories.taxonomy.labels[place] for place in kept)

    def to_dict(self) -> dict[str, Any]:
        """Return the map as a card holds it."""
        return {"method": "conformal-set", "threshold": self.threshold, "coverage": self.coverage}


@dataclass(frozen=True, slots=True)
class ConformalSpread:
    """A factor on the spread of one dimension.

    Args:
        dimension: valence, arousal or dominance.
        factor: The truth lies within ``factor`` standard deviations of the mean as often as `coverage` says.
        coverage: How often it does.

    Raises:
        OptionError: A value is out of range.
    """

    dimension: str
    factor: float
    coverage: float

    def __post_init__(self) -> None:
        if self.dimension not in ("valence", "arousal", "dominance"):
            raise OptionError(f"unknown dimension {self.dimension!r}; allowed: valence, arousal, dominance")
        if not (self.factor > 0 and 0 < self.coverage < 1):
            raise OptionError(f"factor must be positive and coverage in (0, 1); given {self.factor}, {self.coverage}")

    def __call__(self, affect: Affect) -> Affect:
        """Return the affect with the spread of a normal error of the same coverage."""
        part: Dimension | None = getattr(affect, self.dimension)
        if part is None:
            return affect
        levels, quantiles = zip(*NORMAL_QUANTILES, strict=True)
        scale = self.factor / float(np.interp(self.coverage, levels, quantiles))
        changed = {self.dimension: Dimension(part.mean, part.std * scale)}
        return replace(
            affect,
            valence=changed.get("valence", affect.valence),
            arousal=changed.get("arousal", affect.arousal),
            dominance=changed.get("dominance", affect.dominance),
        )

    def bounds(self, part: Dimension) -> tuple[float, float]:
        """Return the interval that holds the truth as often as `coverage` says, within [-1, 1]."""
        return max(-1.0, part.mean - self.factor * part.std), min(1.0, part.mean + self.factor * part.std)

    def to_dict(self) -> dict[str, Any]:
        """Return the map as a card holds it."""
        return {
            "method": "conformal-spread",
            "dimension": self.dimension,
            "factor": self.factor,
            "coverage": self.coverage,
        }


def fit_set(probs: ArrayLike, truth: ArrayLike, *, coverage: float = 0.9) -> ConformalSet:
    """Return the threshold whose sets hold the true label as often as asked, from held-out items.

    Args:
        probs: Shape ``(items, labels)``, rows that add up to one.
        truth: Shape ``(items,)``, the place of the true label.
        coverage: How often the set must hold it, in (0, 1).

    Raises:
        OptionError: The shapes do not fit, or the coverage is out of range.

    Example:
        >>> fit_set([[0.7, 0.3]] * 20, [0] * 20).threshold
        0.7
    """
    threshold = -_quantile(-true_probs(probs, truth), coverage)
    return ConformalSet(float(np.clip(threshold, 0, 1)), coverage)


def fit_spread(
    mean: ArrayLike, std: ArrayLike, truth: ArrayLike, *, dimension: str = "valence", coverage: float = 0.9
) -> ConformalSpread:
    """Return the factor whose intervals hold the truth as often as asked, from held-out items.

    Args:
        mean: Shape ``(items,)``.
        std: Shape ``(items,)``, positive.
        truth: Shape ``(items,)``.
        dimension: Which one it is for.
        coverage: How often the interval must hold the truth, in (0, 1).

    Raises:
        OptionError: The shapes differ, a spread is not positive, or the coverage is out of range.
    """
    middle, spread, true = series(mean, std, truth)
    if spread.min() <= 0:
        raise OptionError(f"each spread must be positive; given {spread.min()}")
    factor = _quantile(np.abs(true - middle) / spread, coverage)
    # Too few items for the coverage leave no bound; the width of the whole scale then is one.
    return ConformalSpread(dimension, float(min(factor, 2 / spread.min())) or 1e-9, coverage)


def _quantile(scores: Float[np.ndarray, "items"], coverage: float) -> float:
    """Return the score that a new one stays below as often as asked, with the correction for a finite sample."""
    if not 0 < coverage < 1:
        raise OptionError(f"a coverage of {coverage} was asked for; allowed: between 0 and 1")
    rank = int(np.ceil((len(scores) + 1) * coverage))
    if rank > len(scores):
        return float("inf")
    return float(np.sort(scores)[rank - 1])
