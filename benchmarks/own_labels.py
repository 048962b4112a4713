"""What `mien train text` is worth: a head on the frozen encoder, upper blocks, and all of it, on a corpus new to them.

    MIEN_DATA=... python benchmarks/own_labels.py [--rows 5000] [--seeds 0,1,2] [--ways head,upper,full] [--save]

DailyDialog: for each seed, so many utterances are drawn from its training split (whole dialogues count as speakers),
each way is trained, and macro F1 of the seven emotions is measured on the test split, which decides nothing. Some
dialogues open alike in both splits. With `--save`, the figures are also written to results/text/own-labels.json. Each
training that is done is kept in build/, so that an interrupted run goes on, and slow ways may be trained beforehand.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mien.errors import InputError
from mien.learn.own import train
from mien.metrics.bootstrap import difference, interval
from mien.metrics.categorical import macro_f1
from mien.perceive.text import TextPerceiver
from mien.runtime import find_asset
from mien.types import Span, Utterance

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "results" / "text" / "own-labels.json"
BUILD = ROOT / "build" / "own-labels"
SPELLINGS = {"angry": "anger", "happy": "happiness", "excited": "happiness", "sad": "sadness", "surprised": "surprise"}
"""Labels of the training split that are written otherwise than in the test split."""
WAYS = ("head", "upper", "full")
BOUNDS = ("value", "low", "high")


def utterances(split: str) -> tuple[list[str], list[str], list[str]]:
    """Return texts, emotions and dialogues of a split; blank texts are left out."""
    import pandas

    path = Path(os.environ.get("MIEN_DATA", "../shared/data")) / "text" / "dailydialog" / f"{split}.parquet"
    if not path.is_file():
        raise InputError(f"{path} is missing; MIEN_DATA must name the folder of the prepared corpora")
    rows = pandas.read_parquet(path)
    rows = rows[rows["utterance"].str.strip() != ""]
    emotions = [SPELLINGS.get(label, label) for label in rows["emotion"]]
    return rows["utterance"].tolist(), emotions, rows["dialogue_id"].tolist()


def write_table(path: Path, count: int, seed: int) -> None:
    texts, emotions, dialogues = utterances("train")
    drawn = np.random.default_rng(seed).permutation(len(texts))[:count]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "label", "speaker"])
        writer.writerows((texts[row].strip(), emotions[row], dialogues[row]) for row in drawn)


def said(folder: Path, texts: list[str]) -> list[str]:
    perceiver = TextPerceiver(model=str(folder))
    affects = perceiver.read([Utterance(text, Span(0, len(text), "characters")) for text in texts])
    return [affect.categories.top[0] if affect and affect.categories else "neutral" for affect in affects]


def measure(count: int, seed: int, ways: Sequence[str] = WAYS) -> dict[str, Any]:
    """Train each way with one seed; return what each says of the test split, and its seconds."""
    BUILD.mkdir(parents=True, exist_ok=True)
    return {way: kept(BUILD / f"{count}-{seed}-{way}", count, seed, way) for way in ways}


def kept(folder: Path, count: int, seed: int, way: str) -> dict[str, Any]:
    """Train one way, unless it was trained before, and return what it says of the test split."""
    found = folder.with_suffix(".json")
    if not found.is_file():
        labels = folder.with_suffix(".csv")
        write_table(labels, count, seed)
        shutil.rmtree(folder, ignore_errors=True)
        began = time.perf_counter()
        train("text", labels, folder, way=way, seed=seed)
        seconds = time.perf_counter() - began
        print(f"seed {seed}, {way}: {seconds:.0f} s", flush=True)
        answers = said(folder, utterances("test")[0])
        found.write_text(json.dumps({"seconds": seconds, "said": answers}), encoding="utf-8")
    return dict(json.loads(found.read_text(encoding="utf-8")))


def row(seeds: list[int], count: int) -> dict[str, Any]:
    """Return one result object over all seeds; its intervals are over dialogues and seeds."""
    _, truth, dialogues = utterances("test")
    runs = [measure(count, seed) for seed in seeds]
    truths, groups = np.tile(truth, len(runs)), np.tile(dialogues, len(runs))
    answers = {way: np.concatenate([run[way]["said"] for run in runs]) for way in WAYS}
    metrics = {f"macro_f1_{way}": interval(macro_f1, truths, answers[way], groups=groups) for way in WAYS}
    for less in WAYS[:-1]:
        pair = (answers[less], answers["full"])
        metrics[f"full_minus_{less}"] = difference(macro_f1, truths, pair, groups=groups)
    table = {name: {bound: round(getattr(score, bound), 5) for bound in BOUNDS} for name, score in metrics.items()}
    for way in WAYS:
        seconds = sorted(run[way]["seconds"] for run in runs)
        table[f"seconds_{way}"] = dict(zip(BOUNDS, (seconds[len(seconds) // 2], seconds[0], seconds[-1]), strict=True))
    return {
        "task": "text/own-labels",
        "model": "text-affect",
        "version": find_asset("text-affect").info.version,
        "n": len(truth),
        "seconds": round(sum(run[way]["seconds"] for run in runs for way in WAYS), 1),
        "metrics": table,
        "seeds": seeds,
        "command": f"python benchmarks/own_labels.py --rows {count} --save",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--ways", default=",".join(WAYS), help="only train these, and write nothing")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    if given.ways != ",".join(WAYS):
        for seed in given.seeds.split(","):
            measure(given.rows, int(seed), given.ways.split(","))
        return
    found = row([int(seed) for seed in given.seeds.split(",")], given.rows)
    print(json.dumps(found))
    if given.save:
        SAVED.write_text(json.dumps([found], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
