"""Whose emotion is it? What writers say that they felt against what readers see, and the anger that readers miss.

    MIEN_DATA=... python benchmarks/readers_writers.py            # prints what was found
    MIEN_DATA=... python benchmarks/readers_writers.py --save     # and writes results/text/readers-writers.json

WRIME is the one corpus here in which writers graded their own anger (Japanese posts, 20 writers, three readers each);
its licence allows to evaluate and to share nothing that was made from it, so that a detector is fitted for this
measurement and thrown away. Anger is hidden where its writer graded it 1 or more of 3 and all readers 0. EmoBank has
no anger: there, the two perspectives are compared in valence, arousal and dominance, and the shipped model with both.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from mien.datasets import emobank
from mien.datasets.corpus import corpus_folder, read_table
from mien.errors import MienError
from mien.metrics.bootstrap import Interval, difference, interval
from mien.metrics.dimensional import ccc, pearson
from mien.metrics.ranking import auc
from mien.perceive.text import TextPerceiver
from mien.runtime import find_asset

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "results" / "text" / "readers-writers.json"
EMOTIONS = ("anger", "joy", "sadness", "anticipation", "surprise", "fear", "disgust", "trust")
DIMENSIONS = {"valence": "V", "arousal": "A", "dominance": "D"}
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0)
"""Inverse strengths of the penalty to choose from, by cross-validation over the writers of the validation split."""
NGRAMS = {"analyzer": "char", "ngram_range": (1, 4), "min_df": 2, "sublinear_tf": True}
SHARE_FALSE = 0.05
"""Share of false ones among the expressions that are called over-represented."""
SHUFFLES = 20
ANGER_WORDS = (
    *("怒", "腹立", "腹が立", "ムカつ", "むかつ", "イライラ", "いらいら", "苛立", "キレ", "ふざけ", "許せ", "許さ"),
    *("うざ", "ウザ", "最低", "クソ", "くそ", "頭にき", "頭に来", "うるさ", "死ね", "バカ", "馬鹿"),
)
"""Words of anger, written for this measurement: how many of them a post has is the lexicon's score."""
NOTE = (
    "WRIME 1.0, test split: 2,000 posts of 10 writers; whole writers are drawn for the intervals. kappa_* is the "
    "quadratic kappa (which is the concordance) of the writer's grade with the rounded mean of three readers; hidden_* "
    "the share of the posts with that emotion of the writer in which no reader sees any. auc_* tell hidden anger from "
    "all other posts, and auc_unseen_* from those other posts in which no reader sees anger either: with character "
    "n-grams and logistic regression learned on the validation split (10 other writers), and with a count of words of "
    "anger. ngrams_over is how many character n-grams are over-represented in hidden anger (weighted log-odds, false "
    "discovery rate 5 %), ngrams_over_shuffled how many are when the posts of each writer change labels at random. "
    "EmoBank, test split: emobank_* as named; *_reader_minus_writer is how much closer the shipped model, which "
    "learned from the mean of both perspectives, is to the readers. EmoBank, like every other corpus of text here, has "
    "no anger of writers beside that of readers: nothing can be measured there."
)

Rows = list[dict[str, Any]]


def wrime(split: str) -> Rows:
    """Return the posts of a split with all grades.

    Raises:
        InputError: The corpus is missing.
    """
    return read_table(corpus_folder("text/wrime_v1") / f"{split}.parquet")


def grades(rows: Rows, who: str, emotion: str) -> np.ndarray:
    return np.array([row[f"{who}_{emotion}"] for row in rows], dtype=np.int64)


def seen(rows: Rows, emotion: str) -> np.ndarray:
    """Return the grades of the readers, shape ``(posts, 3)``."""
    return np.stack([grades(rows, f"reader{reader}", emotion) for reader in (1, 2, 3)], axis=1)


