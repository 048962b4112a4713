"""Agreement of labels with the truth.

Where one label holds, labels may be numbers or words. Where several may hold together, both sides are tables of yes
and no, one row an item and one column a label. Every metric lies in [0, 1], and 1 is perfect.

References:
    B. Schuller, S. Steidl and A. Batliner (2009). The Interspeech 2009 emotion challenge. Interspeech, 312-315
    (unweighted average recall).
    M. Sokolova and G. Lapalme (2009). A systematic analysis of performance measures for classification tasks.
    Information Processing and Management 45(4), 427-437 (macro and micro averages).
    S. Mohammad, F. Bravo-Marquez, M. Salameh and S. Kiritchenko (2018). SemEval-2018 task 1: affect in tweets. SemEval,
    1-17 (Jaccard index of the labels of an item).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from mien.metrics.validation import codes, flags, pair

__all__ = [
    "accuracy",
    "confusion",
    "jaccard",
    "label_f1",
    "macro_f1",
    "micro_f1",
    "micro_f1_among",
    "multilabel_macro_f1",
    "multilabel_micro_f1",
    "uar",
    "weighted_f1",
]


def accuracy(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the share of items whose label is right.

    Example:
        >>> accuracy(["joy", "fear"], ["joy", "joy"])
        0.5
    """
    left, right = pair(truth, estimate)
    return float(np.mean(left == right))


def uar(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the unweighted average recall: the mean over the labels of the truth of the share found.

    Example:
        >>> uar([0, 0, 0, 1], [0, 0, 0, 0])
        0.5
    """
    table = confusion(truth, estimate)
    count = table.sum(axis=1)
    there = count > 0
    return float(np.mean(np.diag(table)[there] / count[there]))


def macro_f1(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the mean F1 of the labels that occur in the truth or the estimate.

    Example:
        >>> macro_f1(["joy", "fear"], ["joy", "fear"])
        1.0
    """
    table = confusion(truth, estimate)
    there = (table.sum(axis=0) + table.sum(axis=1)) > 0
    return float(np.mean(_f1_of(table)[there]))


def micro_f1(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the F1 of all decisions together; where one label holds, that is the accuracy."""
    return accuracy(truth, estimate)


def micro_f1_among(truth: ArrayLike, estimate: ArrayLike, labels: ArrayLike) -> float:
    """Return the F1 of all decisions for some of the labels together; a choice between the others does not count.

    Example:
        >>> micro_f1_among(["joy", "other", "fear"], ["joy", "joy", "other"], ["joy", "fear"])
        0.5
    """
    left, right = pair(truth, estimate)
    asked = np.asarray(labels)
    return multilabel_micro_f1(left[:, None] == asked, right[:, None] == asked)


def weighted_f1(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the mean F1 of the labels, each weighed by how often it is true.

    Example:
        >>> weighted_f1([0, 1, 1], [0, 1, 1])
        1.0
    """
    table = confusion(truth, estimate)
    return float(np.average(_f1_of(table), weights=table.sum(axis=1)))


def multilabel_macro_f1(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the mean F1 of the columns of two tables of yes and no; a column that is empty in both counts 0.

    Example:
        >>> multilabel_macro_f1([[1, 0], [0, 1]], [[1, 0], [1, 1]])
        0.8333333333333333
    """
    return float(np.mean(label_f1(truth, estimate)))


def multilabel_micro_f1(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the F1 of all cells of two tables of yes and no together.

    Example:
        >>> multilabel_micro_f1([[1, 0], [0, 1]], [[1, 0], [1, 1]])
        0.8
    """
    left, right = flags(truth, estimate)
    both, either = int((left & right).sum()), int(left.sum()) + int(right.sum())
    return 2 * both / either if either else 0.0


def jaccard(truth: ArrayLike, estimate: ArrayLike) -> float:
    """Return the mean over the items of the labels that both sides hold, as a share of those that either holds.

    An item without labels on both sides counts 1, as both say the same.

    Example:
        >>> jaccard([[1, 0], [0, 1]], [[1, 0], [1, 1]])
        0.75
    """
    left, right = flags(truth, estimate)
    both, either = np.count_nonzero(left & right, axis=1), np.count_nonzero(left | right, axis=1)
    return float(np.mean(np.divide(both, either, out=np.ones(len(both)), where=either > 0)))


def label_f1(truth: ArrayLike, estimate: ArrayLike) -> Float[np.ndarray, "labels"]:
    """Return the F1 of each column of two tables of yes and no."""
    left, right = flags(truth, estimate)
    both = np.count_nonzero(left & right, axis=0)
    either = np.count_nonzero(left, axis=0) + np.count_nonzero(right, axis=0)
    return _ratio(2.0 * both, either)


def confusion(truth: ArrayLike, estimate: ArrayLike) -> Int[np.ndarray, "labels labels"]:
    """Return how often each true label (row) got each label (column)."""
    left, right, n_labels = codes(truth, estimate)
    counts = np.bincount(left * n_labels + right, minlength=n_labels * n_labels)
    table: Int[np.ndarray, "labels labels"] = counts.reshape(n_labels, n_labels)
    return table


def _f1_of(table: Int[np.ndarray, "labels labels"]) -> Float[np.ndarray, "labels"]:
    return _ratio(2.0 * np.diag(table), table.sum(axis=0) + table.sum(axis=1))


def _ratio(part: Float[np.ndarray, "labels"], whole: Int[np.ndarray, "labels"]) -> Float[np.ndarray, "labels"]:
    ratio: Float[np.ndarray, "labels"] = np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
    return ratio
