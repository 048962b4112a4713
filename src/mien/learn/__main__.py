"""``python -m mien.learn RECIPE [--out DIR] [--seed N]``: make a model from its recipe."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mien.errors import MienError, MissingExtraError
from mien.learn.recipe import run_recipe


def main() -> int:
    """Run one recipe; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m mien.learn", description="Make a model from its recipe.")
    parser.add_argument("recipe", type=Path, help="folder with recipe.toml, such as recipes/text-affect")
    parser.add_argument("--out", type=Path, help="where checkpoints and the model go (default: build/<recipe>)")
    parser.add_argument("--seed", type=int, help="seed of the training (default: the recipe's first)")
    given = parser.parse_args()
    try:
        run_recipe(given.recipe, given.out or Path("build") / given.recipe.name, given.seed)
    except ModuleNotFoundError as error:
        sys.stderr.write(f"{MissingExtraError(f'training ({error.name})', 'learn')}\n")
        return 2
    except MienError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
