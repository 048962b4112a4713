"""The recipes of two heads for two sides of a text: what it makes its readers feel, and what it says of its writer.

Each is a line on the frozen trunk's sentence vector, for the mean rating and for the spread among the raters, fitted by
ridge regression; its penalty is chosen on validation.

References:
    Buechel and Hahn (2017). Readers vs. writers vs. texts: coping with different perspectives of text understanding in
    emotion annotation. LAW, 1-12.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from mien.datasets import Sample
from mien.errors import InputError
from mien.learn.heads import asset
from mien.learn.own.fitting import PENALTIES, Linear, ridge
from mien.learn.recipe import Recipe
from mien.metrics.bootstrap import interval
from mien.metrics.dimensional import pearson
from mien.perceive.text import TextPerceiver
from mien.perceive.text.heads import DIMENSIONS
from mien.registry import find
from mien.runtime import find_asset
from mien.runtime.card import Score
from mien.types import Affect

__all__ = ["run_readers", "run_writers"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a text.

    Args:
        corpus: Registry name of the ratings.
        kind: Whose affect they speak of.
        summary: What the head does.
    """

    corpus: str
    kind: str
    summary: str


READERS = Side(
    "emobank-readers",
    "induced",
    "Tells how pleasant, excited and in control an English sentence makes its readers feel, and how far they differ.",
)
WRITERS = Side(
    "emobank-writers",
    "expressed",
    "Tells how pleasant, excited and in control the writer of an English sentence seems, and how far raters differ.",
)
CORPUS = {
    "corpus": "emobank",
    "licence": "CC BY-SA 4.0",
    "tier": "A",
    "commercial": True,
    "note": "Buechel and Hahn 2017, official train split, 8,062 sentences, ratings of one side; share-alike binds "
    "copies and adaptations of the corpus, no part of which is shipped",
}
LIMITS = (
    "English only: sentences of American fiction, essays, blogs, news and letters, mostly without much affect.",
    "About five raters judged each sentence, so that both their mean and their spread are rough; see the scores.",
    "The spread is that among raters, not the error of the mean.",
    "The head of text-affect, which learnt the mean of both sides, follows either as well as this one does; what is "
    "new here is whose affect it is and the spread.",
    "The 28 emotions are those of the model whose trunk it uses, which does not tell writers from readers.",
)


@dataclass(frozen=True, slots=True)
class SideOptions:
    """Numbers of the fit."""

    trunk: str = "text-affect"


def run(side: Side, recipe: Recipe, out: Path, seed: int) -> None:
    """Fit on the training split, choose on validation, write the model, and measure it once on test.

    Raises:
        OptionError: The recipe has an unknown option.
        InputError: The corpus is missing.
        UnknownNameError: There is no model of the trunk's name.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options = SideOptions(**recipe.option(asdict(SideOptions())))
    lender = find_asset(options.trunk)
    vectors = {split: _vectors(options.trunk, side, split) for split in ("train", "validation")}
    truth = {split: _truth(side, split) for split in vectors}
    line = _fitted(vectors, truth)
    folder = out / recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    asset.write_lines(_half(line, slice(0, 3)), _half(line, slice(3, 6)), folder / "side.onnx")
    labels = ("temperature", "confidence_slope", "confidence_offset", "thresholds")
    card = {key: lender.info.options[key] for key in labels} | {"ratings": "side", "kind": side.kind}
    about = asset.Draft(_head(side, recipe), (CORPUS,), lender)
    asset.write_draft(folder, about, card)
    scores = _scores(folder, side, f"text/{side.corpus}", seed)
    asset.write_draft(folder, about, card, scores=scores)
    asset.golden(folder, {"means": partial(_values, part="mean"), "stds": partial(_values, part="std")})


run_readers = partial(run, READERS)
run_writers = partial(run, WRITERS)


def _head(side: Side, recipe: Recipe) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "version": "1.0.0",
        "modality": "text",
        "line": "open",
        "licence": "Apache-2.0",
        "summary": side.summary,
        "recipe": f"recipes/{recipe.name}",
        "taxonomies": ["goemotions28"],
        "not_for": list(asset.NOT_FOR),
        "limits": list(LIMITS),
    }


def _samples(side: Side, split: str) -> list[Sample]:
    samples: list[Sample] = find("corpus", side.corpus)(split)
    return samples


def _vectors(trunk: str, side: Side, split: str) -> np.ndarray:
    return TextPerceiver(model=trunk, threads=1).vectors([sample.signal for sample in _samples(side, split)])


def _truth(side: Side, split: str) -> np.ndarray:
    """Return means and spreads of the ratings, shape ``(n, 6)``."""
    truths = [sample.truth for sample in _samples(side, split)]
    return np.stack([np.concatenate([_values(truth, part=part) for part in ("mean", "std")]) for truth in truths])


def _values(affect: Affect | None, *, part: str) -> np.ndarray:
    found = [None if affect is None else getattr(affect, name) for name in DIMENSIONS]
    if any(dimension is None for dimension in found):
        raise InputError(f"a sentence of EmoBank lacks one of {', '.join(DIMENSIONS)}; each must have them")
    return np.array([getattr(dimension, part) for dimension in found])


def _fitted(vectors: dict[str, np.ndarray], truth: dict[str, np.ndarray]) -> Linear:
    """Return the line of each column whose penalty does best on validation, by squared error."""
    weights, biases = [], []
    for column in range(truth["train"].shape[1]):
        target, checked = (truth[split][:, column : column + 1] for split in ("train", "validation"))
        lines = [ridge(vectors["train"], target, penalty) for penalty in PENALTIES]
        best = min(lines, key=lambda line: float(np.mean((line(vectors["validation"]) - checked) ** 2)))
        weights.append(best.weight)
        biases.append(best.bias)
    return Linear(np.hstack(weights), np.concatenate(biases))


def _half(line: Linear, columns: slice) -> Linear:
    return Linear(line.weight[:, columns], line.bias[columns])


def _scores(folder: Path, side: Side, task: str, seed: int) -> list[Score]:
    samples = _samples(side, "test")
    said = asset.said_by(folder, [sample.signal.text for sample in samples])
    rows = []
    for part, prefix in (("mean", "r"), ("std", "r_spread")):
        truth, told = (
            np.stack([_values(affect, part=part) for affect in affects])
            for affects in ([sample.truth for sample in samples], said)
        )
        for place, name in enumerate(DIMENSIONS):
            found = interval(pearson, truth[:, place], told[:, place])
            value, low, high = (round(float(bound), 4) for bound in (found.value, found.low, found.high))
            rows.append(Score(task, f"{prefix}_{name}", value, low, high, len(samples), (seed,)))
            _log.info("%s %s_%s %.4f", task, prefix, name, value)
    return rows
