"""A line through the statistics of states, by discriminant analysis with shrinkage.

References:
    Fisher (1936), The use of multiple measurements in taxonomic problems, Annals of Eugenics 7, 179-188.
    Friedman (1989), Regularized discriminant analysis, Journal of the American Statistical Association 84, 165-175.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray

from mien.learn.hearing.nets import Statistics
from mien.types.taxonomies import RAVDESS8

__all__ = ["SHRINKAGE", "line", "said"]

SHRINKAGE = 0.2
LEAST_SPREAD = 1e-3
ABSENT = -30.0
"""Logit of a label of which no clip was learnt."""


def line(
    numbers: Sequence[Float[ndarray, "clips numbers"]], labels: Int[ndarray, " clips"], *, shrinkage: float = SHRINKAGE
) -> Statistics:
    """Return the answers of a discriminant analysis, each label as likely as any other beforehand.

    Args:
        numbers: Statistics of each copy of the clips.
        labels: Places in ``RAVDESS8``.
        shrinkage: Share of a ball in the covariance within labels, from 0 to 1.
    """
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    rows = np.concatenate(numbers)
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + LEAST_SPREAD
    known = np.unique(labels)
    even = np.full(len(known), 1.0 / len(known))
    fitted = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage, priors=even)
    fitted.fit((rows - centre) / spread, np.tile(labels, len(numbers)))
    found = Statistics(torch.from_numpy(centre.astype(np.float32)), torch.from_numpy(spread.astype(np.float32)))
    weights = np.zeros((len(RAVDESS8), rows.shape[1]), dtype=np.float32)
    biases = np.full(len(RAVDESS8), ABSENT, dtype=np.float32)
    weights[known], biases[known] = _both(fitted.coef_, fitted.intercept_, len(known))
    found.head.weight.data, found.head.bias.data = torch.from_numpy(weights), torch.from_numpy(biases)
    return found.eval()


def said(answers: Statistics, numbers: Float[ndarray, "clips numbers"]) -> Float[ndarray, "clips labels"]:
    """Return the logits of clips of which the statistics are known."""
    with torch.inference_mode():
        found: Float[ndarray, "clips labels"] = answers.head(answers.standard(torch.from_numpy(numbers))).numpy()
    return found


def _both(
    weights: Float[ndarray, "n numbers"], biases: Float[ndarray, " n"], n: int
) -> tuple[Float[ndarray, "n numbers"], Float[ndarray, " n"]]:
    """Return weights and biases for each label; of two labels, the analysis gives those of the second alone."""
    if n > 2:
        return weights, biases
    return np.concatenate([np.zeros_like(weights), weights]), np.concatenate([np.zeros_like(biases), biases])
