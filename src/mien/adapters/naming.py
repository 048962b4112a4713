"""Which perceiver a name of a neighbour's kind stands for."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from mien.errors import OptionError, UnknownNameError
from mien.perceive import Perceiver
from mien.registry import build, names
from mien.runtime import find_asset, find_assets
from mien.types import Taxonomy
from mien.types.taxonomies import taxonomy

__all__ = ["known_names", "modality_of", "perceiver_of", "taxonomy_of"]


def perceiver_of(name: str) -> Perceiver[Any]:
    """Return the perceiver of a name: its own, a model's, or that of a folder with a model.

    One that is asked for again is the same one, so that copies of a transformer share a model.

    Args:
        name: ``text/affect`` or ``text-affect``; the name of a model that answers in labels, such as
            ``face-expression``; or the folder of one.

    Raises:
        UnknownNameError: Nothing goes by the name.
        OptionError: The model has no labels to answer in.
        AssetError: A model is missing or altered.

    Example:
        >>> perceiver_of("text-affect").name
        'text/affect'
    """
    known = {each: each for each in names("perceiver")}
    known.update({each.replace("/", "-"): each for each in known})
    if name in known:
        return _built(known[name], None)
    try:
        info = find_asset(name).info
    except UnknownNameError as error:
        raise UnknownNameError("pipeline", name, known_names()) from error
    if not info.taxonomies:
        raise OptionError(f"the model {name!r} answers in no labels; known: {', '.join(known_names())}")
    return _built(f"{info.modality}/affect", name)


def known_names() -> list[str]:
    """Return every name that `perceiver_of` knows, folders aside."""
    own = names("perceiver")
    models = [name for name, asset in find_assets().items() if asset.info.taxonomies]
    return sorted({*own, *(name.replace("/", "-") for name in own), *models})


def modality_of(perceiver: Perceiver[Any]) -> str:
    """Return what a perceiver reads: text, speech or face."""
    return perceiver.name.partition("/")[0]


def taxonomy_of(given: Taxonomy | str | None) -> Taxonomy | None:
    """Return a taxonomy that is given as such or by name.

    Raises:
        UnknownNameError: There is no such taxonomy.
    """
    return taxonomy(given) if isinstance(given, str) else given


@lru_cache(maxsize=8)
def _built(name: str, model: str | None) -> Perceiver[Any]:
    options = {} if model is None else {"model": model}
    perceiver: Perceiver[Any] = build("perceiver", name, **options)
    return perceiver
