"""Reading emotion in text, side by side with what a person may pick instead: how right, how fast, how large.

    pip install vaderSentiment transformers     # beside the extras bench and learn
    MIEN_DATA=... python benchmarks/text.py [--rounds 5] [--save]

`text_systems.py` says what is compared. Each is measured in a process of its own on two processors. Right: macro F1 of
the 28 labels on the test split of GoEmotions (thresholds from validation), and the correlation of valence on the test
splits of SemEval-2018 (from which none learnt) and EmoBank. Fast: comments of the test split of GoEmotions, one at a
time, and `CHUNK` at a time in the order in which they come, each of which is read in every round; the value is from the
median round of each piece, `low` from the slowest and `high` from the quickest for sentences a second, and the other
way round for milliseconds. Others may use the machine: the quickest rounds come nearest to what it can do. Large: files
of weights, words and rules, and the memory that a process holds after its first answer. With `--save`, the figures are
also written to results/text/systems.json.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import text_systems
from text_systems import SYSTEMS, Texts

SAVED = Path(__file__).resolve().parents[1] / "results" / "text" / "systems.json"
CORES = 2
ALONE, CHUNKS, CHUNK = 100, 8, 256
"""Texts that are read alone; lists of texts, and texts in each."""
STARTS = 5
FIRST = "Thank you so much for the ride!"
IMPORTS = {
    "vader": "vaderSentiment.vaderSentiment",
    "tfidf": "sklearn.feature_extraction.text",
    "minilm": "transformers",
    "mien": "mien",
}
"""What is imported first, by system."""


def start(name: str) -> dict[str, float]:
    """Return what it takes this fresh process to import a system and to answer for the first time."""
    began = time.perf_counter()
    __import__(IMPORTS[name])
    imported = time.perf_counter()
    system = SYSTEMS[name]()
    system.answer([FIRST])
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "import_seconds": imported - began,
        "first_answer_seconds": time.perf_counter() - began,
        "memory_megabytes": held / 1e6,
        "files_megabytes": system.megabytes,
    }


def measure(name: str, rounds: int) -> dict[str, Any]:
    """Return how right and how fast a system is, in this process."""
    system = SYSTEMS[name]()
    found = accuracy(name)
    texts = text_systems.texts_of("goemotions", "test")
    drawn = [texts[place] for place in np.random.default_rng(0).permutation(len(texts))[: CHUNKS * CHUNK]]
    chunks = [drawn[first : first + CHUNK] for first in range(0, len(drawn), CHUNK)]
    alone = timed(system.answer, [[text] for text in drawn[:ALONE]], rounds)
    found["milliseconds_alone"] = bounds(1000 * alone.mean(axis=1))
    found["sentences_per_second"] = bounds(CHUNK / timed(system.answer, chunks, rounds).mean(axis=1))
    return found


def timed(answer: Callable[[Texts], Any], pieces: Sequence[Texts], rounds: int) -> np.ndarray:
    """Return the seconds of the quickest, the median and the slowest round of each piece, shape ``(3, pieces)``."""
    answer(pieces[0])
    seconds = np.zeros((rounds, len(pieces)))
    for one in range(rounds):
        for place, piece in enumerate(pieces):
            began = time.perf_counter()
            answer(piece)
            seconds[one, place] = time.perf_counter() - began
    return np.stack([seconds.min(axis=0), np.median(seconds, axis=0), seconds.max(axis=0)])


def bounds(values: np.ndarray) -> dict[str, float]:
    return {
        "value": round(float(values[1]), 3),
        "low": round(float(values.min()), 3),
        "high": round(float(values.max()), 3),
    }


def accuracy(name: str) -> dict[str, Any]:
    """Return how right a system is, each figure with its interval."""
    from mien.metrics.bootstrap import interval
    from mien.metrics.categorical import multilabel_macro_f1
    from mien.metrics.dimensional import pearson

    system, found = SYSTEMS[name](), {}
    if system.emotions is not None:
        said = system.emotions(text_systems.texts_of("goemotions", "test"))
        found["macro_f1"] = interval(multilabel_macro_f1, text_systems.labels("goemotions", "test"), said)
    for corpus, metric in (("semeval2018", "r_valence_semeval2018"), ("emobank", "r_valence_emobank")):
        said = system.valence(text_systems.texts_of(corpus, "test"))
        found[metric] = interval(pearson, text_systems.valences(corpus, "test"), said)
    return {
        key: {"value": round(score.value, 5), "low": round(score.low, 5), "high": round(score.high, 5)}
        for key, score in found.items()
    }


def own(name: str, *options: str) -> dict[str, Any]:
    """Return what a process of its own says of a system."""
    command = [sys.executable, __file__, "--system", name, *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def row(name: str, rounds: int) -> dict[str, Any]:
    import mien
    from mien.runtime import find_asset

    began = time.perf_counter()
    starts = [own(name, "--start") for _ in range(STARTS)]
    metrics = own(name, "--rounds", str(rounds))
    for key in starts[0]:
        values = sorted(run[key] for run in starts)
        metrics[key] = bounds(np.array([values[0], values[len(values) // 2], values[-1]]))
    model = "text-affect" if name == "mien" else ""
    return {
        "task": f"text/systems-{name}",
        "model": model,
        "version": find_asset(model).info.version if model else mien.__version__,
        "in_corpus": name != "vader",
        "n": CHUNKS * CHUNK,
        "seconds": round(time.perf_counter() - began, 1),
        "metrics": metrics,
        "seeds": [0],
        "command": f"python benchmarks/text.py --rounds {rounds} --save",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--system", choices=list(SYSTEMS), help="Measure one system in this process.")
    parser.add_argument("--start", action="store_true", help="Measure only how it starts.")
    given = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    if given.system:
        print(json.dumps(start(given.system) if given.start else measure(given.system, given.rounds)))
        return
    text_systems.prepare()
    found = [row(name, given.rounds) for name in SYSTEMS]
    print(json.dumps(found, indent=1))
    if given.save:
        SAVED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
