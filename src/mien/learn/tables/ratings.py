"""Valence, arousal and dominance of Quechua speech, from 46 features of recordings that are not at hand themselves.

References:
    Paccotacya-Yanque et al. (2022), A speech corpus of Quechua Collao for automatic dimensional emotion recognition,
    Scientific Data 9, 778.
    Wagner et al. (2023), Dawn of the transformer era in speech emotion recognition: closing the valence gap, IEEE
    Transactions on Pattern Analysis and Machine Intelligence 45(9) (the loss).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.learn.tables.losses import rating_loss
from mien.learn.tables.net import Plan, chosen, fit, predict
from mien.metrics.bootstrap import Metric
from mien.metrics.dimensional import mean_ccc

__all__ = ["DIMENSIONS", "Rated", "RatingOptions", "RatingsTrial", "rate", "read_rated"]

CORPUS = "speech/quechua_vad_features"
SPLITS = {"train": "train", "validation": "val", "test": "test"}
DIMENSIONS = ("valence", "arousal", "dominance")
N_FEATURES = 46
MIDDLE, REACH = 3.0, 2.0
"""Of the scale of the ratings, from 1 to 5; they are learnt on [-1, 1]."""


@dataclass(frozen=True, slots=True)
class RatingOptions:
    """How ratings are learnt.

    Args:
        loss: ``ccc`` for the concordance correlation over a batch, ``mse`` for the squared error.
        members: Perceptrons that are averaged.
        inner: Width of their hidden layers.
        epochs: Passes over the rows.
        batch: Rows a step.
    """

    loss: str = "mse"
    members: int = 3
    inner: int = 128
    epochs: int = 30
    batch: int = 256


@dataclass(frozen=True, slots=True)
class Rated:
    """Rows with their mean ratings on [-1, 1]."""

    features: Float[ndarray, "rows features"]
    ratings: Float[ndarray, "rows dimensions"]


def read_rated(splits: Sequence[str], root: Path | None = None) -> Rated:
    """Read the rows of some of the authors' splits.

    Raises:
        OptionError: A split is unknown.
        InputError: The table is missing or broken.
    """
    for split in splits:
        check_split(split, tuple(SPLITS))
    wanted = {SPLITS[split] for split in splits}
    table = read_table(corpus_folder(CORPUS, root) / "quechua_vad_features.parquet")
    rows = [row for row in table if row["split"] in wanted]
    features = np.array([[row[f"f{place:02d}"] for place in range(N_FEATURES)] for row in rows], dtype=np.float32)
    ratings = np.array([[row[name] for name in DIMENSIONS] for row in rows], dtype=np.float32)
    return Rated(features, (ratings - MIDDLE) / REACH)


def rate(learnt: Rated, asked: Rated, options: RatingOptions, *, seed: int) -> Float[ndarray, "rows dimensions"]:
    """Learn from rows and return the ratings that others are thought to have.

    Raises:
        OptionError: The loss is unknown.
    """
    plan = Plan(members=options.members, inner=options.inner, epochs=options.epochs, batch=options.batch)
    net = fit(learnt.features, learnt.ratings, rating_loss(options.loss), plan, seed=seed)
    return np.clip(predict(net, asked.features), -1, 1)


class RatingsTrial:
    """Learn from the rows of ``train`` and rate those of ``validation``."""

    metrics: Mapping[str, Metric] = {"mean_ccc": mean_ccc}
    defaults: Mapping[str, Any] = asdict(RatingOptions())

    def run(self, options: Mapping[str, Any], seed: int) -> dict[str, tuple[np.ndarray, ...]]:
        """Train with the options over their defaults.

        Raises:
            OptionError: An option or the loss is unknown.
        """
        given = chosen(RatingOptions, options, "a trial of ratings")
        judged = read_rated(["validation"])
        return {"mean_ccc": (judged.ratings, rate(read_rated(["train"]), judged, given, seed=seed))}
