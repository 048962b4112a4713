"""The face finder: a small detector that learns from a teacher's marks on photographs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from mien.datasets import photos
from mien.learn.card import write_card as write_markdown
from mien.learn.finder.evaluate import Figure, by_colour, choose, measure, see, without_colour
from mien.learn.finder.export import export
from mien.learn.finder.mining import Miner
from mien.learn.finder.network import FinderNetwork
from mien.learn.finder.pictures import Studio, decode
from mien.learn.finder.publish import write_card, write_golden
from mien.learn.finder.train import Plan, Trainer
from mien.learn.recipe import Recipe
from mien.perceive.face.finder import FaceFinder
from mien.runtime import Model, open_asset

__all__ = ["run"]

LOWEST = 0.05
"""Score from which candidates are kept while the threshold is chosen."""

DEFAULTS: Mapping[str, Any] = {
    "version": "1.0.0",
    "widths": [16, 32, 64, 128, 192],
    "blocks": [1, 2, 3, 2],
    "pyramid": 64,
    "steps": 2900,
    "batch": 32,
    "side": 256,
    "rate": 3e-3,
    "warm": 200,
    "decay": 0.45,
    "again": [],
    "average": 0.995,
    "largest": 0.9,
    "mosaic": 0.5,
    "empty": 0.3,
    "mine_from": 1000,
    "mine_every": 500,
    "mine_share": 0.5,
    "save_every": 100,
    "alarms": 0.04,
    "size": 640,
    "looks": [1.0, 0.35],
    "enlarge": 1.0,
    "overlap": 0.45,
}


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Train, choose the threshold on the validation pictures, measure on the test pictures, write ``out/asset``.

    Args:
        recipe: Options over `DEFAULTS`.
        out: Folder for checkpoints and the asset; an interrupted run goes on from it.
        seed: Seed of the weights and the samples.

    Raises:
        OptionError: An option is unknown, or no threshold keeps the budget of false faces.
        InputError: The photographs are not there.
    """
    options = recipe.option(DEFAULTS)
    network = train(options, out, seed)
    asset = out / "asset"
    asset.mkdir(parents=True, exist_ok=True)
    export(network, asset / "finder.onnx")
    publish(asset, options)


def train(options: Mapping[str, Any], out: Path, seed: int) -> FinderNetwork:
    """Train to the end of the plan and return the averaged network."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    pictures = [decode(photo) for photo in photos.photos("train")]
    studio = Studio(pictures, largest=options["largest"], mosaic=options["mosaic"], empty=options["empty"])
    network = FinderNetwork(options["widths"], options["blocks"], options["pyramid"])
    plan = Plan(
        first=options["steps"],
        batch=options["batch"],
        size=options["side"],
        rate=options["rate"],
        warm=options["warm"],
        decay=options["decay"],
        average=options["average"],
        again=tuple((int(steps), float(rate)) for steps, rate in options["again"]),
    )
    miner = Miner(start=options["mine_from"], every=options["mine_every"], share=options["mine_share"])
    return Trainer(network, plan, out, seed).fit(studio, miner, save_every=options["save_every"])


def publish(asset: Path, options: Mapping[str, Any]) -> None:
    """Choose the threshold, measure, and write card and golden file beside the graph in ``asset``."""
    shipped = {name: options[name] for name in ("size", "looks", "enlarge", "overlap")}
    write_card(asset, version=options["version"], options={"threshold": LOWEST, **shipped})
    finder = FaceFinder(Model(open_asset(asset)), threshold=LOWEST)
    threshold = choose(see(finder, photos.load("val")), alarms=options["alarms"])
    scores, groups = _figures(finder, threshold)
    chosen = {"threshold": threshold, **shipped}
    write_card(asset, version=options["version"], options=chosen, scores=scores, groups=groups)
    write_golden(asset)
    write_markdown(asset)


def _figures(finder: FaceFinder, threshold: float) -> tuple[list[Figure], list[Figure]]:
    """Return the figures on the test pictures, and the recall of groups of them."""
    samples = photos.load("test")
    seen = see(finder, samples)
    grey = measure(see(finder, [without_colour(sample) for sample in samples]), threshold)[0]
    groups = [*by_colour(seen, threshold), replace(grey, name="all, made black and white")]
    return measure(seen, threshold), groups
