"""``mien perceive``: exactly one JSON line per item, in order."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from mien.cli.items import Item, items_of
from mien.errors import InputError, MienError, OptionError
from mien.io import affect_line, affect_record, error_record
from mien.perceive import Perceiver
from mien.registry import build
from mien.types import Affect

__all__ = ["command"]

BATCH = 32
BLANK = "there is nothing to perceive in it"


@click.command("perceive")
@click.argument("modality", type=click.Choice(["text", "speech", "face"]))
@click.argument("files", nargs=-1, metavar="[FILES or -]")
@click.option("--jsonl", is_flag=True, help="One JSON object a line (the default, and the only format).")
@click.option("--model", help="A model's name or folder instead of the default one.")
@click.option("--cropped", is_flag=True, help="The pictures are cropped faces already (face only).")
def command(modality: str, files: tuple[str, ...], jsonl: bool, model: str | None, cropped: bool) -> None:  # noqa: ARG001
    """Read affect item by item: text reads one item a line, speech and face one a file.

    With - or no FILES, items come from standard input: texts, or paths of files, one a line.
    """
    if cropped and modality != "face":
        raise click.UsageError(f"--cropped was given for {modality}; it is allowed for face only")
    options: dict[str, Any] = {"model": model} if model else {}
    perceiver = build("perceiver", f"{modality}/affect", **options, **({"cropped": True} if cropped else {}))
    for record in _records(perceiver, modality, items_of(modality, files or ("-",))):
        sys.stdout.write(affect_line(record) + "\n")
        sys.stdout.flush()


def _records(perceiver: Perceiver[Any], modality: str, items: Iterator[Item]) -> Iterator[dict[str, Any]]:
    for batch in _batches(items, BATCH if modality == "text" else 1):
        readable = [item for item in batch if item.error is None]
        affects = iter(_read(perceiver, modality, readable))
        for item in batch:
            yield _record(item, next(affects)) if item.error is None else error_record(item.id, item.error)


def _read(perceiver: Any, modality: str, items: list[Item]) -> list[Any]:
    """Read a batch; each answer is an affect, several faces with theirs, or the error that reading met."""
    try:
        if modality == "face":
            return [perceiver.faces(item.piece.image) for item in items]
        answers: list[Any] = perceiver.read([item.piece for item in items])
    except (InputError, OptionError) as error:
        return [error] * len(items)
    return answers


def _record(item: Item, answer: Any) -> dict[str, Any]:
    if isinstance(answer, MienError):
        return error_record(item.id, answer)
    if isinstance(answer, Affect):
        return affect_record(item.id, answer)
    if not answer:
        return error_record(item.id, BLANK)
    return _faces(item, answer)


def _faces(item: Item, found: list[tuple[Any, Affect]]) -> dict[str, Any]:
    """Put the largest face at the top level; with several, all of them in ``faces``."""
    ordered = sorted(found, key=lambda pair: -_area(pair[0].box))
    record = affect_record(item.id, ordered[0][1])
    if len(ordered) > 1:
        record["faces"] = [
            {"box": [round(float(side), 1) for side in face.box], **affect_record(None, affect)}
            for face, affect in ordered
        ]
    return record


def _area(box: Iterable[float]) -> float:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)


def _batches(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