def is_hidden(rows: Rows, emotion: str) -> np.ndarray:
    """Return whether the writer has the emotion and no reader sees it."""
    return (grades(rows, "writer", emotion) > 0) & (seen(rows, emotion).max(axis=1) == 0)


def agreement(rows: Rows) -> dict[str, Interval]:
    """Return how far readers agree with writers on each emotion, and how much of it no reader sees."""
    writers = np.array([row["userid"] for row in rows])
    found = {}
    for emotion in EMOTIONS:
        writer, readers = grades(rows, "writer", emotion), seen(rows, emotion)
        felt, hidden = writer > 0, is_hidden(rows, emotion)
        found[f"hidden_{emotion}"] = interval(_share, hidden[felt], hidden[felt], groups=writers[felt])
        found[f"kappa_{emotion}"] = interval(ccc, writer, np.rint(readers.mean(axis=1)), groups=writers)
    return found


def detection(train: Rows, test: Rows) -> dict[str, Interval]:
    """Return how well posts with hidden anger are told from others, learned from other writers' posts."""
    texts = [row["sentence"] for row in test]
    learned, counted = _detector(train)(texts), np.array([_count(text) for text in texts], dtype=np.float64)
    truth, writers = is_hidden(test, "anger"), np.array([row["userid"] for row in test])
    unseen = seen(test, "anger").max(axis=1) == 0
    found = {}
    for name, rows in (("auc", np.ones(len(test), dtype=bool)), ("auc_unseen", unseen)):
        sides = truth[rows], (counted[rows], learned[rows])
        found[f"{name}_words"] = interval(auc, sides[0], sides[1][0], groups=writers[rows])
        found[f"{name}_learned"] = interval(auc, sides[0], sides[1][1], groups=writers[rows])
        found[f"{name}_learned_minus_words"] = difference(auc, *sides, groups=writers[rows])
    return found


def expressions(rows: Rows) -> dict[str, float]:
    """Return how many character n-grams hidden anger has more than other posts, and how many by chance."""
    truth, writers = is_hidden(rows, "anger"), np.array([row["userid"] for row in rows])
    counts = CountVectorizer(analyzer="char", ngram_range=(2, 4), min_df=10, binary=True).fit_transform(
        [row["sentence"] for row in rows]
    )
    chance = np.random.default_rng(0)
    shuffled = [_over(counts, _shuffled(truth, writers, chance)) for _ in range(SHUFFLES)]
    return {"ngrams_over": _over(counts, truth), "ngrams_over_shuffled": float(np.mean(shuffled))}


def perspectives() -> dict[str, Interval]:
    """Return what EmoBank tells of its two perspectives, and which of them the shipped model is nearer to."""
    table = read_table(corpus_folder("text/emobank") / "test.parquet")
    affects = TextPerceiver().read([sample.signal for sample in emobank.load("test")])
    found = {}
    for name, letter in DIMENSIONS.items():
        reader, writer = (np.array([row[f"{who}_{letter}"] for row in table]) for who in ("reader", "writer"))
        told = np.array([getattr(affect, name).mean if affect else 0.0 for affect in affects])
        found[f"emobank_{name}_reader_writer"] = interval(pearson, reader, writer)
        found[f"emobank_{name}_model_reader"] = interval(pearson, told, reader)
        found[f"emobank_{name}_model_writer"] = interval(pearson, told, writer)
        found[f"emobank_{name}_reader_minus_writer"] = difference(pearson, told, (writer, reader))
    return found


def measure() -> dict[str, Any]:
    """Return everything in the shape of the files in ``results/``."""
    start = time.perf_counter()
    train, test = wrime("validation"), wrime("test")
    scores = {**agreement(test), **detection(train, test)}
    metrics: dict[str, Any] = {name: _rounded(score) for name, score in scores.items()}
    metrics["n_hidden"] = int(is_hidden(test, "anger").sum())
    metrics |= expressions(test)
    metrics |= {name: _rounded(score) for name, score in perspectives().items()}
    return {
        "task": "text/readers-writers",
        "model": "text-affect",
        "n": len(test),
        "seconds": round(time.perf_counter() - start, 1),
        "metrics": metrics,
        "version": find_asset("text-affect").info.version,
        "seeds": [0],
        "command": "python benchmarks/readers_writers.py --save",
        "machine": platform.machine(),
        "note": NOTE,
    }


