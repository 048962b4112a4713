"""Training: recipes, networks, export. The only package that imports torch (extra ``learn``)."""

from mien.learn.recipe import Recipe, read_recipe, run_recipe

__all__ = ["Recipe", "read_recipe", "run_recipe"]
