"""The recipe of the research model for tweets: a trunk of its own, trained on them and on what a teacher says of them.

Where `mien.learn.heads.tweets` leaves the open trunk as it is, here all of its blocks follow the tweets.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from mien.learn.card import About, publish_card
from mien.learn.heads import tweet_model
from mien.learn.heads.answers import answers, quality
from mien.learn.heads.asset import TAKEN_OVER
from mien.learn.heads.material import COLUMNS, column_weights, tweets
from mien.learn.heads.net import HeadNet, Lower
from mien.learn.heads.teacher import TweetsSaid, read_answers
from mien.learn.heads.whole import Objective, WholeOptions, fit
from mien.learn.recipe import Recipe
from mien.learn.text import publish
from mien.learn.text.base import base_folder, load_base
from mien.learn.text.batches import Rows
from mien.learn.text.graph import write_trunk
from mien.learn.text.make import DRAFT, MAX_TOKENS
from mien.runtime import find_asset

__all__ = ["ResearchOptions", "run"]

_log = logging.getLogger(__name__)

FILES = ("trunk.onnx", "emotions.onnx", "intensity.onnx", "valence.onnx", "tokenizer.json")
LIMITS = (
    "Research line: all of it, the trunk too, was trained on tweets that may be used for research only.",
    *tweet_model.LIMITS,
)
OPTIONS: dict[str, Any] = {**{key: DRAFT[key] for key in TAKEN_OVER}, **tweet_model.HEADS}
CANDIDATES = ("candidate-last", "candidate-mean")


@dataclass(frozen=True, slots=True)
class ResearchOptions(WholeOptions):
    """Numbers of the training.

    Args:
        trunk: The model whose trunk training begins from. Empty: the base encoder as it was published.
        teacher: Answers of `recipes/tweets-teacher`. Empty: learn from the ratings alone.
        soft_weight: Share of the teacher in the truth of a column that was rated.
        unknown_weight: How much a column that only the teacher knows counts beside a rated one.
    """

    epochs: float = 10.0
    rate: float = 1.5e-4
    average: float = 0.98
    checkpoint_every: int = 200
    trunk: str = "text-affect"
    teacher: str = ""
    soft_weight: float = 0.5
    unknown_weight: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class _Start:
    """Where training begins: the trunk with its tokenizer and the file of it, and what the card says of both."""

    reader: Lower
    tokenizer: Path
    base: Sequence[Mapping[str, Any]]
    trained_on: Sequence[Mapping[str, Any]]


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Train, choose and calibrate on validation, write the model to ``out``/<recipe>, and measure it once on test.

    Raises:
        OptionError: The recipe has an unknown option.
        InputError: A corpus or the teacher's answers are missing.
        UnknownNameError: There is no model of the trunk's name.
        MissingExtraError: The base encoder is not installed, where training begins from it.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    options = ResearchOptions(**recipe.option(asdict(ResearchOptions())))
    torch.manual_seed(seed)
    start = _start(options)
    taught = read_answers(Path(options.teacher)) if options.teacher else None
    about, draft = _about(recipe.name, start, taught), {"emoji_names": options.emoji_names, **OPTIONS}
    nets = train(start.reader, taught, options, out, seed)
    for net, name in zip(nets, CANDIDATES, strict=True):
        _write_graphs(net, out / name, start.tokenizer)
        publish_card(out / name, about, draft)
    net, chosen = max(zip(nets, CANDIDATES, strict=True), key=lambda pair: _worth(out / pair[1]))
    folder = shutil.copytree(out / chosen, out / recipe.name, dirs_exist_ok=True)
    tweet_model.finish(folder, net, draft, seed, partial(publish_card, folder, about))


def train(
    reader: Lower, taught: TweetsSaid | None, options: ResearchOptions, out: Path, seed: int
) -> tuple[HeadNet, HeadNet]:
    """Return the trained net, and one of the running average of its weights."""
    rows = _rows(reader, taught, options.max_tokens)
    _log.info("%d texts, %d of them rated", len(rows), int((~np.isnan(rows.truth)).any(axis=1).sum()))
    net = HeadNet(reader.encoder, COLUMNS, options.dropout)
    objective = Objective(column_weights(options.degree_weight), options.soft_weight, options.unknown_weight)
    return fit(net, rows, options, objective, out=out, seed=seed)


def _rows(reader: Lower, taught: TweetsSaid | None, max_tokens: int) -> Rows:
    """Return the training tweets, and after them what else a teacher answered, with its answers."""
    part = tweets("train")
    if taught is None:
        return reader.tokens(part.texts, part.truth, max_tokens=max_tokens)
    truth = np.full(taught.probs.shape, np.nan)
    truth[: len(part.truth)] = part.truth
    return Rows(reader.tokens(taught.texts, truth, max_tokens=max_tokens).ids, truth.astype(np.float32), taught.probs)


def _start(options: ResearchOptions) -> _Start:
    if options.trunk:
        lender = find_asset(options.trunk)
        reader = Lower.of(lender, dropout=options.dropout, emoji_names=options.emoji_names)
        base, trained_on = (list(map(asdict, rows)) for rows in (lender.info.base, lender.info.trained_on))
        return _Start(reader, lender.file("tokenizer.json"), base, trained_on)
    path = base_folder() / "tokenizer.json"
    reader = Lower(load_base(base_folder(), options.dropout), Tokenizer.from_file(str(path)), options.emoji_names)
    return _Start(reader, path, [publish.BASE], [])


def _teacher(taught: TweetsSaid) -> dict[str, str]:
    recipes = "recipes/text-teacher and " * ("emobank" in taught.corpora) + "recipes/tweets-teacher"
    return {
        "name": "all-mpnet-base-v2 (teacher only)",
        "licence": "Apache-2.0",
        "note": "trained by others on a billion sentence pairs, among them sets for research only (MS MARCO); "
        f"fine-tuned by {recipes}, its answers for the training texts were learnt from; none of its weights is "
        "shipped",
    }


def _about(name: str, start: _Start, taught: TweetsSaid | None) -> About:
    head = {
        "name": name,
        "summary": f"{tweet_model.READS}; all of it was trained on tweets.",
        "recipe": f"recipes/{name}",
        "limits": list(LIMITS),
        **tweet_model.HEAD,
    }
    through = set(taught.corpora if taught else ()) - {row["corpus"] for row in start.trained_on}
    corpora = [*start.trained_on, *(row for row in publish.TRAINED_ON if row["corpus"] in through)]
    base = [*start.base, *([_teacher(taught)] if taught else [])]
    return About(head, FILES, base, [*corpora, *tweet_model.CORPORA])


def _write_graphs(net: HeadNet, folder: Path, tokenizer: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_trunk(net.trunk, folder / "trunk.onnx", positions=MAX_TOKENS)
    tweet_model.write_heads(net, folder)
    publish.write_tokenizer(tokenizer, folder)


def _worth(folder: Path) -> float:
    """Return by how much a candidate is better on validation than another."""
    part = tweets("validation")
    found = quality(part, answers(folder, part))
    _log.info("%s on validation: %s", folder.name, {name: round(value, 4) for name, value in found.items()})
    return sum(found.values())
