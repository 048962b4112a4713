"""How far reading a corpus that nothing was learnt from lies behind learning from the corpus itself: seven emotions.

    MIEN_DATA=... python benchmarks/other_corpora.py [--rows 6000] [--seeds 0,1,2] [--save]

For each of CARER, CrowdFlower, DailyDialog and EmoryNLP, three answers on its test split: of the shipped model, which
saw none of the four; of upper blocks trained on the three other corpora; and of upper blocks trained on its own
training split. Each training draws so many rows, alike from each corpus, with whole dialogues kept together, through
`mien train text`. The labels are those of ``ekman7``, by the published maps. Each training that is done is kept in
build/, so that an interrupted run goes on. With `--save`, the figures are written to results/text/other-corpora.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from mien.bench.task import Task
from mien.datasets import Sample
from mien.learn.own import train
from mien.learn.own.table import LEAST_OF_A_LABEL
from mien.metrics.bootstrap import Interval, difference, interval
from mien.metrics.categorical import macro_f1
from mien.registry import find
from mien.runtime import find_asset
from mien.types.project import project
from mien.types.taxonomies import EKMAN7

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "results" / "text" / "other-corpora.json"
BUILD = ROOT / "build" / "other-corpora"
CORPORA = ("carer", "crowdflower", "dailydialog", "emorynlp")
MODEL = "text-affect"


def judged(task: Task) -> list[Sample]:
    return [one for one in find("corpus", task.corpus)(task.split) if task.keep is None or task.keep(one)]


def said(task: Task, model: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the truth, what a model says, and which items are drawn together."""
    answers = task.answer(judged(task), model)
    groups = np.arange(len(answers.truth["label"])) if answers.groups is None else answers.groups
    return answers.truth["label"], answers.estimate["label"], groups


def rows_of(corpus: str, count: int, seed: int) -> list[tuple[str, str, str]]:
    """Return so many rows of a training split: text, basic emotion, and whose rows must stay together."""
    samples, keep = find("corpus", corpus)("train"), find("task", f"text/{corpus}").keep
    usable = [one for one in samples if _labelled(one) and one.signal.text.strip() and (not keep or keep(one))]
    drawn = np.random.default_rng(seed).permutation(len(usable))[:count]
    return [_row(corpus, usable[place]) for place in drawn]


def _labelled(sample: Sample) -> bool:
    """Return whether a row has a label of its corpus's taxonomy; a few of DailyDialog's are spelled otherwise."""
    return sample.truth is not None and sample.truth.categories is not None


def _row(corpus: str, sample: Sample) -> tuple[str, str, str]:
    found = project(sample.truth, EKMAN7).categories
    return sample.signal.text.strip(), found.top[0], f"{corpus} {sample.group.get('dialogue', sample.id)}"


def trained(name: str, corpora: list[str], count: int, seed: int) -> Path:
    """Return the folder of a model trained on some corpora; one that was trained before is not trained again."""
    folder = BUILD / f"{name}-{count}-{seed}-{trunk_of(MODEL)}"
    if not (folder / "card.toml").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        BUILD.mkdir(parents=True, exist_ok=True)
        rows = [one for corpus in corpora for one in rows_of(corpus, count // len(corpora), seed)]
        seen = Counter(label for _, label, _ in rows)
        table = BUILD / f"{folder.name}.csv"
        with table.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["text", "label", "speaker"])
            writer.writerows(one for one in rows if seen[one[1]] >= LEAST_OF_A_LABEL)
        train("text", table, folder, way="upper", line="research", seed=seed)
    return folder


def trunk_of(model: str) -> str:
    return next(item.sha256 for item in find_asset(model).info.files if item.name == "trunk.onnx")[:8]


def row(corpus: str, count: int, seeds: list[int]) -> dict[str, Any]:
    """Return one result object: the shipped model once, the trained ones as the mean over seeds."""
    began, task = time.perf_counter(), find("task", f"text/{corpus}")
    truth, shipped, groups = said(task, MODEL)
    others = [name for name in CORPORA if name != corpus]
    elsewhere = [said(task, str(trained(f"without-{corpus}", others, count, seed)))[1] for seed in seeds]
    inside = [said(task, str(trained(f"only-{corpus}", [corpus], count, seed)))[1] for seed in seeds]
    truths, drawn = np.tile(truth, len(seeds)), np.tile(groups, len(seeds))
    answers = {"shipped": np.tile(shipped, len(seeds)), "others": np.hstack(elsewhere), "own": np.hstack(inside)}
    metrics = {f"macro_f1_{name}": interval(macro_f1, truths, one, groups=drawn) for name, one in answers.items()}
    for name in ("shipped", "others"):
        pair = (answers[name], answers["own"])
        metrics[f"gap_{name}"] = difference(macro_f1, truths, pair, groups=drawn)
    return {
        "task": f"text/{corpus}, learnt from it or not",
        "model": MODEL,
        "version": find_asset(MODEL).info.version,
        "n": len(truth),
        "seconds": round(time.perf_counter() - began, 1),
        "metrics": {name: rounded(score) for name, score in metrics.items()},
        "seeds": seeds,
        "command": f"python benchmarks/other_corpora.py --rows {count} --save",
    }


def rounded(score: Interval) -> dict[str, float]:
    return {bound: round(getattr(score, bound), 5) for bound in ("value", "low", "high")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=6000)
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    found = []
    for corpus in CORPORA:
        found.append(row(corpus, given.rows, [int(seed) for seed in given.seeds.split(",")]))
        print(json.dumps(found[-1]), flush=True)
    if given.save:
        SAVED.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
