"""Are the words that mien names as reasons those that its answer hangs on? Several ways of finding them, side by side.

    MIEN_DATA=... python benchmarks/faithfulness.py [--split test] [--items 200] [--save]

Comments of GoEmotions whose top label is an emotion and that have four words or more, drawn with seed 0. For each way,
the 5, 10, 20 and 50 % of words that it says matter most are erased, or kept alone, and the probability of the top label
is looked at again (comprehensiveness, sufficiency; DeYoung et al., 2020). Words are erased twice: taken out, and put
aside by the mask token, since each favours the ways that work like it. The validation split chooses; the test split is
reported. Random order stands for three seeds. With `--save`, the figures are also written to
results/text/faithfulness.json, or faithfulness-validation.json. Needs the extra `learn`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mien.explain.faithfulness import Erased, erase
from mien.explain.words import MOST, word_weights, words_of
from mien.learn.text.attribution import InsideView
from mien.metrics.bootstrap import Interval, difference, interval
from mien.metrics.faithfulness import comprehensiveness, sufficiency
from mien.perceive.text import TextPerceiver
from mien.registry import find
from mien.runtime import find_asset
from mien.types import Affect, Span, Utterance

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "results" / "text"
MODEL = "text-affect"
MASK = "[MASK]"
FEWEST_WORDS = 4
SEEDS = (0, 1, 2)
STEPS = 10
"""Points at which integrated gradients are taken."""
ERASING = {"": "deleted", MASK: "masked"}
"""What stands in place of an erased word, and what the metrics call that."""

USUAL = "occlusion"
"""What mien does; the first of `ways`."""

Runs = dict[str, list[Erased]]
Weigh = Callable[[str, Affect], np.ndarray]


@dataclass
class Remembered:
    """A perceiver that reads each text once and counts what it is asked for: ways agree on many words."""

    perceiver: TextPerceiver
    asked: int = 0
    known: dict[str, Affect | None] = field(default_factory=dict)

    def read(self, pieces: Sequence[Utterance]) -> list[Affect | None]:
        self.asked += len(pieces)
        new = list({piece.text: piece for piece in pieces if piece.text not in self.known}.values())
        self.known |= zip((piece.text for piece in new), self.perceiver.read(new), strict=True)
        return [self.known[piece.text] for piece in pieces]


def items(perceiver: TextPerceiver, split: str, count: int) -> list[tuple[str, Affect]]:
    """Return comments with an emotion as top label, and what was said of them."""
    texts = [sample.signal.text for sample in find("corpus", "goemotions")(split)]
    texts = [texts[place] for place in np.random.default_rng(0).permutation(len(texts))]
    found: list[tuple[str, Affect]] = []
    for start in range(0, len(texts), count):
        block = texts[start : start + count]
        affects = perceiver.read([utterance(text) for text in block])
        found += [(text, affect) for text, affect in zip(block, affects, strict=True) if affect and fits(text, affect)]
        if len(found) >= count:
            break
    return found[:count]


def utterance(text: str) -> Utterance:
    return Utterance(text, Span(0, max(1, len(text)), "characters"))


def fits(text: str, affect: Affect) -> bool:
    return label_of(affect) != "neutral" and FEWEST_WORDS <= len(words_of(text)) <= MOST


def label_of(affect: Affect) -> str:
    return affect.categories.top[0] if affect.categories else "neutral"


def ways(perceiver: Remembered) -> dict[str, Weigh]:
    """Return how words are weighed, by name."""
    inside = InsideView(find_asset(MODEL), steps=STEPS)
    labels = perceiver.perceiver.taxonomy.labels

    def occlusion(text: str, affect: Affect) -> np.ndarray:
        return word_weights(perceiver, text, affect)[1]

    def masking(text: str, affect: Affect) -> np.ndarray:
        return probability(affect) - probabilities(affect, [put(text, [word], MASK) for word in words_of(text)])

    def alone(text: str, affect: Affect) -> np.ndarray:
        return probabilities(affect, [text[start:end] for start, end in words_of(text)])

    def probabilities(affect: Affect, changed: list[str]) -> np.ndarray:
        place = labels.index(label_of(affect))
        read = perceiver.read([utterance(words) for words in changed])
        return np.array([each.categories.probs[place] if each and each.categories else 0.0 for each in read])

    def gradients(text: str, affect: Affect) -> np.ndarray:
        return inside.integrated_gradients(text, words_of(text), labels.index(label_of(affect)))

    return {
        "occlusion": occlusion,
        "masking": masking,
        "alone": alone,
        "occlusion_and_masking": lambda text, affect: occlusion(text, affect) + masking(text, affect),
        "occlusion_and_alone": lambda text, affect: occlusion(text, affect) + alone(text, affect),
        "gradients": gradients,
        "attention": lambda text, _: inside.attention(text, words_of(text)),
    }


def probability(affect: Affect) -> float:
    return affect.categories.top[1] if affect.categories else 0.0


def put(text: str, ranges: Sequence[tuple[int, int]], filler: str) -> str:
    for start, end in sorted(ranges, reverse=True):
        text = text[:start] + filler + text[end:]
    return text


def erased(perceiver: Remembered, chosen: Sequence[tuple[str, Affect]], weights: list[list[np.ndarray]]) -> Runs:
    """Return what becomes of the texts, by how words are erased; several lists of weights are several seeds."""
    texts, affects = [text for text, _ in chosen], [affect for _, affect in chosen]
    return {
        name: [erase(perceiver, texts, affects, given, filler=filler) for given in weights]
        for filler, name in ERASING.items()
    }


def scores(way: str, found: Runs, usual: Runs | None) -> dict[str, Any]:
    """Return the metrics of one way with intervals over texts, and how they differ from those of the usual way."""
    table: dict[str, Any] = {}
    for name, runs in found.items():
        groups = np.tile(np.arange(len(runs[0].whole)), len(runs))  # the seeds of a text are drawn together
        whole = np.concatenate([run.whole for run in runs])
        for metric, part in ((comprehensiveness, "without"), (sufficiency, "kept")):
            left = np.concatenate([getattr(run, part) for run in runs])
            key = f"{metric.__name__}_{name}_{way}"
            table[key] = rounded(interval(metric, whole, left, groups=groups))
            if usual is not None:
                before = getattr(usual[name][0], part)
                table[f"{key}_minus_{USUAL}"] = rounded(difference(metric, whole, (before, left)))
    return table


def rounded(score: Interval) -> dict[str, float]:
    return {bound: round(getattr(score, bound), 4) for bound in ("value", "low", "high")}


def row(split: str, count: int) -> dict[str, Any]:
    """Return the result object of one split."""
    began = time.perf_counter()
    perceiver = Remembered(TextPerceiver(model=MODEL, threads=1))
    chosen = items(perceiver.perceiver, split, count)
    metrics: dict[str, Any] = {}
    usual: Runs | None = None
    for name, way in ways(perceiver).items():
        before = perceiver.asked
        weights = [way(text, affect) for text, affect in chosen]
        readings = round((perceiver.asked - before) / len(chosen), 2)
        found = erased(perceiver, chosen, [weights])
        metrics |= scores(name, found, usual) | {f"readings_{name}": readings}
        usual = usual or found
        print(f"{split}: {name}", flush=True)
    drawn = [
        [np.random.default_rng([seed, place]).random(len(words_of(text))) for place, (text, _) in enumerate(chosen)]
        for seed in SEEDS
    ]
    metrics |= scores("random", erased(perceiver, chosen, drawn), None)
    return {
        "task": "text/faithfulness" + ("" if split == "test" else f"-{split}"),
        "model": MODEL,
        "version": find_asset(MODEL).info.version,
        "in_corpus": True,
        "n": len(chosen),
        "seconds": round(time.perf_counter() - began, 1),
        "metrics": metrics,
        "seeds": list(SEEDS),
        "command": f"python benchmarks/faithfulness.py --split {split} --items {count} --save",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("validation", "test"), default="test")
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    found = row(given.split, given.items)
    print(json.dumps(found))
    if given.save:
        name = found["task"].rpartition("/")[2]
        (SAVED / f"{name}.json").write_text(json.dumps([found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
