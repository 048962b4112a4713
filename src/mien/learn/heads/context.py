"""The recipe of the head that hears what was said before: seven emotions of a turn, after the two turns before it.

It learns from conversations of three corpora at once, over the frozen trunk's vectors of the turns. Some turns are
learnt without those before them, so that a turn that nothing precedes is read well, too.

References:
    Chatterjee et al. (2019). SemEval-2019 task 3: EmoContext, contextual emotion detection in text. SemEval, 39-48.
    Poria et al. (2019). MELD: a multimodal multi-party dataset for emotion recognition in conversations. ACL, 527-536.
    Li et al. (2017). DailyDialog: a manually labelled multi-turn dialogue dataset. IJCNLP, 986-995.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mien.calibrate import temperature
from mien.learn.heads import asset
from mien.learn.heads.hearing import HearingNet, Rows, fit, rows_of, write_hearing
from mien.learn.heads.turns import CORPORA, DEPTH, EMOTIONS, Heard, held_out, turns_of
from mien.learn.recipe import Recipe
from mien.learn.text import decide
from mien.metrics.bootstrap import Metric, interval
from mien.metrics.calibration import confidence_ece, ece
from mien.metrics.categorical import accuracy, micro_f1_among, weighted_f1
from mien.perceive.text import TextPerceiver
from mien.runtime import find_asset
from mien.runtime.card import Calibration, Score
from mien.types import Affect, Span, Utterance
from mien.types.taxonomies import EKMAN7

__all__ = ["ContextOptions", "run"]

_log = logging.getLogger(__name__)

AT_ONCE = 2000
FULL = ("meld", "dailydialog")
"""The corpora that ask for all seven labels, on whose validation splits probabilities are calibrated."""
OTHERS = len(EKMAN7)
"""What stands for a label of EmoContext's others."""
HEAD: dict[str, Any] = {
    "version": "1.0.0",
    "modality": "text",
    "line": "research",
    "licence": "Apache-2.0",
    "summary": "Reads one of seven emotions from what someone says in English, with the two turns before it; "
    "valence, arousal and dominance are those of the model whose trunk it uses, from the turn alone.",
    "taxonomies": [EKMAN7.name],
    "not_for": list(asset.NOT_FOR),
    "limits": [
        "Research line: the conversations it learnt from are for research, or their terms unclear; its trunk is open.",
        "English of a television series, of learners' dialogues and of chats with a machine; other talk differs.",
        "It hears two turns, and of a long turn its end. What was said earlier, what is seen, and tone are not heard.",
        "It seldom turns an answer round where only the turn before could: see text/context-pairs.",
        "Most turns of its corpora are neutral, and so are most of its answers; disgust and fear are rarely found.",
        "Its training saw the series of EmoryNLP: a score of it there is too good.",
    ],
}
TRAINED_ON = {
    "meld": ("GPL-3.0; the words of the series belong to its owners", "B", "Poria et al. 2019"),
    "dailydialog": ("CC BY-NC-SA 4.0", "C", "Li et al. 2017, as far as the prepared table holds it"),
    "emocontext": ("for research", "B", "Chatterjee et al. 2019, dialogues drawn by the recipe"),
}


