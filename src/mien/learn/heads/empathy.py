"""The recipe of the head for empathic concern and distress: what its writer felt at what an essay tells of.

An essay is read as the perceiver reads it, in passages of whole sentences; each passage learns what its essay is rated,
and the essay gets their mean by length. Two answers are joined, in log odds: that of an upper block of its own, and
that of a line over the means of the trunk's lower states, which so few essays can fit without turning the trunk.

References:
    Buechel, Buffone, Slaff, Ungar and Sedoc (2018). Modeling empathy and distress in reaction to news stories. EMNLP,
    4758-4765.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from mien.datasets import Sample, empathy
from mien.errors import InputError
from mien.learn.heads import asset
from mien.learn.heads.net import HeadNet, Lower, fit, plan_of
from mien.learn.own.fitting import Linear, fit_ratings, parts
from mien.learn.recipe import Recipe
from mien.learn.text.batches import Rows, collate
from mien.learn.text.graph import write_upper
from mien.learn.text.steps import is_half_fast
from mien.learn.text.upper import lower_states, pooled_states
from mien.metrics.bootstrap import interval
from mien.metrics.dimensional import pearson
from mien.perceive.text.sentences import split_passages
from mien.runtime import find_asset
from mien.runtime.card import Score
from mien.types import Affect
from mien.types.scales import EMPATHY2

__all__ = ["EmpathyHead", "EmpathyOptions", "Essays", "essays", "run", "said", "train"]

_log = logging.getLogger(__name__)

AT_ONCE = 64
FRAME = 2
"""Tokens around a passage that are not its own."""
LEAST = 0.05
"""How near to 0 and 1 a rating may lie where its log odds are learnt."""
PENALTIES = (30000.0, 10000.0, 3000.0, 1000.0, 300.0)
"""Strengths of the line's penalty that are tried: its features are many."""
HEAD: dict[str, Any] = {
    "version": "1.1.0",
    "modality": "text",
    "line": "open",
    "licence": "Apache-2.0",
    "summary": "Tells how much empathic concern and distress the writer of an English text says to feel at the "
    "suffering of others, beside the 28 emotions and the dimensions of the model whose trunk it uses.",
    "taxonomies": ["goemotions28"],
    "not_for": list(asset.NOT_FOR),
    "limits": [
        "Learnt from 1,860 essays of some hundred characters, by 372 American crowd workers, each on a news story that "
        "was chosen to move them; of other texts it says little.",
        "The essays are rated by those who wrote them: the text holds a part of that only, as the scores show.",
        "The degrees are not calibrated: they follow the mean rating of the essays closely.",
    ],
}
CORPUS = {
    "corpus": "empathic-reactions",
    "licence": "CC BY 4.0",
    "tier": "A",
    "commercial": True,
    "note": "Buechel et al. 2018, all 1,860 essays, of which WASSA 2022 makes its training split",
}


@dataclass(frozen=True, slots=True)
class EmpathyOptions:
    """Numbers of the training."""

    trunk: str = "text-affect"
    blocks: int = 1
    epochs: int = 3
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    dropout: float = 0.1
    max_tokens: int = 128
    pooled: tuple[int, ...] = (1, 3, 5)
    line_share: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Essays:
    """Essays as states of their passages.

    Args:
        rows: The states of all passages, with the ratings of their essays in [0, 1].
        means: The means of lower states of each passage, shape ``(passages, features)``.
        owners: The essay of each passage.
        truth: Ratings of each essay, shape ``(n, 2)``.
        writers: Who wrote each essay.
    """

    rows: Rows
    means: np.ndarray
    owners: np.ndarray
    truth: np.ndarray
    writers: np.ndarray

    def passages(self, chosen: np.ndarray) -> np.ndarray:
        """Return the places of the passages of some essays."""
        return np.flatnonzero(np.isin(self.owners, chosen))


@dataclass(frozen=True, slots=True, eq=False)
class EmpathyHead:
    """What was trained.

    Args:
        net: Upper blocks, with a head of their own.
        line: Log odds of the degrees from the means of lower states, then what the upper blocks make of a passage.
    """

    net: HeadNet
    line: Linear


def essays(samples: Sequence[Sample], lower: Lower, options: EmpathyOptions) -> Essays:
    """Return essays as the first blocks of a trunk read them."""
    truth = np.stack([_degrees(sample.truth) for sample in samples])
    passages = [
        (owner, sample.signal.text[start:end])
        for owner, sample in enumerate(samples)
        for start, end in split_passages(sample.signal.text)
    ]
    owners = np.array([owner for owner, _ in passages])
    ids = lower.tokens([text for _, text in passages], truth[owners], max_tokens=options.max_tokens)
    rows = lower_states(lower.encoder, ids, len(lower.encoder.blocks) - options.blocks)
    means = pooled_states(lower.encoder, ids, options.pooled)
    return Essays(rows, means, owners, truth, np.array([sample.group["writer"] for sample in samples]))


