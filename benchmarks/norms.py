"""What the frozen text encoder knows of single words: concreteness, valence, arousal and dominance against the norms.

    MIEN_DATA=... python benchmarks/norms.py            # prints what was found; needs the extra learn
    MIEN_DATA=... python benchmarks/norms.py --save     # and writes results/text/norms.json

Heads of ridge regression are learned on the states of words and predict words that they did not see: five folds, in
which words that begin with the same five letters stay together, so that "happily" does not tell "happy". The strength
of the penalty is chosen within each fold's own training words, one for all quantities of a norm. The licence of the
norms forbids to share what is made from them: the heads are thrown away.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold
from tokenizers import Tokenizer

from mien.datasets.corpus import corpus_folder, read_table
from mien.errors import MienError
from mien.learn.text.base import base_folder, load_base
from mien.learn.text.net import Encoder
from mien.learn.text.reload import reload_trunk
from mien.metrics.bootstrap import Interval, difference, interval
from mien.metrics.dimensional import mean_pearson, pearson
from mien.runtime import find_asset

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "results" / "text" / "norms.json"
MODEL = "text-affect"
FOLDS = 5
PENALTIES = (10.0, 100.0, 1000.0, 10000.0)
LETTERS = {"analyzer": "char_wb", "ngram_range": (1, 4), "min_df": 3, "sublinear_tf": True}
FAMILY = 5
"""Words that share so many first letters are kept together."""
BATCH = 256
CONSTANT = 1e-6
"""Deviation below which a feature is the same for every word."""
NOTE = (
    "Pearson r of words that the head did not see (five folds by the first five letters). trunk: ridge regression on "
    "the shipped encoder's sentence vector; layers: on the mean states of all its layers side by side; base: on the "
    "vector of the encoder that it was trained from; letters: on character 1- to 4-grams. trunk_minus_base is paired. "
    "r_concreteness_frequency is the correlation with the logarithm of the word's frequency. Intervals draw words. "
    "Concreteness: Brysbaert et al. 2014, 39,954 words and phrases; the other three: Warriner et al. 2013, 13,915 "
    "words. Norms of the senses (touch, sight, hearing), on which language models do worse, are not here, so that "
    "comparison is not made."
)

Table = np.ndarray


class Norms(NamedTuple):
    """Words with what people said of them, one column a quantity."""

    words: list[str]
    truth: dict[str, Table]
    frequency: Table | None = None


def concreteness() -> Norms:
    rows = [row for row in read_table(corpus_folder("text/lexicons") / "brysbaert_concreteness.parquet") if row["word"]]
    frequency = np.log1p([row["subtlex"] for row in rows])
    return Norms([row["word"] for row in rows], {"concreteness": _column(rows, "concreteness")}, frequency)


def affect() -> Norms:
    rows = [row for row in read_table(corpus_folder("text/lexicons") / "warriner_vad.parquet") if row["word"]]
    names = ("valence", "arousal", "dominance")
    return Norms([row["word"] for row in rows], {name: _column(rows, name) for name in names})


@torch.inference_mode()
def states(encoder: Encoder, tokenizer: Tokenizer, words: Sequence[str]) -> Table:
    """Return the mean states of each word in every layer, the embedding first, shape ``(words, layers + 1, width)``."""
    encoder.eval()
    ids = [tokenizer.encode(word).ids for word in words]
    order = sorted(range(len(words)), key=lambda place: len(ids[place]))
    found = np.zeros((len(words), len(encoder.blocks) + 1, encoder.shape.width), dtype=np.float32)
    for start in range(0, len(order), BATCH):
        chosen = order[start : start + BATCH]
        longest = max(len(ids[place]) for place in chosen)
        padded = torch.tensor([ids[place] + [0] * (longest - len(ids[place])) for place in chosen])
        mask = torch.tensor([[1] * len(ids[place]) + [0] * (longest - len(ids[place])) for place in chosen])
        found[chosen] = _layers(encoder, padded, mask).numpy()
    return found


def predicted(features: Table, truth: Table, families: Table) -> Table:
    """Return what a ridge regression says of each word, learned from the words of other families.

    The penalty of a fold is the one that predicts the next fold best, learned from the three others.

    Args:
        features: Shape ``(words, features)``, each of mean 0 and deviation 1.
        truth: Shape ``(words, quantities)``.
        families: One number a word; words of one family stay in one fold.
    """
    fold = np.zeros(len(truth), dtype=int)
    for number, (_, left) in enumerate(GroupKFold(FOLDS).split(features, truth, families)):
        fold[left] = number
    centred = truth - truth.mean(axis=0)
    # Sums of products add up over folds, so that each is made once, whatever is left out.
    squares = [features[fold == number].T @ features[fold == number] for number in range(FOLDS)]
    products = [features[fold == number].T @ centred[fold == number] for number in range(FOLDS)]
    guess = np.zeros_like(truth)
    for number in range(FOLDS):
        after = (number + 1) % FOLDS
        inner = [other for other in range(FOLDS) if other not in (number, after)]
        tried = [features[fold == after] @ _weights(squares, products, inner, penalty) for penalty in PENALTIES]
        penalty = PENALTIES[int(np.argmax([mean_pearson(centred[fold == after], one) for one in tried]))]
        weights = _weights(squares, products, [*inner, after], penalty)
        guess[fold == number] = features[fold == number] @ weights + truth.mean(axis=0)
    return guess


def spelled(words: Sequence[str], truth: Table, families: Table) -> Table:
    """Return what the letters of each word say, learned from the words of other families."""
    features = TfidfVectorizer(**LETTERS).fit_transform(words)
    guess = np.zeros_like(truth)
    for known, left in GroupKFold(FOLDS).split(features, truth, families):
        head = Ridge(alpha=1.0, solver="sparse_cg").fit(features[known], truth[known])
        guess[left] = head.predict(features[left]).reshape(len(left), -1)
    return guess


def measure(norms: Norms, encoders: dict[str, Encoder], tokenizer: Tokenizer) -> dict[str, Interval]:
    """Return the scores of every quantity of some norms."""
    families = np.unique([word.lower()[:FAMILY] for word in norms.words], return_inverse=True)[1]
    truth = np.stack(list(norms.truth.values()), axis=1)
    seen = {name: states(encoder, tokenizer, norms.words) for name, encoder in encoders.items()}
    guesses = {
        "trunk": predicted(_standard(seen["trunk"][:, -1]), truth, families),
        "layers": predicted(_standard(seen["trunk"].reshape(len(truth), -1)), truth, families),
        "base": predicted(_standard(seen["base"][:, -1]), truth, families),
        "letters": spelled(norms.words, truth, families),
    }
    found = {}
    for place, name in enumerate(norms.truth):
        one = {way: guess[:, place] for way, guess in guesses.items()}
        found |= {f"r_{name}_{way}": interval(pearson, truth[:, place], guess) for way, guess in one.items()}
        found[f"r_{name}_trunk_minus_base"] = difference(pearson, truth[:, place], (one["base"], one["trunk"]))
        if norms.frequency is not None:
            found[f"r_{name}_frequency"] = interval(pearson, truth[:, place], norms.frequency)
    return found


def result() -> dict[str, Any]:
    """Measure both norms; return what was found in the shape of the files in ``results/``."""
    start = time.perf_counter()
    asset = find_asset(MODEL)
    tokenizer = Tokenizer.from_file(str(asset.file("tokenizer.json")))
    tokenizer.no_padding()
    encoders = {"trunk": reload_trunk(asset.file("trunk.onnx")), "base": load_base(base_folder())}
    both = concreteness(), affect()
    scores = {name: score for norms in both for name, score in measure(norms, encoders, tokenizer).items()}
    return {
        "task": "text/norms",
        "model": MODEL,
        "n": sum(len(norms.words) for norms in both),
        "seconds": round(time.perf_counter() - start, 1),
        "metrics": {name: _rounded(score) for name, score in scores.items()},
        "version": asset.info.version,
        "seeds": [0],
        "command": "python benchmarks/norms.py --save",
        "note": NOTE,
    }


def main() -> int:
    """Measure, print every score, and save the result if asked to."""
    parser = argparse.ArgumentParser(description="Measure what the encoder knows of single words.")
    parser.add_argument("--save", action="store_true", help=f"write {RESULT.relative_to(ROOT)}")
    given = parser.parse_args()
    torch.set_num_threads(1)
    try:
        row = result()
    except MienError as error:
        parser.error(str(error))
    for name, score in row["metrics"].items():
        sys.stdout.write(f"{name}: {score}\n")
    if given.save:
        RESULT.write_text(json.dumps([row], indent=2) + "\n", encoding="utf-8")
    return 0


def _layers(encoder: Encoder, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return the mean states over the real tokens after the embedding and after each layer."""
    held: list[torch.Tensor] = []
    hooks = [
        part.register_forward_hook(lambda *given: held.append(given[2])) for part in (encoder.drop, *encoder.blocks)
    ]
    try:
        encoder(ids, mask)
    finally:
        for hook in hooks:
            hook.remove()
    weights = mask.to(held[0].dtype)[..., None]
    return torch.stack([(each * weights).sum(1) / weights.sum(1) for each in held], dim=1)


def _weights(squares: Sequence[Table], products: Sequence[Table], folds: Sequence[int], penalty: float) -> Table:
    """Return the weights of a ridge regression on some folds, shape ``(features, quantities)``."""
    square = np.sum([squares[number] for number in folds], axis=0)
    product = np.sum([products[number] for number in folds], axis=0)
    return np.linalg.solve(square + penalty * np.eye(len(square)), product)


def _standard(features: Table) -> Table:
    """Return features of mean 0 and deviation 1; those that are the same for every word stay 0."""
    wide = features.astype(np.float64)
    std = wide.std(axis=0)
    return (wide - wide.mean(axis=0)) / np.where(std > CONSTANT, std, np.inf)


def _column(rows: Sequence[dict[str, Any]], name: str) -> Table:
    return np.array([row[name] for row in rows], dtype=np.float64)


def _rounded(score: Interval) -> dict[str, float]:
    return {name: round(value, 5) for name, value in asdict(score).items()}


if __name__ == "__main__":
    sys.exit(main())
