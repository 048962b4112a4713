"""The trial of the text model: a short fine-tuning on part of the training data, scored on the validation split."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from mien.calibrate import temperature
from mien.errors import OptionError
from mien.learn.text import decide
from mien.learn.text.base import base_folder, load_base, read_shape
from mien.learn.text.batches import Rows, encode_rows
from mien.learn.text.corpora import comments, sentences
from mien.learn.text.net import TextNet
from mien.learn.text.pretrain import PretrainOptions, pretrain
from mien.learn.text.teacher import answer, read_teacher
from mien.learn.text.train import TrainOptions, fit
from mien.metrics.bootstrap import Metric
from mien.metrics.calibration import multilabel_ece
from mien.metrics.categorical import multilabel_macro_f1
from mien.metrics.dimensional import pearson
from mien.types.taxonomies import GOEMOTIONS28

NEUTRAL = GOEMOTIONS28.labels.index("neutral")


@dataclass(frozen=True, slots=True)
class TrialOptions:
    """What a trial adds to the numbers of a training run.

    Args:
        rows: Labelled comments that are trained on, drawn by the seed.
        averaged: Answer with the running average of the weights instead of the last ones.
        thresholds: ``labels`` for one a label, fitted on the other half of the validation split, or ``half`` for 0.5.
        calibrated: Divide the logits by a temperature fitted on the other half of the validation split.
        pretrain: Task of a pre-training on all training texts before, see `PretrainOptions`.
        pretrain_steps: Its batches.
        teacher: File with a teacher's probabilities for all of the training split; empty for none.
    """

    rows: int = 6000
    averaged: bool = True
    thresholds: str = "labels"
    calibrated: bool = False
    pretrain: str = "none"
    pretrain_steps: int = 300
    teacher: str = ""


TRAINING = {"epochs": 2.0, "dimension_every": 4, "checkpoint_every": 10**9, "freeze_words_after": 100, "average": 0.9}
"""Where a trial's training differs from that of the shipped model by default: it is short."""


DECIDED_LATER: dict[str, Any] = {"averaged": True, "thresholds": "labels", "calibrated": False}
"""Options that change nothing about the training, so that trials which differ in them alone share one."""


def calm(truth: np.ndarray, probs: np.ndarray) -> float:
    """Return one minus the calibration error, so that higher is better."""
    return 1 - multilabel_ece(truth, probs)


class TextTrial:
    """Fine-tune the base encoder and read the validation splits of GoEmotions and EmoBank."""

    metrics: Mapping[str, Metric] = {"macro_f1": multilabel_macro_f1, "r_valence": pearson, "calibration": calm}
    defaults: Mapping[str, Any] = {**asdict(TrainOptions()), **TRAINING, **asdict(TrialOptions())}

    def run(self, options: Mapping[str, Any], seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Train with the options over their defaults.

        Raises:
            OptionError: An option is unknown.
        """
        own, training = _split(options)
        torch.set_num_threads(1)
        labelled, rated = comments("validation"), sentences("validation")
        said, means = _said(replace(own, **DECIDED_LATER), training, seed)[own.averaged]
        probs, labels = decided(labelled.truth, decide.log_odds(said), own)
        return {
            "macro_f1": (labelled.truth > 0, labels),
            "r_valence": (rated.truth[:, 0], means[:, 0]),
            "calibration": (labelled.truth, probs),
        }


def _split(options: Mapping[str, Any]) -> tuple[TrialOptions, TrainOptions]:
    known = {one.name for one in fields(TrialOptions)}
    other = {one.name for one in fields(TrainOptions)}
    for name in options:
        if name not in known | other:
            raise OptionError(f"a trial of text has no option {name!r}; known: {', '.join(sorted(known | other))}")
    own = TrialOptions(**{name: value for name, value in options.items() if name in known})
    given = {name: value for name, value in options.items() if name in other}
    return own, TrainOptions(**{**asdict(TrainOptions()), **TRAINING, **given})


@cache
def _tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(base_folder() / "tokenizer.json"))


@cache
def _said(own: TrialOptions, training: TrainOptions, seed: int) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Return probabilities of the comments and means of the sentences, by the last and by the averaged weights."""
    comment_texts, sentence_texts = comments("validation").texts, sentences("validation").texts
    nets = _trained(own, training, seed)
    return tuple(
        (answer(net, _tokenizer(), comment_texts)[0], answer(net, _tokenizer(), sentence_texts)[1]) for net in nets
    )


def _trained(own: TrialOptions, training: TrainOptions, seed: int) -> tuple[TextNet, TextNet]:
    """Return the net with its last weights and with their average."""
    torch.manual_seed(seed)
    labelled, rated = comments("train"), sentences("train")
    soft = read_teacher(Path(own.teacher)).probs if own.teacher else None
    every = encode_rows(_tokenizer(), labelled.texts, labelled.truth, max_tokens=training.max_tokens)
    chosen = np.random.default_rng(seed).permutation(len(every))[: own.rows]
    rows = Rows(tuple(every.ids[row] for row in chosen), every.truth[chosen], None if soft is None else soft[chosen])
    standard = (rated.truth - rated.truth.mean(axis=0)) / rated.truth.std(axis=0)
    ratings = encode_rows(_tokenizer(), rated.texts, standard, max_tokens=training.max_tokens)
    net = TextNet(read_shape(base_folder()), len(GOEMOTIONS28), training.dropout)
    net.trunk = load_base(base_folder(), training.dropout)
    pretrain(net.trunk, every, rows, NEUTRAL, PretrainOptions(own.pretrain, own.pretrain_steps), seed)
    with tempfile.TemporaryDirectory() as folder:
        return fit(net, rows, ratings, training, out=Path(folder), seed=seed)


def decided(truth: np.ndarray, logits: np.ndarray, own: TrialOptions) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities and decisions; what is fitted for one half of the items is fitted on the other half."""
    probs = 1 / (1 + np.exp(-logits))
    said = np.zeros(probs.shape, bool)
    half = np.arange(len(truth)) % 2 == 0
    for here, there in ((half, ~half), (~half, half)):
        if own.calibrated:
            fitted = temperature.fit(logits[there], truth[there], exclusive=False)
            probs[here] = fitted.logits(logits[here], exclusive=False)
        fixed = np.full(truth.shape[1], 0.5)
        raw = 1 / (1 + np.exp(-logits))
        bars = decide.label_thresholds(truth[there], raw[there]) if own.thresholds == "labels" else fixed
        said[here] = raw[here] >= bars
    return probs, said
