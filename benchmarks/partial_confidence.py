"""Measure how sure a speech model is of partial answers, and how sure it could be if it counted the voice heard.

    MIEN_DATA=... python benchmarks/partial_confidence.py [--model speech-base] [--corpus ravdess] [--save]

Each clip of the validation split is played to a stream that answers after each half second of speech. Beside the
expected calibration error of what the model states stands that of a confidence by the top label and the seconds of
voice heard, fitted without the speaker in question. What a fit on all speakers found is printed as the table for a
card. With `--save`, the row is also written to results/speech/partial-confidence.json.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from mien.learn.speech.partials import EVERY, Answered, clips_of, fit_heard, listen
from mien.metrics.bootstrap import interval
from mien.metrics.calibration import confidence_ece
from mien.perceive.speech import DEFAULT, SpeechPerceiver
from mien.registry import find

SAVED = Path(__file__).resolve().parents[1] / "results" / "speech" / "partial-confidence.json"
HEARD = ((0.0, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 60.0))
"""Seconds of voice, by which answers are told apart."""


def measure(model: str, corpus: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Measure a model; return a row, and the table for its card."""
    began = time.perf_counter()
    perceiver = SpeechPerceiver(model=model, threads=1)
    answered = listen(perceiver, clips_of(find("corpus", corpus)("val")))
    found = fit_heard(answered)
    metrics: dict[str, Any] = {}
    for part, final in (("partial", False), ("final", True)):
        inside = answered.final == final
        metrics[f"{part}_answers"] = int(inside.sum())
        metrics[f"accuracy_{part}"] = round(float(answered.right[inside].mean()), 4)
        for name, sure in (("stated", answered.stated), ("by_voice_heard", found.crossed)):
            metrics[f"ece_{part}_{name}"] = _ece(answered, sure, inside)
    for low, high in HEARD:
        inside = (answered.seconds > low) & (answered.seconds <= high)
        if inside.any():
            metrics |= _early(answered, found.crossed, inside, f"{low:g}_to_{high:g}s")
    return _row(perceiver, corpus, metrics, time.perf_counter() - began), found.options


def _ece(answered: Answered, sure: np.ndarray, inside: np.ndarray) -> dict[str, float]:
    found = interval(confidence_ece, answered.right[inside], sure[inside], groups=answered.speakers[inside], n=300)
    return {name: round(getattr(found, name), 4) for name in ("value", "low", "high")}


def _early(answered: Answered, crossed: np.ndarray, inside: np.ndarray, name: str) -> dict[str, float]:
    right = answered.right[inside]
    return {
        f"answers_{name}": int(inside.sum()),
        f"accuracy_{name}": round(float(right.mean()), 4),
        f"mean_stated_{name}": round(float(answered.stated[inside].mean()), 4),
        f"mean_by_voice_heard_{name}": round(float(crossed[inside].mean()), 4),
    }


def _row(perceiver: SpeechPerceiver, corpus: str, metrics: dict[str, Any], seconds: float) -> dict[str, Any]:
    info = perceiver.info
    return {
        "task": f"speech/partial-confidence-{corpus}",
        "model": info.name,
        "n": metrics["partial_answers"] + metrics["final_answers"],
        "seconds": round(seconds, 1),
        "metrics": metrics,
        "version": info.version,
        "seeds": [],
        "command": f"python benchmarks/partial_confidence.py --model {info.name} --corpus {corpus} --save",
        "note": (
            f"Answers after each {EVERY} s of speech on the validation split, each segment judged by itself; whole "
            "speakers are drawn for the intervals. A confidence by the voice heard is of a fit without the speaker."
        ),
    }


def save(row: dict[str, Any]) -> None:
    """Write the row in place of an earlier one of the same model and corpus."""
    kept = json.loads(SAVED.read_text(encoding="utf-8")) if SAVED.is_file() else []
    rows = [one for one in kept if (one["model"], one["task"]) != (row["model"], row["task"])] + [row]
    ordered = sorted(rows, key=lambda one: (one["model"], one["task"]))
    SAVED.parent.mkdir(parents=True, exist_ok=True)
    SAVED.write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=DEFAULT, help="name or folder")
    parser.add_argument("--corpus", default="ravdess", help="one whose truth is one label of the model's taxonomy")
    parser.add_argument("--save", action="store_true", help="also write results/speech/partial-confidence.json")
    given = parser.parse_args()
    row, options = measure(given.model, given.corpus)
    print(json.dumps(row))
    print("[options.confidence_heard]")
    for name, value in options["confidence_heard"].items():
        print(f"{name} = {value}")
    if given.save:
        save(row)


if __name__ == "__main__":
    main()