@dataclass(frozen=True, slots=True)
class ContextOptions:
    """Numbers of the training, beside those of `mien.learn.heads.hearing.Training`.

    Args:
        trunk: The model whose trunk is used.
        chats: Dialogues of EmoContext that are drawn from its training split.
        shares: How much each of the three corpora counts in all.
        prior: How far labels count as often as they occur in the validation split of their corpus; 0 as in training.
    """

    trunk: str = "text-affect"
    chats: int = 8000
    shares: Sequence[float] = (1.0, 0.5, 1.0)
    prior: float = 0.5
    inner: int = 128
    dropout: float = 0.2
    epochs: int = 8
    batch: int = 128
    rate: float = 1e-3
    decay: float = 0.01
    forget: float = 0.15
    nameless: float = 0.15


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What is learnt from and chosen by.

    Args:
        train: Turns of each corpus that no later split holds.
        validation: Turns of each corpus that no test split holds.
        places: The row of each text in the table of vectors.
        table: The trunk's vectors, with a last row of zeros.
    """

    train: Mapping[str, Sequence[Heard]]
    validation: Mapping[str, Sequence[Heard]]
    places: Mapping[str, int]
    table: np.ndarray

    def rows(self, turns: Sequence[Heard], weights: np.ndarray | None = None) -> Rows:
        """Return turns as the net takes them."""
        return rows_of(turns, self.places, np.ones(len(turns)) if weights is None else weights)


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Train, calibrate on validation, write ``out``/<recipe>, and measure it once on test.

    Raises:
        OptionError: The recipe has an unknown option.
        InputError: A corpus is missing.
        UnknownNameError: There is no model of the trunk's name.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    options = ContextOptions(**recipe.option(asdict(ContextOptions())))
    lender = find_asset(options.trunk)
    material = gathered(options, seed)
    net = trained(material, options, seed)
    folder = out / recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    write_hearing(net, folder / "hearing.onnx")
    fitted, calibration = _calibrated(net, material)
    card = {"categories": "hearing", "context": DEPTH, "context_heads": ["hearing"], **fitted}
    card |= {"std_scale": lender.info.options["std_scale"]}
    head = {"name": recipe.name, "recipe": f"recipes/{recipe.name}", **HEAD}
    about = asset.Draft(head, list(_corpora(material)), lender)
    asset.write_draft(folder, about, card, calibration)
    scores = list(_scores(folder, seed))
    asset.write_draft(folder, about, card, calibration, scores)
    asset.golden(folder, {"probs": _probs})


def gathered(options: ContextOptions, seed: int) -> Material:
    """Return the turns of the corpora with the trunk's vectors of all that is said in them."""
    splits = {split: {name: turns_of(name, split) for name in CORPORA} for split in ("train", "validation", "test")}
    chats = splits["train"]["emocontext"]
    drawn = np.sort(np.random.default_rng(seed).permutation(len(chats))[: options.chats])
    splits["train"]["emocontext"] = [chats[place] for place in drawn]
    test, validation = ([turn for turns in splits[name].values() for turn in turns] for name in ("test", "validation"))
    train = {name: held_out(turns, [*validation, *test]) for name, turns in splits["train"].items()}
    chosen = {name: held_out(turns, test) for name, turns in splits["validation"].items()}
    texts = _texts([turn for part in (train, chosen) for turns in part.values() for turn in turns])
    _log.info("%s turns to learn from, %d texts", {name: len(turns) for name, turns in train.items()}, len(texts))
    return Material(train, chosen, {text: place for place, text in enumerate(texts)}, _vectors(options.trunk, texts))


def trained(material: Material, options: ContextOptions, seed: int) -> HearingNet:
    """Return a net that learnt from all corpora."""
    turns = [turn for name in CORPORA for turn in material.train[name]]
    weights = np.concatenate(
        [
            share * _weights(material.train[name], material.validation[name], options.prior)
            for name, share in zip(CORPORA, options.shares, strict=True)
        ]
    )
    return fit(material.table, material.rows(turns, weights), options, seed)


def _texts(turns: Sequence[Heard]) -> list[str]:
    said = {text for turn in turns for text in (turn.text, *(text for text, _ in turn.before))}
    return sorted(said, key=lambda text: (len(text), text))


def _vectors(trunk: str, texts: Sequence[str]) -> np.ndarray:
    perceiver = TextPerceiver(model=trunk, threads=1)
    parts = [
        perceiver.vectors([_said(text) for text in texts[start : start + AT_ONCE]])
        for start in range(0, len(texts), AT_ONCE)
    ]
    return np.concatenate([*parts, np.zeros((1, parts[0].shape[1]))]).astype(np.float32)


def _said(text: str, speaker: str | None = None) -> Utterance:
    return Utterance(text, Span(0, max(1, len(text)), "characters"), speaker)


def _weights(turns: Sequence[Heard], like: Sequence[Heard], prior: float) -> np.ndarray:
    """Return how much each turn counts, one on average of all: more where its labels are rarer than in `like`."""
    here, there = (Counter(turn.allowed.tobytes() for turn in part) for part in (turns, like))
    ratio = {key: ((there[key] + 1) / len(like) / (count / len(turns))) ** prior for key, count in here.items()}
    weights = np.array([ratio[turn.allowed.tobytes()] for turn in turns])
    found: np.ndarray = weights / weights.sum() * len(weights)
    return found


