"""The text recipe from corpora to model folder."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from mien.datasets import semeval2018
from mien.learn.card import publish_card
from mien.learn.recipe import Recipe
from mien.learn.text import decide, publish
from mien.learn.text.base import base_folder, load_base, read_shape
from mien.learn.text.batches import encode_rows
from mien.learn.text.corpora import Truth, comments, dimension_row, label_row, sentences
from mien.learn.text.net import TextNet
from mien.learn.text.scores import Answers, elsewhere, group_rows, score_rows
from mien.learn.text.teacher import Said, read_teacher, taught
from mien.learn.text.train import TrainOptions, fit
from mien.metrics.categorical import multilabel_macro_f1
from mien.perceive.text import TextPerceiver
from mien.runtime.card import Calibration, Score
from mien.types.taxonomies import GOEMOTIONS28

_log = logging.getLogger(__name__)

MAX_TOKENS = 128
"""Tokens that the shipped model reads at a time; the base encoder knows so many places."""

OWN: dict[str, Any] = {"teacher": "", "teacher_share": 0.5, "members": 1}
"""Options of the recipe beside those of a training: a teacher's answers, their share in the ratings, and how many nets
are trained, each with a seed of its own."""

DRAFT: dict[str, Any] = {
    "max_tokens": MAX_TOKENS,
    "batch_tokens": 256,
    "read_passages": 512,
    "timeline_sentences": 4000,
    "temperature": 1.0,
    "std_scale": [1.0, 1.0, 1.0],
    "confidence_slope": 1.0,
    "confidence_offset": 0.0,
    "thresholds": [0.5] * len(GOEMOTIONS28),
}


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Train, choose and calibrate on validation, write the model to ``out``/text-affect, and measure it once on test.

    Raises:
        OptionError: The recipe has an unknown option.
        InputError: A corpus is missing.
        MissingExtraError: The base encoder is not installed.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    given = recipe.option({**asdict(TrainOptions()), **OWN})
    own = {name: given.pop(name) for name in OWN}
    ratings = sentences("train").truth
    centre, spread = ratings.mean(axis=0), ratings.std(axis=0)
    lesson = Lesson(read_teacher(Path(own["teacher"])), own["teacher_share"]) if own["teacher"] else None
    nets = candidates([member(TrainOptions(**given), lesson, out, seed, k) for k in range(own["members"])])
    chosen, answers = _choose([_write(net, out / name, centre, spread) for name, net in nets.items()])
    folder = shutil.copytree(chosen, out / recipe.name, dirs_exist_ok=True)
    finish(folder, answers, seed)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a teacher says, and its share in the ratings of the sentences that people rated, too."""

    said: Said
    share: float


def member(options: TrainOptions, lesson: Lesson | None, out: Path, seed: int, number: int) -> tuple[TextNet, TextNet]:
    """Train one net in a folder of its own; return it and the running average of its weights."""
    folder = out / f"member-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed + number)
    base = base_folder()
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    labelled, rated = comments("train"), sentences("train")
    standard = (rated.truth - rated.truth.mean(axis=0)) / rated.truth.std(axis=0)
    net = TextNet(read_shape(base), len(GOEMOTIONS28), options.dropout)
    net.trunk = load_base(base, options.dropout)
    category_rows = encode_rows(tokenizer, labelled.texts, labelled.truth, max_tokens=options.max_tokens)
    dimension_rows = encode_rows(tokenizer, rated.texts, standard, max_tokens=options.max_tokens)
    if lesson is not None:
        category_rows, dimension_rows = taught(category_rows, dimension_rows, lesson.said, lesson.share)
    return fit(net, category_rows, dimension_rows, options, out=folder, seed=seed + number)


def candidates(members: Sequence[tuple[TextNet, TextNet]]) -> dict[str, TextNet]:
    """Return the nets among which validation chooses: each member's last weights, and means of all of them.

    All members begin from the same pretrained weights, which is why the mean of theirs is a good net, too.

    References:
        Wortsman et al. (2022), "Model soups: averaging weights of multiple fine-tuned models improves accuracy without
            increasing inference time", ICML.
    """
    found = {f"candidate-{number}": last for number, (last, _) in enumerate(members)}
    for name, nets in zip(("candidate-last", "candidate-mean"), zip(*members, strict=True), strict=True):
        found[name] = deepcopy(nets[0])
        stored = [net.state_dict() for net in nets]
        found[name].load_state_dict({key: torch.stack([one[key] for one in stored]).mean(0) for key in stored[0]})
    return found


