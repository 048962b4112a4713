"""Numbers fitted on validation data: thresholds, temperature, confidence and the scale of the spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mien.calibrate import temperature
from mien.metrics.calibration import confidence_ece, multilabel_ece
from mien.metrics.dimensional import pearson
from mien.runtime.card import Calibration

DRAWS = 40
NOMINAL = np.arange(0.1, 0.95, 0.1)


def label_thresholds(truth: np.ndarray, probs: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Return for each label the probability from which it counts as said, for the best F1.

    The best threshold on one sample is a matter of luck for rare labels, so it is the median over resampled items.

    Args:
        truth: Shape ``(n, labels)``, 0 or 1.
        probs: Shape ``(n, labels)``.
        seed: Of the resampling.

    References:
        Lipton, Elkan and Naryanaswamy (2014). Optimal thresholding of classifiers to maximize F1 measure. ECML PKDD.
    """
    rng = np.random.default_rng(seed)
    draws = [rng.integers(0, len(truth), len(truth)) for _ in range(DRAWS)]
    columns = range(truth.shape[1])
    return np.array([np.median([_best(truth[draw, k], probs[draw, k]) for draw in draws]) for k in columns])


def _best(truth: np.ndarray, probs: np.ndarray) -> float:
    order = np.argsort(-probs, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    place = int(f1.argmax())
    below = probs[order[min(place + 1, len(order) - 1)]]
    return float((probs[order[place]] + below) / 2)


def logistic(scores: np.ndarray, right: np.ndarray, *, rounds: int = 25) -> tuple[float, float]:
    """Return slope and offset with which ``sigmoid(slope * score + offset)`` is the chance of being right.

    References:
        Platt (1999). Probabilistic outputs for support vector machines. In: Advances in Large Margin Classifiers.
    """
    inputs = np.stack([scores, np.ones_like(scores)], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(rounds):
        probs = 1 / (1 + np.exp(-inputs @ weights))
        curvature = inputs.T @ (inputs * (probs * (1 - probs))[:, None]) + 1e-6 * np.eye(2)
        weights = weights + np.linalg.solve(curvature, inputs.T @ (right - probs))
    return float(weights[0]), float(weights[1])


def log_odds(probs: np.ndarray) -> np.ndarray:
    """Return the log odds of probabilities."""
    clipped = np.clip(probs, 1e-6, 1 - 1e-6)
    odds: np.ndarray = np.log(clipped / (1 - clipped))
    return odds


@dataclass(frozen=True, slots=True, eq=False)
class CalibratedLabels:
    """Labels that may hold together, calibrated on validation answers.

    Args:
        probs: The calibrated probabilities, shape ``(n, labels)``.
        options: What the card needs: ``temperature``, ``confidence_slope`` and ``confidence_offset``.
        rows: What the card tells of it.
    """

    probs: np.ndarray
    options: dict[str, float]
    rows: tuple[Calibration, Calibration]


def calibrate_labels(head: str, truth: np.ndarray, before: np.ndarray) -> CalibratedLabels:
    """Fit the temperature of a head and the confidence in its top label.

    Args:
        head: Name of the head.
        truth: Shape ``(n, labels)``, 0 or 1.
        before: What a drafted model says of the same items, shape ``(n, labels)``.
    """
    softened = temperature.fit(log_odds(before), truth, exclusive=False)
    probs = softened.logits(log_odds(before), exclusive=False)
    top, right = probs.max(axis=1), truth[np.arange(len(truth)), probs.argmax(axis=1)]
    slope, offset = logistic(log_odds(top), right)
    sure = 1 / (1 + np.exp(-(slope * log_odds(top) + offset)))
    degrees = round(softened.temperature, 5)
    options = {"temperature": degrees, "confidence_slope": round(slope, 5), "confidence_offset": round(offset, 5)}
    eces = [round(multilabel_ece(truth, table), 5) for table in (before, probs)]
    sureness = [round(confidence_ece(right, table), 5) for table in (top, sure)]
    rows = (
        Calibration(head, "temperature", "validation", eces[0], eces[1], degrees),
        Calibration("confidence", "logistic on the top label", "validation", sureness[0], sureness[1], 1.0),
    )
    return CalibratedLabels(probs, options, rows)


def spread_scale(truth: np.ndarray, means: np.ndarray, stds: np.ndarray) -> np.ndarray:
    """Return for each dimension the factor that makes the stated spread as large as the errors are."""
    scale: np.ndarray = np.sqrt((((truth - means) / stds) ** 2).mean(axis=0))
    return scale


def coverage_error(truth: np.ndarray, means: np.ndarray, stds: np.ndarray) -> float:
    """Return how far the central intervals of 10 to 90 % are from holding that share of the truth, on average."""
    from scipy.special import ndtri

    reach = ndtri(0.5 + NOMINAL / 2)
    error = np.abs(truth - means) / stds
    held = (error[..., None] <= reach).mean(axis=tuple(range(error.ndim)))
    return float(np.abs(held - NOMINAL).mean())


def correlations(truth: np.ndarray, means: np.ndarray) -> list[float]:
    """Return Pearson's r of each column."""
    return [pearson(truth[:, k], means[:, k]) for k in range(truth.shape[1])]
