"""What is fitted on validation data: how the two models join, and from which probability a label holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Joined", "expected_threshold", "join", "thresholds_by_language"]


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """How logits of the trunk and of the n-grams become one: ``trunk * t + ngrams * s + offset``.

    Args:
        trunk: The slope t of each language, shape ``(languages,)``.
        slopes: The slope s of each language, shape ``(languages,)``.
        offset: What is added to each label, shape ``(labels,)``.
    """

    trunk: np.ndarray
    slopes: np.ndarray
    offset: np.ndarray

    def logits(self, trunk: np.ndarray, ngrams: np.ndarray, languages: np.ndarray) -> np.ndarray:
        """Return the joint logits, shape ``(n, labels)``."""
        joint: np.ndarray = trunk * self.trunk[languages, None] + ngrams * self.slopes[languages, None] + self.offset
        return joint


def join(
    trunk: np.ndarray, ngrams: np.ndarray, truth: np.ndarray, languages: np.ndarray, *, count: int, ridge: float
) -> Joined:
    """Return what makes the truth likeliest: one logistic regression over all cells.

    It has two slopes, an offset a label, and for each language how far its slopes lie from the common ones.

    Args:
        trunk: Logits of the trunk, shape ``(n, labels)``.
        ngrams: Logits of the n-grams, same shape.
        truth: 1 or 0, NaN where a label was not asked for.
        languages: Place of each text's language, shape ``(n,)``.
        count: Number of languages.
        ridge: Penalty on what sets a language apart.

    References:
        Wolpert (1992). Stacked generalization. Neural Networks, 5, 241-259.
    """
    rows, labels = np.nonzero(~np.isnan(truth))
    both = np.column_stack([trunk[rows, labels], ngrams[rows, labels]])
    spoken = np.eye(count)[languages[rows]]
    apart = [spoken * both[:, [side]] for side in range(2)]
    inputs = np.column_stack([both, np.eye(truth.shape[1])[labels], *apart])
    penalty = np.concatenate([np.full(2 + truth.shape[1], 1e-3), np.full(2 * count, ridge)])
    found = _logistic(inputs, truth[rows, labels], penalty)
    own = found[2 + truth.shape[1] :].reshape(2, count) + found[:2, None]
    return Joined(own[0], own[1], found[2 : 2 + truth.shape[1]])


def _logistic(inputs: np.ndarray, truth: np.ndarray, penalty: np.ndarray, *, rounds: int = 30) -> np.ndarray:
    """Return the weights of a logistic regression by Newton's method."""
    weights = np.zeros(inputs.shape[1])
    for _ in range(rounds):
        probs = 1 / (1 + np.exp(-inputs @ weights))
        curvature = inputs.T @ (inputs * (probs * (1 - probs))[:, None]) + np.diag(penalty)
        weights = weights + np.linalg.solve(curvature, inputs.T @ (truth - probs) - penalty * weights)
    return weights


def thresholds_by_language(probs: np.ndarray, languages: np.ndarray, *, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the thresholds for a text of any language [labels] and of each language [languages, labels].

    A language without texts takes those for any.

    Args:
        probs: Calibrated probabilities, shape ``(n, labels)``.
        languages: Place of each text's language, shape ``(n,)``.
        count: Number of languages.
    """
    common = _thresholds(probs)
    own = [probs[languages == place] for place in range(count)]
    return common, np.stack([_thresholds(rows) if len(rows) else common for rows in own])


def _thresholds(probs: np.ndarray) -> np.ndarray:
    return np.array([expected_threshold(column) for column in probs.T])


def expected_threshold(probs: np.ndarray) -> float:
    """Return the threshold with the best F1 if each text has the label with its probability, shape ``(n,)``.

    It asks for no labels but those that the probabilities were calibrated on: in a small language these are too few to
    tell by themselves which threshold is best.

    References:
        Lipton, Elkan and Naryanaswamy (2014). Optimal thresholding of classifiers to maximize F1 measure. ECML PKDD.
    """
    ordered = np.sort(probs)[::-1]
    expected = 2 * np.cumsum(ordered) / (np.arange(1, len(ordered) + 1) + ordered.sum())
    place = int(expected.argmax())
    return float(ordered[place] + ordered[min(place + 1, len(ordered) - 1)]) / 2
