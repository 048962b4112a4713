"""From a table of labels to a model folder: read, describe, fit on parts, calibrate, write."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from jaxtyping import Float

from mien.errors import OptionError, OutputError
from mien.io.save import make_folder
from mien.learn.own.fitting import ClassHead, RatingHead, fit_classes, fit_ratings, parts
from mien.learn.own.table import Labels, read_labels
from mien.metrics.bootstrap import interval
from mien.metrics.categorical import accuracy, macro_f1
from mien.metrics.dimensional import pearson
from mien.registry import find
from mien.runtime.card import LINES, Score

__all__ = ["Fitted", "Report", "Say", "Trainer", "train"]

Say = Callable[[str], None]
VALIDATION = "validation"


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What was learnt from a table.

    Args:
        labels: The table.
        classes: The head for labels, if the table has any.
        ratings: The head for dimensions, if the table has any.
        scores: What the heads reached on rows that were left out.
        seed: Of the parts.
    """

    labels: Labels
    classes: ClassHead | None
    ratings: RatingHead | None
    scores: tuple[Score, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a training made: the folder, what it is worth on rows that were left out, and how long it took."""

    folder: Path
    scores: tuple[Score, ...]
    seconds: float


class Trainer(Protocol):
    """What a modality brings to the training on own labels; `item` is the column that names its items."""

    item: str

    def features(self, items: Sequence[str], say: Say) -> Float[np.ndarray, "n width"]:
        """Return what the frozen trunk makes of each item."""
        ...

    def write(self, fitted: Fitted, folder: Path, head: Mapping[str, Any]) -> None:
        """Write graphs, card and golden answers into an empty folder; `head` begins the card."""
        ...


def train(  # noqa: PLR0913 - each is a choice of the user
    modality: str,
    labels: Path,
    out: Path,
    *,
    base: str | None = None,
    line: str = "open",
    seed: int = 0,
    say: Say = lambda _: None,
) -> Report:
    """Learn a user's own labels and write a model folder.

    A head is fitted on the frozen trunk of `base`: logistic regression for a column ``label``, ridge regression for
    ``valence``, ``arousal`` and ``dominance``. What is chosen, calibrated and told as a score rests on rows that were
    left out in five parts; with a column ``speaker`` no speaker is in two parts. The head that is written has seen all
    rows.

    Args:
        modality: Among those of the kind "trainer" in `mien.registry`.
        labels: A .csv or .tsv with a header; see `mien.learn.own.table.read_labels`.
        out: The folder to write, which must not be there yet.
        base: Name or folder of the model whose trunk is used; by default the modality's own.
        line: ``open``, or ``research`` where the licence of the labelled items allows no commercial use.
        seed: Of the parts.
        say: Called with a sentence as things go on.

    Raises:
        InputError: The table cannot be learnt from; the text says why.
        OptionError: The folder is there already, or the line is unknown.
        UnknownNameError: The modality or the base is unknown.
        OutputError: The folder cannot be written.
    """
    began = time.monotonic()
    if line not in LINES:
        raise OptionError(f"the line {line!r} was given; allowed: {', '.join(LINES)}")
    if out.exists():
        raise OptionError(f"{out} is there already; give a folder that is not, or remove it first")
    trainer: Trainer = find("trainer", modality)(base)
    table = read_labels(labels, item=trainer.item)
    say(f"{len(table):,} rows, {_described(table)}")
    fitted = fit(table, trainer.features(table.items, say), seed=seed)
    with _whole(out) as folder:
        trainer.write(fitted, folder, {"name": out.name, "modality": modality, "line": line})
    return Report(out, fitted.scores, time.monotonic() - began)


def fit(table: Labels, features: Float[np.ndarray, "n width"], *, seed: int) -> Fitted:
    """Fit the heads that a table has labels for."""
    left_out = parts(len(table), table.codes, table.speakers, seed=seed)
    classes = fit_classes(features, table.codes, left_out) if table.classes else None
    ratings = fit_ratings(features, table.ratings, left_out) if table.dimensions else None
    return Fitted(table, classes, ratings, tuple(_scores(table, classes, ratings, seed)), seed)


def _scores(table: Labels, classes: ClassHead | None, ratings: RatingHead | None, seed: int) -> Iterator[Score]:
    groups = np.array(table.speakers) if table.speakers else None

    def row(metric: Any, name: str, truth: np.ndarray, said: np.ndarray) -> Score:
        found = interval(metric, truth, said, groups=groups, n=200)
        value, low, high = (round(float(bound), 4) for bound in (found.value, found.low, found.high))
        note = "rows that were left out, by speaker" if table.speakers else "rows that were left out"
        return Score("own", name, value, low, high, len(table), (seed,), note=note, split=VALIDATION)

    if classes is not None:
        said = classes.held_out.argmax(axis=1)
        yield row(accuracy, "accuracy", table.codes, said)
        yield row(macro_f1, "macro_f1", table.codes, said)
    if ratings is not None:
        for place, name in enumerate(table.dimensions):
            yield row(pearson, f"r_{name}", table.ratings[:, place], ratings.held_out[:, place])


def _described(table: Labels) -> str:
    told = []
    if table.classes:
        told.append(f"{len(table.classes)} labels ({', '.join(table.classes)})")
    if table.dimensions:
        told.append(f"ratings of {', '.join(table.dimensions)}")
    told.append(f"{len(set(table.speakers))} speakers" if table.speakers else "no speakers")
    return ", ".join(told)


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """Give a folder beside the wanted one, which takes its name when the block ends well, else it goes away."""
    make_folder(out.parent)
    temporary = out.with_name(f".mien-{secrets.token_hex(8)}.tmp")
    temporary.mkdir()
    try:
        yield temporary
        temporary.replace(out)
    except OSError as error:
        raise OutputError(f"the folder {out} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
