"""Linear heads on fixed features, with everything that is chosen or calibrated measured on rows that were left out.

References:
    Kohavi (1995). A study of cross-validation and bootstrap for accuracy estimation and model selection. IJCAI.
    Guo, Pleiss, Sun and Weinberger (2017). On calibration of modern neural networks. ICML.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from mien.metrics.categorical import macro_f1

__all__ = [
    "Bounds",
    "ClassHead",
    "Linear",
    "RatingHead",
    "bounds_of",
    "fit_classes",
    "fit_ratings",
    "parts",
    "ridge",
    "spread_of",
]

PARTS = 5
STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3)
"""Inverse strengths of the penalty that are tried for labels, the strongest first."""
PENALTIES = (1000.0, 300.0, 100.0, 30.0, 10.0, 3.0)
"""Strengths of the penalty that are tried for ratings, the strongest first."""
ROUNDS = 300
Features = Float[np.ndarray, "n width"]
Bounds = tuple[Float[np.ndarray, "width"], Float[np.ndarray, "width"]]
"""The least and the most that each feature may be."""


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Features to outputs: ``features @ weight + bias``."""

    weight: Float[np.ndarray, "width outputs"]
    bias: Float[np.ndarray, "outputs"]

    def __call__(self, features: Features) -> Float[np.ndarray, "n outputs"]:
        """Return the outputs of each row."""
        outputs: Float[np.ndarray, "n outputs"] = features @ self.weight + self.bias
        return outputs


@dataclass(frozen=True, slots=True, eq=False)
class ClassHead:
    """A head for labels.

    Args:
        linear: Learnt from all rows.
        held_out: Logits of each row by a head that was learnt without its part.
    """

    linear: Linear
    held_out: Float[np.ndarray, "n labels"]


@dataclass(frozen=True, slots=True, eq=False)
class RatingHead:
    """A head for ratings.

    Args:
        linear: Learnt from all rows.
        held_out: Ratings of each row by a head that was learnt without its part.
        stds: How far those are from the truth, one a dimension.
    """

    linear: Linear
    held_out: Float[np.ndarray, "n dimensions"]
    stds: Float[np.ndarray, "dimensions"]


def bounds_of(features: Features, edge: float) -> Bounds:
    """Return how far features may lie from their mean, as a multiple of their standard deviation.

    What varied little among the rows, and much elsewhere, would otherwise outweigh all else there.
    """
    centre, reach = features.mean(axis=0), edge * features.std(axis=0)
    return centre - reach, centre + reach


def parts(n: int, codes: Int[np.ndarray, "n"], speakers: Sequence[str], *, seed: int) -> list[Int[np.ndarray, "left"]]:
    """Return the rows of each part that is left out in turn; a speaker is in one part only.

    Args:
        n: How many rows there are.
        codes: Labels, which each part holds in like shares; empty where there are none.
        speakers: Who each row is of; empty where nobody says.
        seed: Of the random order.
    """
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    rows, labels = np.zeros(n), codes if len(codes) else np.zeros(n)
    shuffled = {"shuffle": True, "random_state": seed}
    if speakers:
        count = min(PARTS, len(set(speakers)))
        splitter = StratifiedGroupKFold(count, **shuffled) if len(codes) else GroupKFold(count)
    else:
        splitter = StratifiedKFold(PARTS, **shuffled) if len(codes) else KFold(PARTS, **shuffled)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a label of fewer speakers than parts is missing in some, which is no fault
        return [left for _, left in splitter.split(rows, labels, list(speakers) or None) if len(left)]


