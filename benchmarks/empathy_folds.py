"""How well empathic concern and distress are told of essays that were left out, in ten folds, on a frozen trunk.

    MIEN_DATA=... python benchmarks/empathy_folds.py [--folds rows|writers] [--save]

The head of recipes/text-empathy is trained ten times, each time without one fold. `rows` draws the folds at random, as
the authors of the corpus do (mean r over the folds: .404 for concern, .444 for distress with their best network; theirs
leave 10 % of the essays out altogether); essays of one writer may then lie in two folds. `writers` keeps a writer's
essays together, which is the harder and the more honest question. Each fold that is done is kept in build/, so that an
interrupted run goes on. With `--save`, the figures are also written to results/text/empathic-reactions.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.model_selection import GroupKFold, KFold

from mien.datasets import empathy
from mien.learn import read_recipe
from mien.learn.heads.empathy import EmpathyOptions, Essays, essays, said, train
from mien.learn.heads.net import Lower
from mien.metrics.bootstrap import mean_interval
from mien.metrics.dimensional import pearson
from mien.runtime import find_asset
from mien.types.scales import EMPATHY2

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "results" / "text" / "empathic-reactions.json"
BUILD = ROOT / "build" / "empathy-folds"
FOLDS, SEED = 10, 42


def folds(material: Essays, kind: str) -> list[np.ndarray]:
    if kind == "rows":
        return [left for _, left in KFold(FOLDS, shuffle=True, random_state=SEED).split(material.truth)]
    splitter = GroupKFold(FOLDS, shuffle=True, random_state=SEED)
    return [left for _, left in splitter.split(material.truth, groups=material.writers)]


def answers(material: Essays, lower: Lower, options: EmpathyOptions, kind: str, mark: str) -> list[np.ndarray]:
    BUILD.mkdir(parents=True, exist_ok=True)
    told = []
    for number, left in enumerate(folds(material, kind)):
        kept = BUILD / f"{mark}-{kind}-{number}.npy"
        if not kept.is_file():
            chosen = np.setdiff1d(np.arange(len(material.truth)), left)
            np.save(kept, said(train(material, chosen, lower, options, number), material, left))
            found = np.load(kept)
            print(kind, number, [round(pearson(material.truth[left, k], found[:, k]), 3) for k in range(2)], flush=True)
        told.append(np.load(kept))
    return told


def row(kind: str, changes: dict[str, Any]) -> dict[str, Any]:
    """Return one result object: the mean of r over the folds, with an interval over the essays of each."""
    recipe, began = read_recipe(ROOT / "recipes" / "text-empathy"), time.perf_counter()
    options = EmpathyOptions(**{**recipe.options, **changes})
    lender = find_asset(options.trunk)
    trunk = next(item.sha256 for item in lender.info.files if item.name == "trunk.onnx")
    mark = hashlib.sha256(f"{options} {trunk}".encode()).hexdigest()[:12]
    lower = Lower.of(lender, dropout=options.dropout)
    material = essays(empathy.load("all"), lower, options)
    told = answers(material, lower, options, kind, mark)
    metrics = {}
    for place, name in enumerate(EMPATHY2.labels):
        pairs = zip(folds(material, kind), told, strict=True)
        found = mean_interval(pearson, [(material.truth[left, place], said[:, place]) for left, said in pairs])
        metrics[f"r_{name}"] = {bound: round(getattr(found, bound), 5) for bound in ("value", "low", "high")}
    return {
        "task": f"text/empathic-reactions, folds by {kind}",
        "model": recipe.name,
        "version": find_asset(recipe.name).info.version,
        "n": len(material.truth),
        "seconds": round(time.perf_counter() - began, 1),
        "metrics": metrics,
        "seeds": list(range(FOLDS)),
        "command": f"python benchmarks/empathy_folds.py --folds {kind} --save",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", choices=("rows", "writers"), default="rows")
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="another than the recipe's")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(1)
    found = row(given.folds, {name: json.loads(value) for name, value in (one.split("=") for one in given.option)})
    print(json.dumps(found))
    if given.save:
        rows = json.loads(SAVED.read_text(encoding="utf-8")) if SAVED.is_file() else []
        kept = [old for old in rows if (old["task"], old["version"]) != (found["task"], found["version"])]
        SAVED.write_text(json.dumps([*kept, found], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
