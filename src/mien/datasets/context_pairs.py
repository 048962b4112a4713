"""Context pairs: 32 utterances of our own, each said after two different turns that give it two different emotions.

What is said is the same on both sides, so that whoever looks at it alone gets one side of a pair right at most. Few and
short, written by those who also made the models: they show whether what was said before is heard at all, not how often
it matters. They come with the package; nothing learns from them.

References:
    Gardner et al. (2020). Evaluating models' local decision boundaries via contrast sets. Findings of EMNLP, 1307-1323.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split
from mien.datasets.schema import Sample
from mien.datasets.written import certain, sample
from mien.errors import InputError
from mien.types import Affect, Span, Utterance
from mien.types.taxonomies import EKMAN7

__all__ = ["SPLITS", "load"]

SPLITS = ("test",)
NAME = "context_pairs.toml"
SPEAKER = "me"


def load(split: str = "test", root: Path | None = None) -> list[Sample]:
    """Read all pairs.

    Args:
        split: ``test``, the only one.
        root: Folder with another ``context_pairs.toml``; by default that of the package.

    Returns:
        Two samples a pair, one after the other. The signal of each is an `Utterance` of the speaker ``me``, its truth
        one label of `EKMAN7`, its group the ``pair``, and its extra the utterances ``before`` it, in order.

    Raises:
        OptionError: The split is unknown.
        InputError: The file is missing or broken.
    """
    check_split(split, SPLITS)
    path = (files("mien.datasets") if root is None else root) / NAME
    try:
        pairs = tomllib.loads(path.read_text(encoding="utf-8"))["pair"]
        return [side for number, pair in enumerate(pairs) for side in _sides(number, pair)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        needed = "tables of [[pair]] with said and two contexts"
        raise InputError(f"{path} cannot be read ({type(error).__name__}: {error}); needed: {needed}") from error


def _sides(number: int, pair: Mapping[str, Any]) -> Iterator[Sample]:
    first, second = pair["contexts"]
    for side, context in (("a", first), ("b", second)):
        name = f"{number}{side}"
        row = {"id": name, "text": pair["said"], "speaker": SPEAKER}
        before = tuple(_turn(speaker, text) for speaker, text in context["before"])
        truth = Affect(certain(EKMAN7, context["label"], f"side {name}"))
        yield sample(row, truth, group={"pair": str(number)}, extra={"before": before})


def _turn(speaker: str, text: str) -> Utterance:
    return Utterance(text, Span(0, len(text), "characters"), speaker)