def _write(net: TextNet, folder: Path, centre: np.ndarray, spread: np.ndarray) -> Path:
    publish.write_graphs(net, folder, positions=MAX_TOKENS, centre=centre, spread=spread)
    publish.write_tokenizer(base_folder() / "tokenizer.json", folder)
    publish_card(folder, publish.ABOUT, DRAFT)
    return folder


def read(folder: Path, split: str) -> Answers:
    """Return what a model says of both corpora, with the truth."""
    perceiver = TextPerceiver(model=str(folder), threads=1)
    labelled, rated = comments(split), sentences(split)
    affects = perceiver.read(labelled.utterances)
    rated_affects = perceiver.read(rated.utterances)
    return Answers(
        labelled=labelled,
        probs=np.stack([label_row(affect) if affect else np.zeros(len(GOEMOTIONS28)) for affect in affects]),
        confidence=np.array([affect.confidence or 0.0 if affect else 0.0 for affect in affects]),
        rated=rated,
        means=np.stack([dimension_row(affect) if affect else np.zeros(3) for affect in rated_affects]),
        stds=_stds(rated_affects),
    )


def _on_tweets(folder: Path, seed: int) -> Score:
    samples = semeval2018.load("test")
    affects = TextPerceiver(model=str(folder), threads=1).read([sample.signal for sample in samples])
    return elsewhere(affects, [sample.truth for sample in samples if sample.truth is not None], seed)


def _stds(affects: Sequence[Any]) -> np.ndarray:
    return np.array([[a.valence.std, a.arousal.std, a.dominance.std] if a else [1.0] * 3 for a in affects])


def _choose(folders: Sequence[Path]) -> tuple[Path, Answers]:
    """Return the candidate that does best on validation, with its answers there."""
    found = []
    for folder in folders:
        answers = read(folder, "validation")
        thresholds = decide.label_thresholds(answers.labelled.truth, answers.probs)
        macro_f1 = multilabel_macro_f1(answers.labelled.truth > 0, answers.probs >= thresholds)
        r_valence = decide.correlations(answers.rated.truth, answers.means)[0]
        _log.info("%s on validation: macro F1 %.4f, r of valence %.4f", folder.name, macro_f1, r_valence)
        found.append((macro_f1 + r_valence, folder, answers))
    _, folder, answers = max(found, key=lambda candidate: candidate[0])
    return folder, answers


def finish(folder: Path, answers: Answers, seed: int) -> None:
    """Calibrate a drafted model on its validation answers, measure it on test, and write its card and golden file."""
    options, calibration = calibrated(answers)
    publish_card(folder, publish.ABOUT, options, calibration=calibration)
    publish.write_golden(folder)
    tested = read(folder, "test")
    thresholds = np.array(options["thresholds"])
    scores = [*score_rows(tested, thresholds, set(comments("train").texts), seed), _on_tweets(folder, seed)]
    publish_card(folder, publish.ABOUT, options, calibration=calibration, scores=scores, groups=group_rows(tested))
    (folder.parent / "scores.json").write_text(json.dumps([asdict(row) for row in scores], indent=1), encoding="utf-8")
    for row in scores:
        _log.info("%s %s %.4f (%s)", row.task, row.metric, row.value, row.note)


def calibrated(answers: Answers) -> tuple[dict[str, Any], list[Calibration]]:
    """Return the card's options and its calibration rows, fitted on validation answers of the drafted model."""
    truth = answers.labelled.truth
    found = decide.calibrate_labels("goemotions", truth, answers.probs)
    scale = decide.spread_scale(answers.rated.truth, answers.means, answers.stds)
    options = DRAFT | {
        **found.options,
        "std_scale": [round(float(factor), 5) for factor in scale],
        "thresholds": [round(float(value), 4) for value in decide.label_thresholds(truth, found.probs)],
    }
    before, after = (round(error, 5) for error in _coverage(answers.rated, answers, scale))
    method = "scale of the spread (ECE: coverage of intervals)"
    return options, [*found.rows, Calibration("vad", method, "validation", before, after, 1.0)]


def _coverage(rated: Truth, answers: Answers, scale: np.ndarray) -> tuple[float, float]:
    before = decide.coverage_error(rated.truth, answers.means, answers.stds)
    return before, decide.coverage_error(rated.truth, answers.means, answers.stds * scale)
