"""The multilingual recipe from corpora to model folder."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from mien.datasets import goemotions
from mien.learn.card import publish_card
from mien.learn.languages import linear, publish, vocabulary
from mien.learn.languages.corpora import LABELS, LANGUAGES, Labelled, finnish, texts_of, tongues, training
from mien.learn.languages.decide import Joined, join, thresholds_by_language
from mien.learn.languages.e5 import base_file, load_encoder, read_base
from mien.learn.languages.linear import Linear
from mien.learn.languages.scores import group_rows, macro_f1, score_rows
from mien.learn.languages.train import LanguagesNet, LanguagesOptions, fit
from mien.learn.recipe import Recipe
from mien.learn.text.batches import encode_rows
from mien.learn.text.corpora import label_row
from mien.learn.text.decide import log_odds, logistic
from mien.metrics.calibration import confidence_ece, multilabel_ece
from mien.perceive.text import TextPerceiver
from mien.runtime.card import Calibration
from mien.types import Span, Utterance

_log = logging.getLogger(__name__)

MAX_TOKENS = 128
"""Tokens that the shipped model reads at a time; no training text had more."""

LOST = 0.005
"""Share of English texts that may be taken for another language."""

DRAFT: dict[str, Any] = {
    "max_tokens": MAX_TOKENS,
    "batch_tokens": 1024,
    "read_passages": 512,
    "timeline_sentences": 4000,
    "categories": "emotions",
    "ratings": "",
    "dimensions": [],
    "ngrams": "ngrams.npz",
    "guess": "guess.npz",
    "claims": "claims.npz",
    "confidence_slope": 1.0,
    "confidence_offset": 0.0,
    "thresholds": [0.5] * len(LABELS),
    "languages": list(LANGUAGES),
    "language_thresholds": [[0.5] * len(LABELS)] * len(LANGUAGES),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """The linear models beside the trunk.

    Args:
        emotions: One a language.
        guess: Of the language.
        claims: Of whether a text is not English.
    """

    emotions: tuple[Linear, ...]
    guess: Linear
    claims: Linear

    def logits(self, labelled: Labelled) -> np.ndarray:
        """Return what each language's model says of its texts, shape ``(n, labels)``."""
        found = np.zeros(labelled.truth.shape)
        for place in np.unique(labelled.languages):
            inside = labelled.languages == place
            found[inside] = self.emotions[place].logits(labelled.where(inside).texts)
        return found


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Train, choose and calibrate on validation, write the model to ``out``/`recipe.name`, and measure it once on test.

    Raises:
        OptionError: The recipe has an unknown option.
        InputError: A corpus is missing, or the base encoder is not installed.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    options = LanguagesOptions(**recipe.option(asdict(LanguagesOptions())))
    learned = training(options.finnish_lines, seed)
    nets, tokenizer = _train(learned, options, out, seed)
    beside = fit_beside(learned, options)
    held_out = texts_of("validation") + finnish("validation")
    folders = [out / name for name in ("candidate-last", "candidate-mean")]
    for folder, net in zip(folders, nets, strict=True):
        draft(folder, net, tokenizer, beside)
    chosen = choose(folders, beside, held_out, options)
    folder = shutil.copytree(chosen, out / recipe.name, dirs_exist_ok=True)
    finish(folder, beside, held_out, options, seed)


def fit_beside(learned: Labelled, options: LanguagesOptions) -> Beside:
    """Return the linear models that the trunk is joined with."""
    spoken = tongues("train")
    own = [learned.where(learned.languages == place) for place in range(len(LANGUAGES))]
    emotions = tuple(linear.fit(texts, bits=options.bits, strength=options.strength) for texts in own)
    claims = linear.fit_claims(spoken, tongues("validation"), lost=LOST)
    return Beside(emotions, linear.fit_guess(spoken), claims)


def draft(folder: Path, net: LanguagesNet, tokenizer: Tokenizer, beside: Beside) -> None:
    """Write a model whose n-grams do not count yet and whose probabilities are not calibrated."""
    publish.write_graphs(net, folder, positions=MAX_TOKENS)
    publish.write_tokenizer(tokenizer, folder)
    count = len(LANGUAGES)
    _write_joined(folder, beside, Joined(np.ones(count), np.zeros(count), np.zeros(len(LABELS))))
    linear.write(folder / "guess.npz", beside.guess)
    linear.write(folder / "claims.npz", beside.claims)
    publish_card(folder, publish.ABOUT, DRAFT)


def _write_joined(folder: Path, beside: Beside, joined: Joined) -> None:
    parts = {"slopes": joined.slopes, "offset": joined.offset, "trunk": joined.trunk}
    linear.write_tables(folder / "ngrams.npz", beside.emotions, **parts)


