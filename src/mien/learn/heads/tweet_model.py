"""The folder of a model for tweets: its three heads, what its card says, and how it is finished."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mien.learn.heads import asset
from mien.learn.heads.answers import GOLDEN, answers, calibrated, score_rows, valence_spread
from mien.learn.heads.material import INTENSITIES, LABELS, VALENCE, tweets
from mien.learn.heads.net import HeadNet
from mien.types.scales import INTENSITY4, SEMEVAL_EC11

__all__ = ["CORPORA", "HEAD", "HEADS", "LIMITS", "READS", "finish", "write_heads"]

_log = logging.getLogger(__name__)

READS = "Reads which of eleven emotions a tweet expresses, how intense anger, fear, joy and sadness are, and how "
READS += "pleasant it is"
LIMITS = (
    "English tweets of 2016 and 2017, found by words and hashtags of emotion; other texts have fewer.",
    "An intensity is the place among tweets that were gathered for that emotion; of a text without it, it says little.",
    "No published map leads from its eleven labels to others: in a fused timeline they stand as words.",
    "The spread of valence is the same for every text.",
)
HEAD: dict[str, Any] = {
    "version": "1.0.0",
    "modality": "text",
    "line": "research",
    "licence": "Apache-2.0",
    "taxonomies": [SEMEVAL_EC11.name],
    "not_for": list(asset.NOT_FOR),
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
HEADS: dict[str, Any] = {
    "categories": "emotions",
    "ratings": "valence",
    "dimensions": ["valence"],
    "thresholds": [0.5] * len(SEMEVAL_EC11),
    "degrees": {"intensity": INTENSITY4.name},
}
"""Options of the card that say what the heads answer in, before calibration."""


def write_heads(net: HeadNet, folder: Path) -> None:
    """Write the graphs of the three heads; the spread of valence is not known yet."""
    asset.write_logits(net.head(LABELS), folder / "emotions.onnx")
    asset.write_scaled(net.head(VALENCE), np.ones(1), folder / "valence.onnx")
    asset.write_degrees(net.head(INTENSITIES), folder / "intensity.onnx")


def finish(folder: Path, net: HeadNet, options: Mapping[str, Any], seed: int, write: Callable[..., None]) -> None:
    """Calibrate a drafted model on validation, measure it once on test, and write its card and golden answers.

    Args:
        folder: The model, whose draft is not calibrated.
        net: What its heads were written from.
        options: Those of the draft's card.
        seed: Seed of the training.
        write: Writes the card, from options, calibration and scores.
    """
    checked = tweets("validation")
    said = answers(folder, checked)
    fitted, calibration = calibrated(checked, said)
    asset.write_scaled(net.head(VALENCE), valence_spread(checked, said), folder / "valence.onnx")
    final = {**options, **fitted}
    write(final, calibration=calibration)
    for split in ("validation", "test"):
        part = tweets(split)
        rows = score_rows(part, answers(folder, part), final["thresholds"], split, seed)
        _log.info("%s: %s", split, {row.metric: row.value for row in rows})
    write(final, calibration=calibration, scores=rows)
    asset.golden(folder, GOLDEN)
