"""The graphs and the card options of heads that were learnt from a user's labels, whatever the modality."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto

from mien.calibrate import temperature
from mien.learn.own.fitting import Bounds, ClassHead, Linear, RatingHead
from mien.learn.text.decide import log_odds, logistic
from mien.learn.text.graph import GraphWriter
from mien.metrics.calibration import confidence_ece, ece
from mien.runtime.card import Calibration
from mien.types import Taxonomy
from mien.types.taxonomies import TAXONOMIES

__all__ = ["CLASSES", "RATINGS", "Input", "class_options", "taxonomy_of", "widened", "write_classes", "write_ratings"]

CLASSES, RATINGS = "own-labels", "own-ratings"
"""Names of the graphs."""
OFF = -1e4
"""Logit of a label that the user's table does not have: its probability is zero."""


def taxonomy_of(name: str, labels: tuple[str, ...]) -> Taxonomy:
    """Return the published taxonomy of exclusive labels that holds all of these, else one of their own.

    Only labels of a published taxonomy can be mapped to others, and so take part in a fused timeline.
    """
    for known in TAXONOMIES.values():
        if known.exclusive and not known.parents and set(labels) <= set(known.labels):
            return known
    return Taxonomy(name, labels)


def widened(linear: Linear, labels: tuple[str, ...], taxonomy: Taxonomy) -> Linear:
    """Return a head over all labels of a taxonomy; those that were not learnt never hold."""
    places = [taxonomy.index(label) for label in labels]
    weight = np.zeros((len(linear.weight), len(taxonomy)))
    bias = np.full(len(taxonomy), OFF)
    weight[:, places], bias[places] = linear.weight, linear.bias
    return Linear(weight, bias)


def class_options(head: ClassHead, codes: np.ndarray) -> tuple[dict[str, Any], tuple[Calibration, ...]]:
    """Return what the card needs to turn logits into calibrated answers, fitted on rows that were left out."""
    softened = temperature.fit(head.held_out, codes)
    before = temperature.Temperature(1.0).logits(head.held_out)
    probs = softened.logits(head.held_out)
    right, top = probs.argmax(axis=1) == codes, probs.max(axis=1)
    slope, offset = logistic(log_odds(top), right.astype(np.float64))
    sure = 1 / (1 + np.exp(-(slope * log_odds(top) + offset)))
    options = {
        "temperature": round(softened.temperature, 5),
        "confidence_slope": round(slope, 5),
        "confidence_offset": round(offset, 5),
    }
    rows = (
        _row("labels", "temperature", ece(codes, before), ece(codes, probs), softened.temperature),
        _row("confidence", "logistic on the top label", confidence_ece(right, top), confidence_ece(right, sure)),
    )
    return options, rows


def _row(head: str, method: str, before: float, after: float, degrees: float = 1.0) -> Calibration:
    return Calibration(head, method, "validation", round(before, 5), round(after, 5), round(degrees, 5))


@dataclass(frozen=True, slots=True, eq=False)
class Input:
    """What the graphs of heads read.

    Args:
        name: Name of the input.
        bounds: Between what it is taken; ``None`` where it is taken as it is.
    """

    name: str
    bounds: Bounds | None = None


def write_classes(linear: Linear, folder: Path, features: Input) -> None:
    """Write the input [batch, width] to ``logits`` [batch, labels]."""
    writer = GraphWriter()
    writer.add("Identity", _affine(writer, linear, features), output="logits")
    writer.write(folder / f"{CLASSES}.onnx", _feeds(linear, features), {"logits": ["batch", len(linear.bias)]})


def write_ratings(head: RatingHead, folder: Path, features: Input) -> None:
    """Write the input [batch, width] to ``mean`` and ``std`` [batch, dimensions]; the spread is the same for all."""
    writer = GraphWriter()
    mean = writer.add("Identity", _affine(writer, head.linear, features), output="mean")
    zero = writer.add("Mul", mean, writer.constant(np.float32(0)))
    writer.add("Add", zero, writer.constant(head.stds.astype(np.float32)), output="std")
    shape: list[str | int] = ["batch", len(head.stds)]
    writer.write(folder / f"{RATINGS}.onnx", _feeds(head.linear, features), {"mean": shape, "std": shape})


def _affine(writer: GraphWriter, linear: Linear, features: Input) -> str:
    weight, bias = (writer.constant(values.astype(np.float32)) for values in (linear.weight, linear.bias))
    return writer.add("Add", writer.add("MatMul", _bounded(writer, features), weight), bias)


def _bounded(writer: GraphWriter, features: Input) -> str:
    if features.bounds is None:
        return features.name
    low, high = (writer.constant(values.astype(np.float32)) for values in features.bounds)
    return writer.add("Min", writer.add("Max", features.name, low), high)


def _feeds(linear: Linear, features: Input) -> dict[str, tuple[int, list[str | int]]]:
    return {features.name: (TensorProto.FLOAT, ["batch", len(linear.weight)])}
