"""A recipe: what makes one model, as a folder with ``recipe.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mien.errors import InputError, OptionError
from mien.registry import find

__all__ = ["Recipe", "read_recipe", "run_recipe"]

KEYS = ("kind", "name", "summary", "data", "seeds", "command", "options", "expected")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes one model.

    Args:
        name: The model's folder name, such as ``text-affect``.
        folder: Where the recipe lies.
        seeds: The seeds of the training; the first makes the shipped model.
        options: Numbers of the training.
        data: The corpora it reads.
        expected: Scores that a run should reach, by metric.
    """

    name: str
    folder: Path
    seeds: tuple[int, ...]
    options: Mapping[str, Any]
    data: tuple[str, ...] = ()
    expected: Mapping[str, float] | None = None

    def option(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options over their defaults.

        Raises:
            OptionError: An option is unknown; the text lists the known ones.
        """
        for name in self.options:
            if name not in known:
                raise OptionError(f"recipe {self.name} has no option {name!r}; known: {', '.join(known)}")
        return {**known, **self.options}


def read_recipe(folder: Path) -> Recipe:
    """Read ``recipe.toml`` in a folder.

    Raises:
        InputError: The file is missing or no TOML.
        OptionError: A key is unknown.
    """
    path = folder / "recipe.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"the recipe {path} cannot be read: {error}") from error
    for key in raw:
        if key not in KEYS:
            raise OptionError(f"the recipe {path} has the unknown key {key!r}; known: {', '.join(KEYS)}")
    return Recipe(
        name=raw["name"],
        folder=folder,
        seeds=tuple(raw.get("seeds", [0])),
        options=raw.get("options", {}),
        data=tuple(raw.get("data", [])),
        expected=raw.get("expected"),
    )


def run_recipe(folder: Path, out: Path, seed: int | None = None) -> None:
    """Run a recipe; an interrupted run goes on from its checkpoints in ``out``.

    Raises:
        InputError: The recipe or its data cannot be read.
        OptionError: The recipe has an unknown key or option.
        UnknownNameError: No code makes a model of that name.
    """
    recipe = read_recipe(folder)
    out.mkdir(parents=True, exist_ok=True)
    find("recipe", recipe.name)(recipe, out, recipe.seeds[0] if seed is None else seed)
