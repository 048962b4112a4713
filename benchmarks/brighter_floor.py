"""What plain learning from characters reaches on BRIGHTER, for a learned model to beat: one classifier a language.

    python benchmarks/brighter_floor.py             # prints what each language reaches
    python benchmarks/brighter_floor.py --save      # and writes results/text/brighter-floor.json

Character 1- to 4-grams weighed by TF-IDF go to one balanced logistic regression a label. What fits a language is chosen
on its validation split: one strength of the penalty for all labels, and one threshold a label. The test split only
measures what was chosen. All 28 languages have training data; the four of the track on transfer have none and are not
in it. The same data give the same figures. A run that is cut off goes on with the language where it stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from mien import __version__
from mien.datasets import Sample, brighter
from mien.errors import InputError, MienError
from mien.metrics.bootstrap import Interval, interval, mean_interval
from mien.metrics.categorical import label_f1, multilabel_macro_f1

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "results" / "text" / "brighter-floor.json"
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Inverse strengths of the penalty to choose from."""
THRESHOLDS = np.round(np.arange(0.1, 0.91, 0.05), 2)
"""Probabilities from which a label holds, to choose from."""
NGRAMS = {"analyzer": "char", "ngram_range": (1, 4), "min_df": 2, "sublinear_tf": True}
PLACES = 5

Found = dict[str, Any]


def texts_and_labels(samples: Sequence[Sample]) -> tuple[list[str], np.ndarray]:
    """Return the texts, and which labels hold, shape ``(texts, labels)``."""
    truth = np.stack([sample.truth.categories.probs for sample in samples if sample.truth and sample.truth.categories])
    return [sample.signal.text for sample in samples], truth > 0.5


def best_thresholds(truth: np.ndarray, probs: np.ndarray) -> np.ndarray:
    """Return the threshold with the best F1 of each label; of equals the one nearest to a half.

    Args:
        truth: Which labels hold, shape ``(texts, labels)``.
        probs: How probable each seems, of the same shape.
    """
    nearest_first = THRESHOLDS[np.argsort(np.abs(THRESHOLDS - 0.5), kind="stable")]
    scores = np.stack([label_f1(truth, probs >= threshold) for threshold in nearest_first])
    return np.asarray(nearest_first[scores.argmax(axis=0)])


def fit(features: Any, truth: np.ndarray, strength: float) -> list[LogisticRegression | None]:
    """Return one classifier a label; None where training has only one answer."""
    return [_fit_label(features, column, strength) if 0 < column.sum() < len(column) else None for column in truth.T]


def probabilities(classifiers: Sequence[LogisticRegression | None], features: Any) -> np.ndarray:
    """Return how probable each label is, shape ``(texts, labels)``; 0 for a label that was not learned."""
    nothing = np.zeros(features.shape[0])
    return np.stack([nothing if one is None else one.predict_proba(features)[:, 1] for one in classifiers], axis=1)


def measure(splits: Mapping[str, Sequence[Sample]]) -> Found:
    """Learn one language, choose on its validation split, and answer its test split.

    Args:
        splits: The samples of ``train``, ``validation`` and ``test``.
    """
    start = time.perf_counter()
    texts, truth = zip(*(texts_and_labels(splits[name]) for name in brighter.SPLITS), strict=True)
    counter = TfidfVectorizer(**NGRAMS)
    train, validation, test = counter.fit_transform(texts[0]), counter.transform(texts[1]), counter.transform(texts[2])
    best: tuple[float, float, list[LogisticRegression | None], np.ndarray] | None = None
    for strength in STRENGTHS:
        classifiers = fit(train, truth[0], strength)
        probs = probabilities(classifiers, validation)
        thresholds = best_thresholds(truth[1], probs)
        score = multilabel_macro_f1(truth[1], probs >= thresholds)
        if best is None or score > best[0]:
            best = score, strength, classifiers, thresholds
    if best is None:
        raise SystemExit("no strength of the penalty is given")
    score, strength, classifiers, thresholds = best
    return {
        "strength": strength,
        "thresholds": thresholds.tolist(),
        "validation": score,
        "truth": truth[2].astype(int).tolist(),
        "estimate": (probabilities(classifiers, test) >= thresholds).astype(int).tolist(),
        "seconds": time.perf_counter() - start,
    }