def train(material: Essays, chosen: np.ndarray, lower: Lower, options: EmpathyOptions, seed: int) -> EmpathyHead:
    """Return upper blocks and the joined head, trained on the chosen essays."""
    torch.manual_seed(seed)
    places = material.passages(chosen)
    rows = Rows(tuple(material.rows.ids[place] for place in places), material.rows.truth[places])
    net = HeadNet(lower.upper(options.blocks), len(EMPATHY2), options.dropout)
    fit(net, rows, plan_of(options, half=is_half_fast()), torch.ones(len(EMPATHY2)), seed)
    shares = np.array([options.line_share, 1 - options.line_share])
    lines = (_line(material, chosen, seed), net.head(slice(None)))
    weight = np.vstack([share * line.weight for share, line in zip(shares, lines, strict=True)])
    return EmpathyHead(net, Linear(weight, shares @ np.stack([line.bias for line in lines])))


def _line(material: Essays, chosen: np.ndarray, seed: int) -> Linear:
    """Return the line from the means of an essay's states to the log odds of its ratings.

    Its penalty is chosen in parts of the chosen essays, with all essays of a writer in one part.
    """
    means = np.stack([_mean(material, essay) for essay in chosen])
    ratings = np.clip(material.truth[chosen], LEAST, 1 - LEAST)
    left_out = parts(len(chosen), np.zeros(0, np.int64), material.writers[chosen].tolist(), seed=seed)
    return fit_ratings(means, np.log(ratings / (1 - ratings)), left_out, PENALTIES).linear


def _mean(material: Essays, essay: int) -> np.ndarray:
    places = np.flatnonzero(material.owners == essay)
    lengths = [len(material.rows.ids[place]) - FRAME for place in places]
    mean: np.ndarray = np.average(material.means[places], axis=0, weights=lengths)
    return mean


@torch.no_grad()
def said(head: EmpathyHead, material: Essays, chosen: np.ndarray) -> Float[np.ndarray, "n labels"]:
    """Return the degrees of the chosen essays: the mean over their passages by length."""
    places = material.passages(chosen)
    answers = np.zeros((len(material.truth), len(EMPATHY2)))
    weights = np.zeros((len(material.truth), 1))
    for start in range(0, len(places), AT_ONCE):
        part = places[start : start + AT_ONCE]
        states, mask, _ = collate(material.rows, part)
        vectors = np.hstack([material.means[part], head.net.trunk(states, mask).numpy()])
        lengths = (mask.sum(1).numpy() - FRAME)[:, None]
        np.add.at(answers, material.owners[part], lengths / (1 + np.exp(-head.line(vectors))))
        np.add.at(weights, material.owners[part], lengths)
    found: Float[np.ndarray, "n labels"] = answers[chosen] / weights[chosen]
    return found


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Train on all essays, write ``out``/text-empathy, and measure it once on the validation split of WASSA 2022.

    Raises:
        OptionError: The recipe has an unknown option.
        InputError: A corpus is missing.
        UnknownNameError: There is no model of the trunk's name.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    options = EmpathyOptions(**recipe.option(asdict(EmpathyOptions())))
    lender = find_asset(options.trunk)
    lower = Lower.of(lender, dropout=options.dropout)
    material = essays(empathy.load("all"), lower, options)
    head = train(material, np.arange(len(material.truth)), lower, options, seed)
    folder = out / recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    write_upper(list(head.net.trunk.blocks), folder / "upper.onnx", pooled=options.pooled)
    asset.write_degrees(head.line, folder / "empathy.onnx")
    kept = ("temperature", "confidence_slope", "confidence_offset", "thresholds", "std_scale")
    card = {
        **{key: lender.info.options[key] for key in kept},
        "upper": "upper",
        "upper_block": head.net.trunk.below,
        "upper_pooled": list(options.pooled),
        "upper_heads": ["empathy"],
        "degrees": {"empathy": EMPATHY2.name},
    }
    about = asset.Draft({"name": recipe.name, "recipe": f"recipes/{recipe.name}", **HEAD}, (CORPUS,), lender)
    asset.write_draft(folder, about, card)
    asset.write_draft(folder, about, card, scores=_scores(folder, seed))
    asset.golden(folder, {"degrees": lambda affect: affect.degrees[0].probs})


def _degrees(affect: Affect | None) -> np.ndarray:
    if affect is None or affect.categories is None:
        raise InputError("an essay has no ratings; each must have empathy and distress")
    return affect.categories.probs


def _scores(folder: Path, seed: int) -> list[Score]:
    samples = empathy.load_wassa2022("validation")
    truth = np.stack([_degrees(sample.truth) for sample in samples])
    affects = asset.said_by(folder, [sample.signal.text for sample in samples])
    told = np.stack([np.full(2, 0.5) if affect is None else affect.degrees[0].probs for affect in affects])
    rows = []
    for place, name in enumerate(EMPATHY2.labels):
        found = interval(pearson, truth[:, place], told[:, place], groups=[row.group["writer"] for row in samples])
        value, low, high = (round(float(bound), 4) for bound in (found.value, found.low, found.high))
        note = "the official validation split, which chose nothing"
        rows.append(Score("text/wassa2022", f"r_{name}", value, low, high, len(samples), (seed,), note=note))
        _log.info("r_%s %.4f", name, value)
    return rows