def _train(
    learned: Labelled, options: LanguagesOptions, out: Path, seed: int
) -> tuple[tuple[LanguagesNet, LanguagesNet], Tokenizer]:
    torch.manual_seed(seed)
    base = read_base(base_file())
    english = [sample.signal.text for sample in goemotions.load("train")]
    used = [*learned.texts, *finnish("train").texts, *english]
    kept = vocabulary.choose(base.pieces, used, least=options.least_uses)
    tokenizer = vocabulary.tokenizer([base.pieces[place] for place in kept])
    truth = np.column_stack([learned.truth, learned.languages])
    rows = encode_rows(tokenizer, learned.texts, truth, max_tokens=options.max_tokens)
    _log.info("%d texts, %d pieces, %d tokens", len(rows), len(kept), sum(map(len, rows.ids)))
    trunk = load_encoder(base, kept, layers=options.layers, dropout=options.dropout)
    net = LanguagesNet(trunk, len(LABELS), len(LANGUAGES), options.dropout)
    return fit(net, rows, options, out=out, seed=seed), tokenizer


def read(folder: Path, labelled: Labelled) -> np.ndarray:
    """Return the probabilities that a model gives where the languages are told, shape ``(n, labels)``.

    They are 0 where it perceives nothing.
    """
    perceiver = TextPerceiver(model=str(folder), threads=1)
    probs = np.zeros(labelled.truth.shape)
    for place in np.unique(labelled.languages):
        inside = np.flatnonzero(labelled.languages == place)
        texts = [labelled.texts[row] for row in inside]
        pieces = [Utterance(text, Span(0, max(1, len(text)), "characters")) for text in texts]
        for row, affect in zip(inside, perceiver.in_language(LANGUAGES[place]).read(pieces), strict=True):
            probs[row] = 0.0 if affect is None else label_row(affect)
    return probs


def choose(folders: Sequence[Path], beside: Beside, held_out: Labelled, options: LanguagesOptions) -> Path:
    """Return the candidate whose trunk, joined with the n-grams, does best on validation."""
    ngrams = beside.logits(held_out)
    found = []
    for folder in folders:
        trunk = log_odds(read(folder, held_out))
        joined = join_on(held_out, trunk, ngrams, options)
        probs = _sigmoid(joined.logits(trunk, ngrams, held_out.languages))
        score = macro_f1(held_out, probs, _thresholds(held_out, probs)[1])
        _log.info("%s on validation: macro F1 %.4f", folder.name, score)
        found.append((score, folder))
    return max(found)[1]


def join_on(held_out: Labelled, trunk: np.ndarray, ngrams: np.ndarray, options: LanguagesOptions) -> Joined:
    """Return how the logits of trunk and n-grams join, fitted on held-out texts."""
    return join(trunk, ngrams, held_out.truth, held_out.languages, count=len(LANGUAGES), ridge=options.ridge)


def _thresholds(held_out: Labelled, probs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return thresholds_by_language(probs, held_out.languages, count=len(LANGUAGES))


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    probs: np.ndarray = 1 / (1 + np.exp(-logits))
    return probs


def finish(folder: Path, beside: Beside, held_out: Labelled, options: LanguagesOptions, seed: int) -> None:
    """Join and calibrate a drafted model on validation, measure it on test, and write its card and golden file."""
    trunk = log_odds(read(folder, held_out))
    _write_joined(folder, beside, join_on(held_out, trunk, beside.logits(held_out), options))
    publish_card(folder, publish.ABOUT, DRAFT)
    probs = read(folder, held_out)
    common, own = (np.round(thresholds, 4) for thresholds in _thresholds(held_out, probs))
    settings, calibration = _calibrated(held_out, _sigmoid(trunk), probs)
    settings |= {"thresholds": common.tolist(), "language_thresholds": own.tolist()}
    publish_card(folder, publish.ABOUT, settings, calibration=calibration)
    publish.write_golden(folder)
    tested = texts_of("test") + finnish("test")
    answers = read(folder, tested)
    scores = [*score_rows(held_out, probs, own, seed, "validation"), *score_rows(tested, answers, own, seed, "test")]
    groups = group_rows(tested, answers, own)
    publish_card(folder, publish.ABOUT, settings, calibration=calibration, scores=scores, groups=groups)
    (folder.parent / "scores.json").write_text(json.dumps([asdict(row) for row in scores], indent=1), encoding="utf-8")
    for row in scores:
        _log.info("%s %s %s %.4f (%s)", row.task, row.split, row.metric, row.value, row.note)


def _calibrated(held_out: Labelled, before: np.ndarray, probs: np.ndarray) -> tuple[dict[str, Any], list[Calibration]]:
    """Return the settings with those of the confidence, and what calibration was worth on validation."""
    whole = ~np.isnan(held_out.truth).any(axis=1)
    truth = held_out.truth[whole] > 0
    top, right = probs[whole].max(axis=1), truth[np.arange(len(truth)), probs[whole].argmax(axis=1)]
    slope, offset = logistic(log_odds(top), right.astype(float))
    confidence = _sigmoid(slope * log_odds(top) + offset)
    ece_before, ece_after = (round(multilabel_ece(truth, side[whole]), 5) for side in (before, probs))
    sure_before, sure_after = (round(confidence_ece(right, side), 5) for side in (top, confidence))
    rows = [
        Calibration("emotions", "joined with the n-grams", "validation", ece_before, ece_after),
        Calibration("confidence", "logistic on the top label", "validation", sure_before, sure_after),
    ]
    return DRAFT | {"confidence_slope": round(slope, 5), "confidence_offset": round(offset, 5)}, rows
