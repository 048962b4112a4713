"""The folder of a model that brings heads alone: their graphs, the card and the golden answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto

from mien.learn.card import About, publish_card
from mien.learn.own.fitting import Linear
from mien.learn.text.graph import GraphWriter
from mien.learn.text.publish import GOLDEN
from mien.perceive.text import TextPerceiver
from mien.runtime import Asset
from mien.runtime.card import Calibration, Score
from mien.types import Affect, Span, Utterance

__all__ = [
    "NOT_FOR",
    "Draft",
    "golden",
    "said_by",
    "write_degrees",
    "write_draft",
    "write_lines",
    "write_logits",
    "write_scaled",
]


TAKEN_OVER = ("max_tokens", "batch_tokens", "read_passages", "timeline_sentences")
"""Options of the model that lends its trunk which hold for every head on it."""

LEAST_STD = 0.01
NOT_FOR = (
    "deciding about a person: hiring, credit, insurance, schooling, policing, asylum",
    "diagnosing illness or judging whether someone is at risk",
    "finding out what people feel without their knowledge and consent",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a card says beside its numbers.

    Args:
        head: The keys at the top, without those on the trunk.
        corpora: Rows of ``[[trained_on]]``, beside those of the trunk.
        lender: The model whose trunk is used.
    """

    head: Mapping[str, Any]
    corpora: Sequence[Mapping[str, Any]]
    lender: Asset


def write_draft(
    folder: Path,
    draft: Draft,
    options: Mapping[str, Any],
    calibration: Sequence[Calibration] = (),
    scores: Sequence[Score] = (),
) -> None:
    """Write ``card.toml`` for the graphs that lie in the folder, and CARD.md after it."""
    info = draft.lender.info
    digest = next(item.sha256 for item in info.files if item.name == "trunk.onnx")
    about = About(
        {**draft.head, "trunk": info.name, "trunk_sha256": digest},
        sorted(path.name for path in folder.glob("*.onnx")),
        [asdict(row) for row in info.base],
        [*map(asdict, info.trained_on), *draft.corpora],
    )
    taken = {key: info.options[key] for key in TAKEN_OVER}
    publish_card(folder, about, {**taken, **options}, calibration=calibration, scores=scores)


def said_by(folder: Path, texts: Sequence[str]) -> list[Affect | None]:
    """Return what a model says of texts."""
    pieces = [Utterance(text, Span(0, len(text), "characters")) for text in texts]
    return TextPerceiver(model=str(folder), threads=1).read(pieces)


def golden(folder: Path, answers: Mapping[str, Callable[[Affect], np.ndarray]]) -> None:
    """Write ``golden.npz``: sentences of our own and what the model says of them, by name of the answer."""
    affects = [affect for affect in said_by(folder, GOLDEN) if affect is not None]
    found: dict[str, Any] = {
        f"output_{name}": np.stack([answer(affect) for affect in affects]) for name, answer in answers.items()
    }
    np.savez_compressed(folder / "golden.npz", input_texts=np.array(GOLDEN), **found)


def write_logits(linear: Linear, path: Path) -> None:
    """Write ``sentence`` [batch, width] to ``logits`` [batch, labels]."""
    writer = GraphWriter()
    writer.add("Identity", _affine(writer, linear), output="logits")
    _write(writer, linear, path, ("logits",))


def write_degrees(linear: Linear, path: Path) -> None:
    """Write ``sentence`` [batch, width] to ``degrees`` [batch, labels] in [0, 1]: the logistic function of a line."""
    writer = GraphWriter()
    writer.add("Sigmoid", _affine(writer, linear), output="degrees")
    _write(writer, linear, path, ("degrees",))


def write_scaled(linear: Linear, stds: np.ndarray, path: Path) -> None:
    """Write ``sentence`` to ``mean`` and ``std`` [batch, dimensions]: degrees of [0, 1] on [-1, 1], one spread each."""
    writer = GraphWriter()
    twice = writer.add("Mul", writer.add("Sigmoid", _affine(writer, linear)), writer.constant(np.float32(2)))
    mean = writer.add("Sub", twice, writer.constant(np.float32(1)), output="mean")
    zero = writer.add("Mul", mean, writer.constant(np.float32(0)))
    writer.add("Add", zero, writer.constant(stds.astype(np.float32)), output="std")
    _write(writer, linear, path, ("mean", "std"))


def write_lines(means: Linear, stds: Linear, path: Path) -> None:
    """Write ``sentence`` to ``mean`` and ``std`` [batch, dimensions], a line each; a spread is `LEAST_STD` or more."""
    writer = GraphWriter()
    writer.add("Identity", _affine(writer, means), output="mean")
    writer.add("Max", _affine(writer, stds), writer.constant(np.float32(LEAST_STD)), output="std")
    _write(writer, means, path, ("mean", "std"))


def _affine(writer: GraphWriter, linear: Linear) -> str:
    weight, bias = (writer.constant(values.astype(np.float32)) for values in (linear.weight, linear.bias))
    return writer.add("Add", writer.add("MatMul", "sentence", weight), bias)


def _write(writer: GraphWriter, linear: Linear, path: Path, outputs: Sequence[str]) -> None:
    shape: list[str | int] = ["batch", len(linear.bias)]
    feeds: dict[str, tuple[int, list[str | int]]] = {"sentence": (TensorProto.FLOAT, ["batch", len(linear.weight)])}
    writer.write(path, feeds, dict.fromkeys(outputs, shape))
