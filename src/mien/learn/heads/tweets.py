"""The recipe of the heads for tweets: intensity of four emotions, valence, and eleven emotions that may hold together.

All three share upper blocks of their own on the frozen trunk of an open model, trained on all three parts of the task
at once; of a tweet, what was not rated does not count.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from mien.learn.heads import asset, tweet_model
from mien.learn.heads.material import COLUMNS, column_weights, tweets
from mien.learn.heads.net import HeadNet, Lower, fit, plan_of
from mien.learn.recipe import Recipe
from mien.learn.text.graph import write_upper
from mien.learn.text.steps import is_half_fast
from mien.learn.text.upper import UpperBlocks
from mien.runtime import find_asset

__all__ = ["TweetOptions", "run", "train"]

_log = logging.getLogger(__name__)

LINE = "Research line: it was trained on tweets that may be used for research only; the trunk below it is open."


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
    upper, net = train(options, seed)
    folder = out / recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    write_upper(list(upper.blocks), folder / "upper.onnx")
    tweet_model.write_heads(net, folder)
    head = _head(recipe.name, options.blocks)
    write = partial(asset.write_draft, folder, asset.Draft(head, tweet_model.CORPORA, find_asset(options.trunk)))
    draft = {
        "emoji_names": options.emoji_names,
        "upper": "upper",
        "upper_block": upper.below,
        "upper_heads": ["emotions", "valence", "intensity"],
        **tweet_model.HEADS,
    }
    write(draft)
    tweet_model.finish(folder, net, draft, seed, write)


def train(options: TweetOptions, seed: int) -> tuple[UpperBlocks, HeadNet]:
    """Return upper blocks and the net of them with their heads, trained on the training tweets."""
    torch.manual_seed(seed)
    plan = plan_of(options, half=is_half_fast())
    lower = Lower.of(find_asset(options.trunk), dropout=plan.dropout, emoji_names=options.emoji_names)
    upper = lower.upper(options.blocks)
    part = tweets("train")
    rows = lower.rows(part.texts, part.truth, upper.below, max_tokens=plan.max_tokens)
    _log.info("%d tweets read by %d blocks", len(rows), upper.below)
    net = HeadNet(upper, COLUMNS, plan.dropout)
    return upper, fit(net, rows, plan, column_weights(options.degree_weight), seed)


def _head(name: str, blocks: int) -> dict[str, Any]:
    summary = f"{tweet_model.READS}; the trunk's last {blocks} blocks are its own."
    about = {"name": name, "summary": summary, "recipe": f"recipes/{name}", "limits": [LINE, *tweet_model.LIMITS]}
    return {**about, **tweet_model.HEAD}
