"""The recipe of ``face-expression``: one trunk, a head of FER+ votes and a head of FER2013 labels."""

from __future__ import annotations

import logging
from dataclasses import fields
from pathlib import Path
from typing import Any

from mien.datasets import fer2013
from mien.learn.card import write_card
from mien.learn.expression.asset import finish
from mien.learn.expression.augment import Ranges
from mien.learn.expression.export import export
from mien.learn.expression.net import Shape
from mien.learn.expression.train import Faces, Plan, train
from mien.learn.recipe import Recipe

__all__ = ["plan", "run"]

log = logging.getLogger(__name__)


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Train, export, calibrate, measure; the model's folder is ``out/face-expression``.

    Goes on from ``out/seed<N>/state.pt`` if it is there.

    Raises:
        InputError: The corpus is missing or broken.
        OptionError: The recipe has an unknown option.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    validation = fer2013.load_faces("val")
    training = learned(fer2013.load_faces("train"))
    net = train(training, judged(validation), plan(recipe), out / f"seed{seed}", seed)
    folder = out / recipe.name
    export(net, folder)
    head = (recipe.folder / "card.toml").read_text(encoding="utf-8")
    found = finish(folder, head, validation, fer2013.load_faces("test"), seed)
    write_card(folder)
    log.info("test accuracy %s", found)


def plan(recipe: Recipe) -> Plan:
    """Return the training plan of a recipe.

    Raises:
        OptionError: The recipe has an unknown option.
    """
    given = recipe.option({**_defaults(Plan), **_defaults(Shape), **_defaults(Ranges)})
    shape = Shape(**{item.name: given[item.name] for item in fields(Shape)})
    ranges = Ranges(**{item.name: given[item.name] for item in fields(Ranges)})
    return Plan(**{name: given[name] for name in _defaults(Plan)}, shape=shape, ranges=ranges)


def learned(faces: fer2013.Faces) -> Faces:
    """Return faces with the share of votes as target."""
    return Faces(faces.pixels, fer2013.shares(faces.votes).astype("float32"), faces.labels)


def judged(faces: fer2013.Faces) -> Faces:
    """Return faces with the target only where FER+ has a majority, as its accuracy is counted."""
    clear = fer2013.majority(faces.votes) >= 0
    votes = fer2013.shares(faces.votes) * clear[:, None]
    return Faces(faces.pixels, votes.astype("float32"), faces.labels)


def _defaults(kind: type[Any]) -> dict[str, Any]:
    kept = kind()
    return {item.name: getattr(kept, item.name) for item in fields(kind) if item.name not in ("shape", "ranges")}
