"""From a table of labels to a model folder: read, describe, fit on parts, calibrate, write."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from jaxtyping import Float, Int

from mien.errors import MissingExtraError, OptionError, OutputError
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
NEEDED = ("onnx", "sklearn", "torch")
WAYS = ("auto", "head", "upper", "full")
ENOUGH = 1000
"""Rows from which upper blocks are trained where no way is asked for."""
DRAWS = 200
"""Resamplings behind an interval."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What was learnt from a table.

    Args:
        labels: The table.
        judged: The rows that were left out and by which everything is judged.
        classes: The head for labels, if the table has any; what it says of the judged rows.
        ratings: The head for dimensions, if the table has any; what it says of the judged rows.
        trunk: The fine-tuned trunk, or upper blocks; ``None`` where all below the heads is the base's.
        tuned: Whether the whole trunk was fine-tuned, so that no other head fits it any more.
    """

    labels: Labels
    judged: Int[np.ndarray, "judged"]
    classes: ClassHead | None
    ratings: RatingHead | None
    trunk: Any = None
    tuned: bool = False


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

    def tune(
        self, labels: Labels, left: Int[np.ndarray, "left"], *, full: bool, seed: int, kept: Path | None, say: Say
    ) -> Fitted:
        """Train trunk or upper blocks, and heads, on the rows that are not left out; go on from the file `kept`."""
        ...

    def write(self, fitted: Fitted, scores: Sequence[Score], folder: Path, head: Mapping[str, Any]) -> None:
        """Write graphs, card and golden answers into an empty folder; `head` begins the card."""
        ...


def train(  # noqa: PLR0913 - each is a choice of the user
    modality: str,
    labels: Path,
    out: Path,
    *,
    base: str | None = None,
    way: str = "auto",
    line: str = "open",
    seed: int = 0,
    say: Say = lambda _: None,
) -> Report:
    """Learn a user's own labels and write a model folder.

    There are three ways. ``head`` fits a head on the frozen trunk of `base`: logistic regression for a column
    ``label``, ridge regression for ``valence``, ``arousal`` and ``dominance``. What is chosen, calibrated and told as a
    score rests on rows that were left out in five parts; with a column ``speaker`` no speaker is in two parts. The head
    that is written has seen all rows. ``upper`` trains copies of the trunk's upper blocks, too, on four of the parts,
    and keeps what it reaches on the fifth. ``full`` so trains the whole encoder; it takes minutes for thousands of
    rows, goes on where it was interrupted, and knows nothing any more but what the table teaches.

    Args:
        modality: Among those of the kind "trainer" in `mien.registry`.
        labels: A .csv or .tsv with a header; see `mien.learn.own.table.read_labels`.
        out: The folder to write, which must not be there yet.
        base: Name or folder of the model whose trunk is used; by default the modality's own.
        way: ``head``, ``upper``, ``full``, or ``auto``: upper blocks from `ENOUGH` rows on, below that a head.
        line: ``open``, or ``research`` where the licence of the labelled items allows no commercial use.
        seed: Of the parts.
        say: Called with a sentence as things go on.

    Raises:
        InputError: The table cannot be learnt from; the text says why.
        OptionError: The folder is there already, or the line or the way is unknown.
        UnknownNameError: The modality or the base is unknown.
        OutputError: The folder cannot be written.
        MissingExtraError: The extra ``learn`` is not installed.
    """
    began = time.monotonic()
    _check_extra()
    for name, given, allowed in (("line", line, LINES), ("way", way, WAYS)):
        if given not in allowed:
            raise OptionError(f"the {name} {given!r} was given; allowed: {', '.join(allowed)}")
    if out.exists():
        raise OptionError(f"{out} is there already; give a folder that is not, or remove it first")
    trainer: Trainer = find("trainer", modality)(base)
    table = read_labels(labels, item=trainer.item)
    say(f"{len(table):,} rows, {_described(table)}")
    if way == "auto":
        way = "upper" if len(table) >= ENOUGH else "head"
    kept = _kept(out, labels, base, seed)
    if way == "head":
        fitted = fit(table, trainer.features(table.items, say), seed)
    else:
        fitted = _tuned(trainer, table, kept if way == "full" else None, seed, say)
    scores = tuple(_scores(fitted, seed))
    with _whole(out) as folder:
        trainer.write(fitted, scores, folder, {"name": out.name, "modality": modality, "line": line})
    kept.unlink(missing_ok=True)
    return Report(out, scores, time.monotonic() - began)


def _check_extra() -> None:
    """Check for all that any way of training needs, so that nothing stops half way."""
    for needed in NEEDED:
        if find_spec(needed) is None:
            raise MissingExtraError(f"training on own labels ({needed})", "learn")


def fit(table: Labels, features: Float[np.ndarray, "n width"], seed: int) -> Fitted:
    """Fit the heads that a table has labels for."""
    left_out = parts(len(table), table.codes, table.speakers, seed=seed)
    classes = fit_classes(features, table.codes, left_out) if table.classes else None
    ratings = fit_ratings(features, table.ratings, left_out) if table.dimensions else None
    return Fitted(table, np.arange(len(table)), classes, ratings)


def _kept(out: Path, labels: Path, base: str | None, seed: int) -> Path:
    """Return the file beside the wanted folder that keeps each epoch, for this table, base and seed alone."""
    mark = hashlib.sha256(labels.read_bytes() + repr((base, seed)).encode()).hexdigest()[:12]
    return out.with_name(f".{out.name}-{mark}.training")


def _tuned(trainer: Trainer, table: Labels, kept: Path | None, seed: int, say: Say) -> Fitted:
    """Train the whole encoder where it shall be kept as it goes, else upper blocks, which take no longer than that."""
    if kept is not None:
        make_folder(kept.parent)
    left = parts(len(table), table.codes, table.speakers, seed=seed)[0]
    return trainer.tune(table, left, full=kept is not None, seed=seed, kept=kept, say=say)


def _scores(fitted: Fitted, seed: int) -> Iterator[Score]:
    table, judged = fitted.labels, fitted.judged
    groups = np.array(table.speakers)[judged] if table.speakers else None
    note = "rows that were left out" + (", by speaker" if table.speakers else "")
    note += ", and chose the epoch" if fitted.trunk is not None else ""

    def row(metric: Any, name: str, truth: np.ndarray, said: np.ndarray) -> Score:
        found = interval(metric, truth, said, groups=groups, n=DRAWS)
        value, low, high = (round(float(bound), 4) for bound in (found.value, found.low, found.high))
        return Score("own", name, value, low, high, len(judged), (seed,), note=note, split=VALIDATION)

    if fitted.classes is not None:
        said = fitted.classes.held_out.argmax(axis=1)
        yield row(accuracy, "accuracy", table.codes[judged], said)
        yield row(macro_f1, "macro_f1", table.codes[judged], said)
    if fitted.ratings is not None:
        for place, name in enumerate(table.dimensions):
            yield row(pearson, f"r_{name}", table.ratings[judged, place], fitted.ratings.held_out[:, place])


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
