"""The linear models over character n-grams: of the emotions in each language, and of the language itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from mien.learn.languages.corpora import LANGUAGES, Labelled
from mien.learn.text.graph import quantise
from mien.perceive.text.ngrams import RARITY_STEP, counted

__all__ = ["Linear", "fit", "fit_claims", "fit_guess", "write", "write_tables"]

LEAST_TEXTS = 2
"""Texts in which an n-gram's place must occur to have weights."""
LEAST_EXAMPLES = 2
"""Texts with and without a label that a language must have for the label to be learned in it."""
CLAIM_BITS, CLAIM_STRENGTH = 17, 30.0
GUESS_BITS = 15
SMOOTHING = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A linear model over hashed n-grams.

    Args:
        rarity: How much each place counts, in steps of `RARITY_STEP`, uint8 ``(places,)``.
        weights: Shape ``(places, outputs)``.
        bias: Shape ``(outputs,)``.
    """

    rarity: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Return what it says of some texts, shape ``(texts, outputs)``."""
        bits = len(self.rarity).bit_length() - 1
        logits: np.ndarray = weigh(count(texts, bits), self.rarity) @ self.weights + self.bias
        return logits


def count(texts: Sequence[str], bits: int) -> sp.csr_matrix:
    """Return the n-grams of each text, shape ``(texts, 2**bits)``."""
    rows = [counted(text, bits) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([places for places, _ in rows]).astype(np.int32)
    shares = np.concatenate([shares for _, shares in rows]).astype(np.float32)
    return sp.csr_matrix((shares, places, ends), shape=(len(texts), 1 << bits))


def rarity_of(counts: sp.csr_matrix) -> np.ndarray:
    """Return the inverse document frequency of each place in steps, 0 where fewer than `LEAST_TEXTS` texts have it.

    References:
        Spärck Jones (1972). A statistical interpretation of term specificity and its application in retrieval. Journal
        of Documentation, 28, 11-21.
    """
    texts = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.where(texts >= LEAST_TEXTS, 1 + np.log((1 + counts.shape[0]) / (1 + texts)), 0.0)
    return np.minimum(np.round(rarity / RARITY_STEP), 255).astype(np.uint8)


def weigh(counts: sp.csr_matrix, rarity: np.ndarray) -> sp.csr_matrix:
    """Return the counts weighed by rarity, each row of length 1."""
    weighted = counts.multiply(rarity.astype(np.float32)[None, :] * RARITY_STEP).tocsr()
    norms = np.maximum(np.sqrt(weighted.multiply(weighted).sum(axis=1)).A1, 1e-12)
    return sp.diags(1 / norms).dot(weighted).tocsr()


def fit(learned: Labelled, *, bits: int, strength: float) -> Linear:
    """Return one balanced logistic regression a label.

    A label that was not asked for, or that hardly any text has, gets no weights.

    Args:
        learned: What to learn from.
        bits: Logarithm of the number of places.
        strength: Inverse strength of the penalty.
    """
    counts = count(learned.texts, bits)
    rarity = rarity_of(counts)
    features = weigh(counts, rarity)
    used = np.flatnonzero(rarity)
    n_labels = learned.truth.shape[1]
    weights, bias = np.zeros((1 << bits, n_labels)), np.zeros(n_labels)
    for label in range(n_labels):
        known = np.flatnonzero(~np.isnan(learned.truth[:, label]))
        truth = learned.truth[known, label] > 0
        if min(truth.sum(), (~truth).sum()) >= LEAST_EXAMPLES:
            model = LogisticRegression(C=strength, solver="liblinear", class_weight="balanced", tol=1e-2)
            model.fit(features[known][:, used], truth)
            weights[used, label], bias[label] = model.coef_[0], model.intercept_[0]
    return Linear(rarity, weights, bias)


def fit_claims(learned: Labelled, held_out: Labelled, *, lost: float) -> Linear:
    """Return a model whose logit is above 0 where a text is not English.

    Args:
        learned: Texts with that label.
        held_out: Others, on which the bias is set.
        lost: Share of the English texts that may be taken for another language.
    """
    found = fit(learned, bits=CLAIM_BITS, strength=CLAIM_STRENGTH)
    english = found.logits(held_out.texts)[held_out.truth[:, 0] == 0, 0]
    return Linear(found.rarity, found.weights, found.bias - max(0.0, float(np.quantile(english, 1 - lost))))


def fit_guess(learned: Labelled) -> Linear:
    """Return a model whose greatest output is the language of a text: multinomial naive Bayes, all equally likely.

    References:
        Lui and Baldwin (2012). langid.py: an off-the-shelf language identification tool. ACL, system demonstrations,
        25-30.
    """
    counts = count(learned.texts, GUESS_BITS)
    spoken = sp.csr_matrix(np.eye(len(LANGUAGES), dtype=np.float32)[learned.languages])
    totals = (spoken.T @ counts).toarray().T + SMOOTHING
    chances = np.log(totals / totals.sum(axis=0))
    weights = chances - chances.mean(axis=1, keepdims=True)
    rarity = np.full(1 << GUESS_BITS, round(1 / RARITY_STEP), np.uint8)
    return Linear(rarity, weights, np.zeros(len(LANGUAGES)))


def write(path: Path, model: Linear) -> None:
    """Write a model with weights of 8 bits."""
    values, scale = quantise(model.weights, axis=1)
    arrays = {"rarity": model.rarity, "weights": values, "scale": scale.reshape(-1), "bias": model.bias}
    _save(path, arrays)


def write_tables(
    path: Path, models: Sequence[Linear], *, slopes: np.ndarray, offset: np.ndarray, trunk: np.ndarray
) -> None:
    """Write a model for each language, its logits times a slope and plus an offset, with weights of 8 bits.

    Args:
        path: Where to write.
        models: One a language, all with as many places.
        slopes: What the logits of each are multiplied by, shape ``(languages,)``.
        offset: What is added to each label, shape ``(labels,)``.
        trunk: What the trunk's logits are multiplied by in each, shape ``(languages,)``.
    """
    stored = [quantise(model.weights, axis=1) for model in models]
    scale = np.stack([scale.reshape(-1) for _, scale in stored]) * slopes[:, None]
    arrays = {
        "rarity": np.stack([model.rarity for model in models]),
        "weights": np.stack([values for values, _ in stored]),
        "scale": scale,
        "bias": np.stack([model.bias for model in models]) * slopes[:, None] + offset,
        "trunk": trunk,
    }
    _save(path, arrays)


def _save(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    short: Any = {
        key: array.astype(np.float32) if array.dtype == np.float64 else array for key, array in arrays.items()
    }
    np.savez_compressed(path, **short)
