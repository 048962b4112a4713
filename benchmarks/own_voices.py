"""What `mien train speech` is worth: a head learnt from some speakers of a corpus, on speakers of it who were left out.

    MIEN_DATA=... python benchmarks/own_voices.py [--corpus emodb|nemo] [--save]

The clips of the training split are written as files, a table of the corpus's words and its speakers beside them, and go
through the command's own way from table to folder. The perceiver then reads the test split with that folder.
Beside it: a plain logistic regression on the same features (standardised, scikit-learn's own penalty, nothing chosen or
calibrated). The features are measured and were learnt from nothing, so the test speakers are new to both; the shipped
model, which has heard them, takes no part. With `--save`, the row is also written to results/speech/own-voices.json,
beside that of the other corpus.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import time
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mien.datasets import Sample
from mien.learn.own import Report, train
from mien.metrics.bootstrap import difference, interval
from mien.metrics.calibration import ece
from mien.metrics.categorical import accuracy, uar
from mien.perceive.speech import SpeechPerceiver
from mien.registry import find
from mien.version import __version__

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "results" / "speech" / "own-voices.json"
BUILD = ROOT / "build" / "own-voices"
CORPORA = ("emodb", "nemo")


def word(sample: Sample) -> str:
    """Return the corpus's own word for the emotion of a clip."""
    if sample.truth is None:
        raise SystemExit(f"{sample.id} has no label")
    return sample.truth.labels[0]


def write_table(folder: Path, samples: Sequence[Sample]) -> Path:
    """Write clips as WAV files, and the table that labels them."""
    (folder / "clips").mkdir(parents=True)
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "label", "speaker"])
        for number, sample in enumerate(samples):
            audio = sample.signal.audio
            with wave.open(str(folder / "clips" / f"{number}.wav"), "wb") as file:
                file.setparams((1, 2, audio.rate, 0, "NONE", ""))
                file.writeframes((np.clip(audio.mono(), -1, 1) * 32767).astype("<i2").tobytes())
            writer.writerow([f"clips/{number}.wav", word(sample), sample.group["speaker"]])
    return folder / "labels.csv"


def plain(train_samples: Sequence[Sample], test_samples: Sequence[Sample]) -> np.ndarray:
    """Return what a plain logistic regression on the same features says of the test clips."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    perceiver = SpeechPerceiver(threads=1)
    seen, asked = (perceiver.vectors([one.signal for one in part]) for part in (train_samples, test_samples))
    heard = [(row, word(one)) for row, one in zip(seen, train_samples, strict=True) if row is not None]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(np.stack([row for row, _ in heard]), [label for _, label in heard])
    return np.asarray(model.predict(np.stack([row for row in asked if row is not None])))


def measure(corpus: str) -> dict[str, Any]:
    """Train through the command and score the speakers who were left out."""
    load, folder = find("corpus", corpus), BUILD / corpus
    shutil.rmtree(folder, ignore_errors=True)
    learnt, tested = load("train"), load("test")
    began = time.perf_counter()
    report = train("speech", write_table(folder, learnt), folder / "model", line="research", say=print)
    seconds = time.perf_counter() - began
    perceiver = SpeechPerceiver(model=str(folder / "model"), threads=1)
    affects = perceiver.read([one.signal for one in tested])
    if any(affect is None for affect in affects):
        raise SystemExit("a test clip holds no voice")
    probs = np.stack([affect.categories.probs for affect in affects])
    truth = np.array([perceiver.taxonomy.index(word(one)) for one in tested])
    other = np.array([perceiver.taxonomy.index(said) for said in plain(learnt, tested).tolist()])
    groups = np.array([one.group["speaker"] for one in tested])
    said = probs.argmax(axis=1)
    scores = {
        "uar": interval(uar, truth, said, groups=groups),
        "accuracy": interval(accuracy, truth, said, groups=groups),
        "ece": interval(ece, truth, probs, groups=groups),
        "uar_plain_logistic": interval(uar, truth, other, groups=groups),
        "uar_gain_over_plain": difference(uar, truth, (other, said), groups=groups),
    }
    return row(corpus, report, {name: rounded(found) for name, found in scores.items()}, (len(tested), seconds))


def rounded(found: Any) -> dict[str, float]:
    return {bound: round(getattr(found, bound), 5) for bound in ("value", "low", "high")}


def row(corpus: str, report: Report, metrics: dict[str, Any], size: tuple[int, float]) -> dict[str, Any]:
    """Return one result object, with what the command itself told of the speakers it left out in training."""
    for score in report.scores:
        metrics[f"told_{score.metric}"] = {"value": score.value, "low": score.low, "high": score.high}
    return {
        "task": f"speech/own-voices-{corpus}",
        "model": "",
        "n": size[0],
        "seconds": round(size[1], 1),
        "metrics": metrics,
        "version": __version__,
        "seeds": [0],
        "command": f"python benchmarks/own_voices.py --corpus {corpus} --save",
    }


def save(found: dict[str, Any]) -> None:
    """Write a row beside those of other corpora."""
    kept = json.loads(SAVED.read_text(encoding="utf-8")) if SAVED.is_file() else []
    rows = [one for one in kept if one["task"] != found["task"]] + [found]
    SAVED.write_text(json.dumps(sorted(rows, key=lambda one: one["task"]), indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", choices=CORPORA, default="emodb")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    found = measure(given.corpus)
    print(json.dumps(found))
    if given.save:
        save(found)


if __name__ == "__main__":
    main()