def main() -> int:
    """Measure, print every score, and save the result if asked to."""
    parser = argparse.ArgumentParser(description="Measure what readers see of what writers feel.")
    parser.add_argument("--save", action="store_true", help=f"write {RESULT.relative_to(ROOT)}")
    given = parser.parse_args()
    try:
        row = measure()
    except MienError as error:
        parser.error(str(error))
    for name, score in row["metrics"].items():
        sys.stdout.write(f"{name}: {score}\n")
    if given.save:
        RESULT.write_text(json.dumps([row], indent=2) + "\n", encoding="utf-8")
    return 0


def _detector(rows: Rows) -> Callable[[Sequence[str]], np.ndarray]:
    """Learn to tell hidden anger; the strength of the penalty is chosen on writers that are left out in turn."""
    texts, truth = [row["sentence"] for row in rows], is_hidden(rows, "anger")
    writers = np.array([row["userid"] for row in rows])
    guesses = {strength: np.zeros(len(rows)) for strength in STRENGTHS}
    for known, left in GroupKFold(5).split(texts, truth, writers):
        for strength, guess in guesses.items():
            score = _fit([texts[place] for place in known], truth[known], strength)
            guess[left] = score([texts[place] for place in left])
    best = max(STRENGTHS, key=lambda strength: auc(truth, guesses[strength]))
    return _fit(texts, truth, best)


def _fit(texts: Sequence[str], truth: np.ndarray, strength: float) -> Callable[[Sequence[str]], np.ndarray]:
    counter = TfidfVectorizer(**NGRAMS)
    classifier = LogisticRegression(C=strength, class_weight="balanced", solver="liblinear", max_iter=1000)
    classifier.fit(counter.fit_transform(texts), truth)
    return lambda others: np.asarray(classifier.decision_function(counter.transform(others)))


def _count(text: str) -> int:
    return sum(text.count(word) for word in ANGER_WORDS)


def _share(flags: np.ndarray, _: np.ndarray) -> float:
    return float(np.mean(flags))


def _shuffled(truth: np.ndarray, writers: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return the labels in another order within each writer, whose way to write stays."""
    mixed = truth.copy()
    for writer in np.unique(writers):
        mixed[writers == writer] = chance.permutation(truth[writers == writer])
    return mixed


def _over(counts: Any, truth: np.ndarray) -> int:
    """Return how many n-grams are over-represented, by log-odds with the corpus as prior (Monroe et al. 2008).

    B. L. Monroe, M. P. Colaresi and K. M. Quinn (2008). Fightin' words. Political Analysis 16(4), 372-403; the false
    discovery rate after Y. Benjamini and Y. Hochberg (1995). JRSS B 57(1), 289-300.
    """
    from scipy.stats import norm

    inside, outside = (np.asarray(counts[side].sum(axis=0)).ravel().astype(float) for side in (truth, ~truth))
    prior = 0.01 * (inside + outside)
    odds = [np.log((count + prior) / (count.sum() + prior.sum() - count - prior)) for count in (inside, outside)]
    scores = (odds[0] - odds[1]) / np.sqrt(1 / (inside + prior) + 1 / (outside + prior))
    chances = np.sort(norm.sf(scores))
    below = chances <= SHARE_FALSE * np.arange(1, len(chances) + 1) / len(chances)
    return int(np.flatnonzero(below).max() + 1) if below.any() else 0


def _rounded(score: Interval) -> dict[str, float]:
    return {name: round(value, 5) for name, value in asdict(score).items()}


if __name__ == "__main__":
    sys.exit(main())