def _calibrated(net: HearingNet, material: Material) -> tuple[dict[str, float], tuple[Calibration, ...]]:
    """Return temperature and confidence, fitted on validation turns of the corpora that ask for all labels.

    As many turns of each: most turns of DailyDialog are neutral, and more of them would make it too sure elsewhere.
    """
    sides = [material.validation[name] for name in FULL]
    least = min(map(len, sides))
    evenly = [side[place] for side in sides for place in np.linspace(0, len(side) - 1, least).astype(int)]
    rows = material.rows(evenly)
    logits, truth = net.logits(torch.from_numpy(material.table), rows), rows.allowed.numpy().argmax(axis=1)
    softened = temperature.fit(logits, truth)
    before, probs = temperature.Temperature(1.0).logits(logits), softened.logits(logits)
    top, right = probs.max(axis=1), probs.argmax(axis=1) == truth
    slope, offset = decide.logistic(decide.log_odds(top), right)
    sure = 1 / (1 + np.exp(-(slope * decide.log_odds(top) + offset)))
    degrees = round(softened.temperature, 5)
    options = {"temperature": degrees, "confidence_slope": round(slope, 5), "confidence_offset": round(offset, 5)}
    eces = [round(float(value), 5) for value in (ece(truth, before), ece(truth, probs))]
    sureness = [round(confidence_ece(right, table), 5) for table in (top, sure)]
    return options, (
        Calibration("hearing", "temperature", "validation", eces[0], eces[1], degrees),
        Calibration("confidence", "logistic on the top label", "validation", sureness[0], sureness[1], 1.0),
    )


def _corpora(material: Material) -> Iterator[dict[str, Any]]:
    for name, (licence, tier, source) in TRAINED_ON.items():
        note = f"{source}; official train split, {len(material.train[name]):,} turns that no later split holds"
        yield {"corpus": name, "licence": licence, "tier": tier, "commercial": False, "note": note}


def _scores(folder: Path, seed: int) -> Iterator[Score]:
    """Yield the scores of the drafted model, as the tasks measure them."""
    perceiver = TextPerceiver(model=str(folder), threads=1)
    among = partial(micro_f1_among, labels=[EKMAN7.index(label) for label in EMOTIONS.values()])
    yield from _measured(perceiver, "meld", "validation", "text/meld-context", ("accuracy", accuracy), seed)
    yield from _measured(perceiver, "meld", "test", "text/meld-context", ("weighted_f1", weighted_f1), seed)
    yield from _measured(perceiver, "emocontext", "test", "text/emocontext", ("micro_f1", among), seed)


def _measured(
    perceiver: TextPerceiver, corpus: str, split: str, task: str, named: tuple[str, Metric], seed: int
) -> Iterator[Score]:
    turns, (name, metric) = turns_of(corpus, split), named
    truth = np.array([_true(turn) for turn in turns])
    for suffix, before in (("", [_before(turn) for turn in turns]), ("_alone", None)):
        affects = perceiver.read([_said(turn.text, "same") for turn in turns], before=before)
        told = np.array([_told(affect, corpus) for affect in affects])
        found = interval(metric, truth, told, groups=[turn.dialogue for turn in turns])
        value, low, high = (round(float(bound), 4) for bound in (found.value, found.low, found.high))
        yield Score(task, f"{name}{suffix}", value, low, high, len(turns), (seed,), split=split)
        _log.info("%s %s %s %.4f", task, split, f"{name}{suffix}", value)


def _before(turn: Heard) -> list[Utterance]:
    return [_said(text, "same" if same else "other") for text, same in reversed(turn.before)]


def _true(turn: Heard) -> int:
    return int(turn.allowed.argmax()) if turn.allowed.sum() == 1 else OTHERS


def _told(affect: Affect | None, corpus: str) -> int:
    """Return the likeliest label; in EmoContext, others where all labels that it does not ask for are likelier.

    Where nothing is perceived, none, or others.
    """
    if affect is None:
        return -1 if corpus in FULL else OTHERS
    probs = _probs(affect)
    if corpus in FULL:
        return int(probs.argmax())
    asked = [EKMAN7.index(label) for label in EMOTIONS.values()]
    best = max(asked, key=lambda place: float(probs[place]))
    return best if probs[best] > 1 - probs[asked].sum() else OTHERS


def _probs(affect: Affect) -> np.ndarray:
    return np.zeros(0) if affect.categories is None else affect.categories.probs
