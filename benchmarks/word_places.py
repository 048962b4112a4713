"""How often a word that no list knows is put where it belongs in the tree of emotions, and how sure to be.

    MIEN_DATA=... python benchmarks/word_places.py            # prints what was found
    MIEN_DATA=... python benchmarks/word_places.py --save     # and writes results/text/word-places.json

Every word that was listed by hand is placed as if no list knew it, nor any word that begins with the same five letters,
by the listed words that it is like; where it is listed is the truth. A fifth of the beginnings chose how words are read
and weighed, the others measure. Beside that, the lists are compared with the categories of Empath, which name emotions
of the same tree but were made by a model and by crowds: what they disagree on can be the fault of either.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from mien.datasets import Sample, warriner
from mien.datasets.corpus import corpus_folder, hashed_split, read_table
from mien.errors import MienError
from mien.metrics.bootstrap import Interval, difference, interval
from mien.metrics.calibration import confidence_ece
from mien.metrics.categorical import accuracy
from mien.metrics.ranking import auc
from mien.perceive.text.perceiver import TextPerceiver
from mien.perceive.text.words import NEUTRAL, WordReader, nearest_places
from mien.runtime import find_asset
from mien.types import Span, Utterance
from mien.types.project import projection
from mien.types.taxonomies import GOEMOTIONS28, PARROTT
from mien.types.tree import distance, path
from mien.types.words import entries, find_word

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "results" / "text" / "word-places.json"
MODEL = "text-affect"
FAMILY = 5
"""Words that share so many first letters are kept together."""
EMPATH_NODES = {"irritability": "anger/irritation", "hate": "anger/rage", "rage": "anger/rage"}
"""Categories of Empath whose node does not carry their name."""
NOTE = (
    "tier1 and tier2: share of the listed words whose likeliest primary, and secondary, emotion is right (6 and 25 "
    "to choose from); distance: mean distance in the tree of the likeliest node from the right one (0 to 1); *_28 "
    "the same by the model's own 28 emotions and their map onto the tree, *_likeliest by always saying the most "
    "frequent. ece: how far the probability of the likeliest primary emotion is off its being right. Whole families "
    "of words, by the first five letters, are hidden and drawn. auc_emotion: how well the model's probability of "
    "neutral tells listed words from words of the norms of Warriner et al. (validation tenth) that no list knows, "
    "few of which name an emotion; share_* how many of each get a place. empath_*: share of words, in a category of "
    "Empath, that stand in the tree under that emotion: words of the tree itself, of our lists, and other forms."
)


def firsts(shares: np.ndarray, depth: int) -> tuple[np.ndarray, list[str]]:
    """Return the probability of each emotion of a tier with all below it, shape ``(words, emotions)``, and their names.

    What stands above the tier does not count.
    """
    names = sorted({label for label in PARROTT.labels if len(path(label)) == depth})
    below = np.array([[name in path(label) for name in names] for label in PARROTT.labels], dtype=float)
    return shares @ below, names


def placed(reader: WordReader) -> dict[str, np.ndarray]:
    """Return, for the clear words of our lists, the truth, both answers, and the family of each."""
    listed = reader.listed
    family = np.array([word.replace(" ", "")[:FAMILY] for word in listed.words])
    known = entries()
    asked = np.array([known[word].known == "list" and len(known[word].nodes) == 1 for word in listed.words])
    asked &= np.array([hashed_split(name) == "train" for name in family])
    words = [word for word, chosen in zip(listed.words, asked, strict=True) if chosen]
    hidden = family[asked][:, None] == family[None, :]
    said = _emotions(words)
    said[:, GOEMOTIONS28.index("neutral")] = 0
    return {
        "truth": listed.shares[asked],
        "near": nearest_places(reader.vectors(words), listed, hidden),
        "emotions": said / said.sum(axis=1, keepdims=True) @ projection(GOEMOTIONS28, PARROTT).matrix,
        "family": family[asked],
    }


def places(found: Mapping[str, np.ndarray]) -> dict[str, Interval]:
    """Return how often each tier is right, how far the answers are off, and how far their sureness is."""
    scores: dict[str, Interval] = {}
    for depth in (1, 2):
        right = firsts(found["truth"], depth)[0]
        there = right.sum(axis=1) > 0
        truth, groups = right[there].argmax(axis=1), found["family"][there]
        said = {way: firsts(found[way], depth)[0][there] for way in ("near", "emotions")}
        tops = {way: one.argmax(axis=1) for way, one in said.items()}
        likeliest = np.full(len(truth), np.bincount(truth).argmax())
        scores[f"tier{depth}"] = interval(accuracy, truth, tops["near"], groups=groups)
        scores[f"tier{depth}_28"] = interval(accuracy, truth, tops["emotions"], groups=groups)
        scores[f"tier{depth}_likeliest"] = interval(accuracy, truth, likeliest, groups=groups)
        scores[f"tier{depth}_minus_28"] = difference(accuracy, truth, (tops["emotions"], tops["near"]), groups=groups)
        if depth == 1:
            hits, sure = tops["near"] == truth, said["near"].max(axis=1)
            scores["ece"] = interval(confidence_ece, hits, sure, groups=groups)
    apart = np.array([[distance(first, second) for second in PARROTT.labels] for first in PARROTT.labels])
    right = found["truth"].argmax(axis=1)
    for name, way in (("distance", "near"), ("distance_28", "emotions")):
        off = apart[right, found[way].argmax(axis=1)]
        scores[name] = interval(_mean, off, off, groups=found["family"])
    return scores


def emotional() -> dict[str, Interval]:
    """Return how well words for emotions are told from other words, and how many of each get a place."""
    listed = [word for word, entry in entries().items() if entry.known == "list"]
    others = [word for sample in warriner.load("validation") for word in [_word(sample)] if find_word(word) is None]
    neutral = _emotions([*listed, *others], "I felt {}.")[:, GOEMOTIONS28.index("neutral")]
    is_listed = np.arange(len(neutral)) < len(listed)
    got = neutral < NEUTRAL
    return {
        "auc_emotion": interval(auc, is_listed, -neutral),
        "share_emotions_placed": interval(_mean, got[is_listed], got[is_listed]),
        "share_others_placed": interval(_mean, got[~is_listed], got[~is_listed]),
    }


def empath() -> dict[str, Interval]:
    """Return how often our lists stand where Empath puts a word, by how the word is known."""
    nodes = {label.rpartition("/")[2]: label for label in reversed(PARROTT.labels) if len(path(label)) < 3}
    rows = read_table(corpus_folder("text/lexicons") / "empath_categories.parquet")
    named = {row["category"]: EMPATH_NODES.get(row["category"], nodes.get(row["category"])) for row in rows}
    agree: dict[str, list[bool]] = {"tree": [], "list": [], "form": []}
    by_word: dict[str, set[str]] = {}
    for row in rows:
        if named[row["category"]]:
            for word in row["words"]:
                by_word.setdefault(word, set()).add(path(named[row["category"]])[0])
    for word, theirs in by_word.items():
        entry = find_word(word)
        if entry is not None and entry.nodes:
            agree[entry.known].append(bool(theirs & {path(node)[0] for node in entry.nodes}))
    return {f"empath_{known}": interval(_mean, np.array(hits), np.array(hits)) for known, hits in agree.items()}


def main() -> int:
    """Measure, print every score, and save the result if asked to."""
    parser = argparse.ArgumentParser(description="Measure where words are placed in the tree of emotions.")
    parser.add_argument("--save", action="store_true", help=f"write {RESULT.relative_to(ROOT)}")
    given = parser.parse_args()
    start = time.perf_counter()
    try:
        found = placed(WordReader(model=MODEL))
        scores = {**places(found), **emotional(), **empath()}
    except MienError as error:
        parser.error(str(error))
    row = {
        "task": "text/word-places",
        "model": MODEL,
        "n": len(found["truth"]),
        "seconds": round(time.perf_counter() - start, 1),
        "metrics": {name: _rounded(score) for name, score in scores.items()},
        "version": find_asset(MODEL).info.version,
        "seeds": [0],
        "command": "python benchmarks/word_places.py --save",
        "note": NOTE,
    }
    for name, score in row["metrics"].items():
        sys.stdout.write(f"{name}: {score}\n")
    if given.save:
        RESULT.write_text(json.dumps([row], indent=2) + "\n", encoding="utf-8")
    return 0


def _emotions(words: list[str], frame: str = "I felt {}.") -> np.ndarray:
    """Return the model's 28 emotions of each word in a sentence, shape ``(words, 28)``."""
    texts = [frame.format(word) for word in words]
    affects = TextPerceiver(model=MODEL).read([Utterance(text, Span(0, len(text), "characters")) for text in texts])
    return np.stack([affect.categories.probs for affect in affects if affect and affect.categories])


def _word(sample: Sample) -> str:
    return str(sample.signal.text)


def _mean(values: np.ndarray, _: np.ndarray) -> float:
    return float(np.mean(values))


def _rounded(score: Interval) -> dict[str, float]:
    return {name: round(value, 5) for name, value in asdict(score).items()}


if __name__ == "__main__":
    sys.exit(main())
