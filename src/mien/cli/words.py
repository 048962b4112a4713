"""``mien words``: what words for emotions mean."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from mien.io import affect_line, affect_record, error_record
from mien.perceive.text.words import WordReader
from mien.types import Affect
from mien.types.project import project
from mien.types.taxonomies import TAXONOMIES, taxonomy
from mien.types.tree import masses, surest

__all__ = ["command"]

DIMENSIONS = ("valence", "arousal", "dominance")
OTHERS = ("ekman7", "plutchik8", "goemotions28")
NOT_KNOWN = "neither the lists nor the model know anything of it"


@click.command("words")
@click.argument("words", nargs=-1, metavar="WORDS or -")
@click.option("--onto", type=click.Choice(sorted(TAXONOMIES)), help="Answer in this taxonomy instead of the tree.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--model", default="text-affect", show_default=True, help="Reads the words that no list knows.")
def command(words: tuple[str, ...], onto: str | None, as_json: bool, model: str) -> None:
    """Say what words for emotions mean: their place in the tree of emotions, valence, arousal and dominance.

    With - or no WORDS, words come from standard input, one a line. A phrase such as "over the moon" is one word.
    """
    named = list(words) if words and words != ("-",) else [line.strip() for line in sys.stdin if line.strip()]
    for word, affect in zip(named, WordReader(model=model).read(named), strict=True):
        if as_json:
            click.echo(affect_line(_record(word, affect, onto)))
        else:
            first, *others = _lines(affect, onto)
            click.echo("\n  ".join((f"{word}: {first}", *others)))


def _record(word: str, affect: Affect | None, onto: str | None) -> dict[str, object]:
    if affect is None:
        return error_record(word, NOT_KNOWN)
    placed = affect_record(word, _onto(affect, onto))
    return {**placed, "evidence": [seen.note for seen in affect.evidence]}


def _lines(affect: Affect | None, onto: str | None) -> Iterator[str]:
    if affect is None:
        yield NOT_KNOWN
        return
    yield _place(_onto(affect, onto))
    if onto is None and affect.categories is not None:
        tops = [(name, project(affect, taxonomy(name)).categories) for name in OTHERS]
        yield ", ".join(f"{name} {found.top[0]}" for name, found in tops if found is not None)
    rated = [(name, getattr(affect, name)) for name in DIMENSIONS]
    yield ", ".join(f"{name} {found.mean:+.2f} ± {found.std:.2f}" for name, found in rated if found is not None)
    yield from (seen.note for seen in affect.evidence)


def _onto(affect: Affect, onto: str | None) -> Affect:
    return affect if onto is None else project(affect, taxonomy(onto))


def _place(affect: Affect) -> str:
    """Return the deepest place that is more likely than not, else the likeliest of the first tier."""
    categories = affect.categories
    if categories is None:
        return "no place in the tree"
    within = dict(zip(categories.taxonomy.labels, masses(categories), strict=True))
    firsts = [label for label in within if label not in categories.taxonomy.parents]
    label = surest(categories) or max(firsts, key=lambda first: within[first])
    sure = within[label] * (affect.confidence or 0.0) / categories.top[1]
    return f"{label.replace('/', ' > ')} (sure {sure:.2f})"