def fit_classes(features: Features, codes: Int[np.ndarray, "n"], left_out: Sequence[np.ndarray]) -> ClassHead:
    """Return the head whose penalty does best on rows that were left out, by macro F1.

    Args:
        features: One row an item.
        codes: The label of each, from 0 on.
        left_out: Rows that are left out together.
    """
    tables = {strength: np.zeros((len(codes), codes.max() + 1)) for strength in STRENGTHS}
    for left in left_out:
        kept = np.setdiff1d(np.arange(len(codes)), left)
        for strength, linear in _path(features[kept], codes[kept], codes.max() + 1):
            tables[strength][left] = linear(features[left])
    best = max(STRENGTHS, key=lambda strength: macro_f1(codes, tables[strength].argmax(axis=1)))
    *_, (_, linear) = _path(features, codes, codes.max() + 1, until=best)
    return ClassHead(linear, tables[best])


def _path(
    features: Features, codes: Int[np.ndarray, "n"], n_labels: int, *, until: float = STRENGTHS[-1]
) -> Iterator[tuple[float, Linear]]:
    """Yield a head for each strength, each beginning from the one before.

    A label that the rows lack gets the least logit of all.
    """
    from sklearn.linear_model import LogisticRegression

    if len(present := np.unique(codes)) == 1:
        only = Linear(np.zeros((features.shape[1], n_labels)), np.where(np.arange(n_labels) == present[0], 0.0, -1.0))
        yield from ((strength, only) for strength in STRENGTHS[: STRENGTHS.index(until) + 1])
        return
    centre, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    standard = ((features - centre) / spread).astype(np.float32)  # half the time, the same answers
    model = LogisticRegression(max_iter=ROUNDS, tol=1e-3, warm_start=True)
    for strength in STRENGTHS[: STRENGTHS.index(until) + 1]:
        model.C = strength
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the last step of a path that is cut short is as good
            model.fit(standard, codes)
        coefficients, offsets = model.coef_.T, model.intercept_
        if len(model.classes_) == 2:  # sklearn keeps one column of two
            coefficients, offsets = np.hstack([-coefficients, coefficients]) / 2, np.hstack([-offsets, offsets]) / 2
        weight = np.zeros((features.shape[1], n_labels))
        bias = np.full(n_labels, offsets.min() - 1)
        weight[:, model.classes_] = coefficients / spread[:, None]
        bias[model.classes_] = offsets - (centre / spread) @ coefficients
        yield strength, Linear(weight, bias)


def fit_ratings(
    features: Features,
    ratings: Float[np.ndarray, "n dimensions"],
    left_out: Sequence[np.ndarray],
    penalties: Sequence[float] = PENALTIES,
) -> RatingHead:
    """Return the head whose penalty does best on rows that were left out, by squared error.

    Args:
        features: One row an item.
        ratings: What the head should say.
        left_out: Rows that are left out together.
        penalties: The strengths that are tried, the strongest first.
    """
    tables = {penalty: np.zeros_like(ratings) for penalty in penalties}
    for left in left_out:
        kept = np.setdiff1d(np.arange(len(ratings)), left)
        for penalty in penalties:
            tables[penalty][left] = ridge(features[kept], ratings[kept], penalty)(features[left])
    best = min(penalties, key=lambda penalty: float(np.mean((ratings - tables[penalty]) ** 2)))
    return RatingHead(ridge(features, ratings, best), tables[best], spread_of(ratings, tables[best]))


def spread_of(truth: Float[np.ndarray, "n dimensions"], said: Float[np.ndarray, "n dimensions"]) -> np.ndarray:
    """Return how far ratings are from the truth, shape ``(dimensions,)``: the root of the mean squared error."""
    stds: np.ndarray = np.sqrt(np.mean((truth - said) ** 2, axis=0))
    return stds


def ridge(features: Features, ratings: Float[np.ndarray, "n dimensions"], penalty: float) -> Linear:
    """Return the ridge regression of ratings on standardised features, with one penalty for all of them."""
    centre, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    standard = (features - centre) / spread
    middle = ratings.mean(axis=0)
    curvature = standard.T @ standard + penalty * np.eye(features.shape[1])
    weight = np.linalg.solve(curvature, standard.T @ (ratings - middle)) / spread[:, None]
    return Linear(weight, middle - centre @ weight)
