"""The recipe of the heads for tweets: intensity of four emotions, valence, and eleven emotions that may hold together.

All three share upper blocks of their own on the frozen trunk of an open model, trained on all three parts of the task
at once; of a tweet, what was not rated does not count.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mien.learn.heads import asset
from mien.learn.heads.material import COLUMNS, INTENSITIES, LABELS, VALENCE, Tweets, tweets
from mien.learn.heads.net import HeadNet, Lower, fit, plan_of
from mien.learn.own.fitting import spread_of
from mien.learn.recipe import Recipe
from mien.learn.text import decide
from mien.learn.text.graph import write_upper
from mien.learn.text.steps import is_half_fast
from mien.metrics.bootstrap import Interval, interval, mean_interval
from mien.metrics.categorical import jaccard
from mien.metrics.dimensional import pearson
from mien.runtime import find_asset
from mien.runtime.card import Calibration, Score
from mien.types import Affect
from mien.types.scales import INTENSITY4, SEMEVAL_EC11

__all__ = ["TweetOptions", "run"]

_log = logging.getLogger(__name__)

HEAD: dict[str, Any] = {
    "version": "1.0.0",
    "modality": "text",
    "line": "research",
    "licence": "Apache-2.0",
    "taxonomies": [SEMEVAL_EC11.name],
    "not_for": list(asset.NOT_FOR),
    "limits": [
        "Research line: it was trained on tweets that may be used for research only; the trunk below it is open.",
        "English tweets of 2016 and 2017, found by words and hashtags of emotion; other texts have fewer.",
        "An intensity is the place among tweets that were gathered for that emotion; of a text without it, it says "
        "little.",
        "No published map leads from its eleven labels to others: in a fused timeline they stand as words.",
        "The spread of valence is the same for every text.",
    ],
}
CORPORA = tuple(
    {
        "corpus": name,
        "licence": "for research; tweets fall under the terms of their platform",
        "tier": "B",
        "commercial": False,
        "note": f"SemEval-2018 task 1, Mohammad et al. 2018, official train split of {part}, without tweets that occur "
        "in the validation or test split of any part",
    }
    for name, part in (
        ("semeval2018-ei", "the intensities, 7,102 ratings"),
        ("semeval2018", "valence, 1,181 tweets"),
        ("semeval2018-ec", "the eleven emotions, 6,838 tweets"),
    )
)


@dataclass(frozen=True, slots=True)
class TweetOptions:
    """Numbers of the training.

    Args:
        trunk: The model whose trunk is used.
        blocks: Upper blocks that are trained.
        emoji_names: Read emoji by their names.
        degree_weight: How much one rating counts beside one label.
    """

    trunk: str = "text-affect"
    blocks: int = 2
    epochs: int = 4
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    dropout: float = 0.1
    degree_weight: float = 8.0
    emoji_names: bool = True
    max_tokens: int = 96


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Train on the training tweets, calibrate on validation, write ``out``/<recipe>, and measure it once on test.

    Raises:
        OptionError: The recipe has an unknown option.
        InputError: A corpus is missing.
        UnknownNameError: There is no model of the trunk's name.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    options = TweetOptions(**recipe.option(asdict(TweetOptions())))
    net = train(options, seed)
    folder = out / recipe.name
    about = asset.Draft(_head(recipe.name, options.blocks), CORPORA, find_asset(options.trunk))
    draft = _write(net, folder, options, about)
    checked = tweets("validation")
    said = _answers(folder, checked)
    fitted, calibration = _calibrated(checked, said)
    draft |= fitted
    asset.write_scaled(net.head(VALENCE), _spread(checked, said), folder / "valence.onnx")
    asset.write_draft(folder, about, draft, calibration)
    rows = scores(folder, "validation", draft["thresholds"], seed)
    _log.info("validation: %s", {row.metric: row.value for row in rows})
    rows = scores(folder, "test", draft["thresholds"], seed)
    _log.info("test: %s", {row.metric: row.value for row in rows})
    asset.write_draft(folder, about, draft, calibration, rows)
    asset.golden(folder, GOLDEN)


def train(options: TweetOptions, seed: int) -> HeadNet:
    """Return upper blocks and heads, trained on the training tweets."""
    torch.manual_seed(seed)
    plan = plan_of(options, half=is_half_fast())
    lower = Lower.of(find_asset(options.trunk), dropout=plan.dropout, emoji_names=options.emoji_names)
    net = HeadNet(lower.upper(options.blocks), COLUMNS, plan.dropout)
    part = tweets("train")
    rows = lower.rows(part.texts, part.truth, net.trunk.below, max_tokens=plan.max_tokens)
    _log.info("%d tweets read by %d blocks", len(rows), net.trunk.below)
    weights = torch.ones(COLUMNS)
    weights[: LABELS.start] = options.degree_weight
    return fit(net, rows, plan, weights, seed)


def _head(name: str, blocks: int) -> dict[str, Any]:
    told = "which of eleven emotions a tweet expresses, how intense anger, fear, joy and sadness are, and how pleasant"
    summary = f"Reads {told} it is; the trunk's last {blocks} blocks are its own."
    return {"name": name, "summary": summary, "recipe": f"recipes/{name}", **HEAD}


def _write(net: HeadNet, folder: Path, options: TweetOptions, about: asset.Draft) -> dict[str, Any]:
    """Write the graphs and a first card; return its options."""
    folder.mkdir(parents=True, exist_ok=True)
    write_upper(list(net.trunk.blocks), folder / "upper.onnx")
    asset.write_logits(net.head(LABELS), folder / "emotions.onnx")
    asset.write_scaled(net.head(VALENCE), np.ones(1), folder / "valence.onnx")
    asset.write_degrees(net.head(INTENSITIES), folder / "intensity.onnx")
    draft = {
        "emoji_names": options.emoji_names,
        "upper": "upper",
        "upper_block": net.trunk.below,
        "upper_heads": ["emotions", "valence", "intensity"],
        "categories": "emotions",
        "ratings": "valence",
        "dimensions": ["valence"],
        "thresholds": [0.5] * len(SEMEVAL_EC11),
        "degrees": {"intensity": INTENSITY4.name},
    }
    asset.write_draft(folder, about, draft)
    return draft


def _columns(affect: Affect | None) -> np.ndarray:
    """Return what a model says of a tweet in the columns of the truth; nothing where it knows no word."""
    if affect is None or affect.categories is None or affect.valence is None:
        return np.array([0.5] * LABELS.start + [0.0] * len(SEMEVAL_EC11))
    return np.concatenate([affect.degrees[0].probs, [(affect.valence.mean + 1) / 2], affect.categories.probs])


def _answers(folder: Path, part: Tweets) -> np.ndarray:
    return np.stack([_columns(affect) for affect in asset.said_by(folder, part.texts)])


def _known(part: Tweets, columns: slice) -> np.ndarray:
    known: np.ndarray = ~np.isnan(part.truth[:, columns.start])
    return known


def _spread(part: Tweets, said: np.ndarray) -> np.ndarray:
    rows = _known(part, VALENCE)
    return 2 * spread_of(part.truth[rows, VALENCE], said[rows, VALENCE])


def _calibrated(part: Tweets, said: np.ndarray) -> tuple[dict[str, Any], tuple[Calibration, ...]]:
    """Return temperature, thresholds and confidence of the labels, fitted on a drafted model's validation answers."""
    rows = _known(part, LABELS)
    truth = part.truth[rows, LABELS]
    found = decide.calibrate_labels("emotions", truth, said[rows, LABELS])
    least = round(best_threshold(truth, found.probs), 4)
    return found.options | {"thresholds": [least] * len(SEMEVAL_EC11)}, found.rows