def language(code: str, kept: Path) -> Found:
    """Return what is known of a language: what an earlier run kept, if it read the same data in the same way.

    Raises:
        InputError: The corpus is missing, or lacks a split of the language.
    """
    splits = {name: brighter.load(name, languages=[code]) for name in brighter.SPLITS}
    for name, samples in splits.items():
        if not samples:
            raise InputError(f"the corpus has no {name} texts in {code}; needed: {', '.join(brighter.SPLITS)}")
    path, mark = kept / f"{code}.json", fingerprint(splits)
    if path.is_file():
        found: Found = json.loads(path.read_text(encoding="utf-8"))
        if found["mark"] == mark:
            return found
    found = {"mark": mark, **measure(splits)}
    kept.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_text(json.dumps(found), encoding="utf-8")
    half.replace(path)
    return found


def fingerprint(splits: Mapping[str, Sequence[Sample]]) -> str:
    """Return what tells this way of measuring these data from any other."""
    digest = hashlib.sha256(repr((STRENGTHS, THRESHOLDS.tolist(), NGRAMS)).encode())
    digest.update(Path(__file__).read_bytes())
    for samples in splits.values():
        for sample in samples:
            digest.update(repr((sample.id, sample.signal.text, sample.truth)).encode())
    return digest.hexdigest()


def result(found: Mapping[str, Found]) -> Found:
    """Return the results of all languages in the shape of the files in ``results/``."""
    parts = {
        code: tuple(np.array(one[side], dtype=bool) for side in ("truth", "estimate")) for code, one in found.items()
    }
    scores = {"macro_f1": mean_interval(multilabel_macro_f1, list(parts.values()))}
    scores |= {f"macro_f1_{code}": interval(multilabel_macro_f1, *sides) for code, sides in parts.items()}
    validation = np.mean([one["validation"] for one in found.values()])
    return {
        "task": "text/brighter-floor",
        "model": "",
        "n": sum(len(truth) for truth, _ in parts.values()),
        "seconds": round(sum(one["seconds"] for one in found.values()), 1),
        "metrics": {name: _rounded(score) for name, score in scores.items()},
        "version": __version__,
        "seeds": [0],
        "command": "python benchmarks/brighter_floor.py --save",
        "machine": platform.machine(),
        "chosen": {code: {"C": one["strength"], "thresholds": one["thresholds"]} for code, one in found.items()},
        "note": (
            "A floor for learned models: character 1- to 4-grams weighed by TF-IDF and one balanced logistic "
            "regression a label, learned on each language's own training split; the penalty and the thresholds are "
            f"chosen on its validation split (mean macro F1 there {validation:.3f}, too good as the choice was made on "
            "it), and the test split only measures. `macro_f1` is the mean over the languages, each counting "
            "the same. English has five labels (no disgust) and so has Afrikaans (no surprise). Indonesian, Javanese, "
            "Xhosa and Zulu have no training data, so the floor says nothing of them."
        ),
    }


def main() -> int:
    """Measure every language, tell each, and save the results if asked to."""
    parser = argparse.ArgumentParser(description="Measure the floor on BRIGHTER.")
    parser.add_argument("--save", action="store_true", help=f"write {RESULT.relative_to(ROOT)}")
    parser.add_argument("--kept", type=Path, default=ROOT / "build" / "brighter-floor", help="where finished ones lie")
    given = parser.parse_args()
    found = {}
    for place, code in enumerate(brighter.LANGUAGES, start=1):
        try:
            found[code] = language(code, given.kept)
        except MienError as error:
            parser.error(str(error))
        except KeyboardInterrupt:
            sys.stderr.write("\ninterrupted; the same command goes on from here\n")
            return 130
        sys.stdout.write(f"{_line(place, code, found[code])}\n")
        sys.stdout.flush()
    row = result(found)
    sys.stdout.write(f"mean over {len(found)} languages: {row['metrics']['macro_f1']}\n")
    if given.save:
        RESULT.write_text(json.dumps([row], indent=2) + "\n", encoding="utf-8")
    return 0


def _fit_label(features: Any, truth: np.ndarray, strength: float) -> LogisticRegression:
    classifier = LogisticRegression(C=strength, class_weight="balanced", solver="liblinear", max_iter=1000)
    return classifier.fit(features, truth)


def _line(place: int, code: str, one: Found) -> str:
    truth, estimate = (np.array(one[side], dtype=bool) for side in ("truth", "estimate"))
    return (
        f"{place:2}/{len(brighter.LANGUAGES)} {code:5} macro F1 {multilabel_macro_f1(truth, estimate):.3f} "
        f"(validation {one['validation']:.3f}), C {one['strength']:g}, {len(truth)} texts, {one['seconds']:.0f} s"
    )


def _rounded(score: Interval) -> dict[str, float]:
    return {name: round(value, PLACES) for name, value in asdict(score).items()}


if __name__ == "__main__":
    sys.exit(main())
