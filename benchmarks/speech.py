"""Reading emotion in voices, side by side with what a person may pick instead: how right, how fast, how large.

    pip install opensmile      # beside the extras bench and learn
    MIEN_DATA=... python benchmarks/speech.py                                            # the others alone
    MIEN_DATA=... python benchmarks/speech.py --answers speech-base=build/speech-base --save

`speech_systems.py` says what is compared, `speech_features.py` where the encoder's file comes from. Right: unweighted
average recall over the eight emotions of RAVDESS, each clip answered by what had not heard its speaker (the six folds
`fold_emobox`, four speakers each); whole speakers are drawn for the intervals. A model of mien answers by the files
`folds-SEED.npz` that its recipe left in the named folder, and the mean over its seeds counts. Fast: milliseconds of
processor time for a second of sound, from samples to answer, one clip at a time, on one thread, in a process of its
own; `low` and `high` are of the quickest and the slowest round. mien also finds segments, tells voices apart and
measures the voice in that time. Large: files that are needed, in 1e6 bytes; of Whisper the whole file, though two
blocks of its encoder are used. With `--save`, the figures are also written to results/speech/systems.json.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import speech_features
from speech_rows import RESULTS, Given, answers_of, options, paired, rounded, row, show
from speech_systems import CORPUS, OTHERS, System, mien_model

from mien.bench.folds import FoldAnswers, seed_score
from mien.metrics.bootstrap import Interval
from mien.metrics.categorical import accuracy, uar

TIMED = 24
"""Clips that are timed, one of each speaker."""


def system(name: str, answers: Sequence[Path] = ()) -> System:
    """Return one of the others, or a model of mien."""
    return OTHERS[name]() if name in OTHERS else mien_model(name, list(answers))


def speed(name: str, rounds: int) -> dict[str, float]:
    """Return what this process takes for a second of sound: the median, the quickest and the slowest round."""
    first = {clip["speaker"]: clip["samples"] for clip in speech_features.clips(CORPUS)}
    sounds = list(first.values())[:TIMED]
    read = system(name).reader()
    read(sounds[0])
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        for samples in sounds:
            read(samples)
        taken.append(time.process_time() - began)
    lasting = sum(len(samples) for samples in sounds) / 16000
    low, value, high = np.quantile(taken, [0, 0.5, 1]) * 1000 / lasting
    return {"value": round(float(value), 3), "low": round(float(low), 3), "high": round(float(high), 3)}


def alone(name: str, rounds: int) -> dict[str, float]:
    """Return the same of a process of its own."""
    command = [sys.executable, __file__, "--system", name, "--rounds", str(rounds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def scores(runs: Sequence[FoldAnswers]) -> dict[str, Interval]:
    """Return how right a system is."""
    parts = [(run.labels, run.said, run.speaker) for run in runs]
    return {"uar": seed_score(parts, uar), "accuracy": seed_score(parts, accuracy)}


def gain(runs: Sequence[FoldAnswers], other: FoldAnswers) -> Interval:
    """Return how much higher the unweighted recall of the first is, on the same clips; the mean over its seeds."""
    place = {clip: number for number, clip in enumerate(other.facts["clip_id"].tolist())}
    orders = [[place[clip] for clip in run.facts["clip_id"].tolist()] for run in runs]
    pairs = zip(runs, orders, strict=True)
    return paired(uar, [(run.labels, other.said[order], run.said, run.speaker) for run, order in pairs])


def one_row(name: str, rounds: int, given: Given) -> dict[str, Any]:
    """Return one result object."""
    began = time.perf_counter()
    one = system(name, given.get(name, []))
    runs = one.folds()
    found = scores(runs)
    if name in given:
        found |= {f"uar_minus_{other}": gain(runs, OTHERS[other]().folds()[0]) for other in OTHERS}
    metrics: dict[str, Any] = {key: rounded(value) for key, value in found.items()}
    metrics["milliseconds_per_second"] = alone(name, rounds)
    metrics["megabytes"] = round(one.megabytes(), 3)
    model, ran = name if name in given else "", (began, range(len(runs)))
    return row(f"speech/systems-{name}", metrics, len(runs[0].labels), ran, "speech.py", model=model, in_corpus=True)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--system", help="Time one system in this process.")
    given = parser.parse_args()
    if given.system:
        print(json.dumps(speed(given.system, given.rounds)))
        return
    answers = answers_of(given.answers)
    rows = [one_row(name, given.rounds, answers) for name in (*OTHERS, *answers)]
    show(rows, RESULTS / "systems.json", save=given.save)


if __name__ == "__main__":
    main()