def best_threshold(truth: np.ndarray, probs: np.ndarray) -> float:
    """Return the one probability from which labels count as said that does best by the Jaccard index.

    One for all labels: the index counts tweets, so that rare labels have little say in thresholds of their own.
    """
    tried = np.arange(0.15, 0.6, 0.01)
    return float(max(tried, key=lambda least: jaccard(truth > 0.5, probs >= least)))


def scores(folder: Path, split: str, thresholds: list[float], seed: int) -> list[Score]:
    """Return the scores of a model on a split, as the tasks of the three parts measure them."""
    part = tweets(split)
    said = _answers(folder, part)
    held, rated = _known(part, LABELS), _known(part, VALENCE)
    pairs = [
        (part.truth[rows, k], said[rows, k]) for k in range(INTENSITIES.stop) for rows in [~np.isnan(part.truth[:, k])]
    ]
    labels = interval(jaccard, part.truth[held, LABELS] > 0.5, said[held, LABELS] >= np.array(thresholds))
    valence = interval(pearson, part.truth[rated, VALENCE.start], said[rated, VALENCE.start])
    found = [
        ("text/semeval2018-ei", "r_mean", mean_interval(pearson, pairs), sum(len(truth) for truth, _ in pairs)),
        ("text/semeval2018-v", "r_valence", valence, int(rated.sum())),
        ("text/semeval2018-ec", "jaccard", labels, int(held.sum())),
    ]
    return [_score(*row, split, seed) for row in found]


def _score(task: str, metric: str, found: Interval, n: int, split: str, seed: int) -> Score:
    value, low, high = (round(float(bound), 4) for bound in (found.value, found.low, found.high))
    return Score(task, metric, value, low, high, n, (seed,), split=split)


def _intensities(affect: Affect) -> np.ndarray:
    return affect.degrees[0].probs


def _labels(affect: Affect) -> np.ndarray:
    return np.zeros(0) if affect.categories is None else affect.categories.probs


GOLDEN = {"probs": _labels, "degrees": _intensities, "columns": _columns}
