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
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from mien.errors import MissingExtraError, OptionError, OutputError
from mien.io.save import make_folder
from mien.learn.own.fitting import Bounds, ClassHead, RatingHead, bounds_of, fit_classes, fit_ratings, parts
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
        bounds: Between what the heads take features; ``None`` where they take them as they are.
    """

    labels: Labels
    judged: Int[np.ndarray, "judged"]
    classes: ClassHead | None
    ratings: RatingHead | None
    trunk: Any = None
    tuned: bool = False
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a training made: the folder, what it is worth on rows that were left out, and how long it took."""

    folder: Path
    scores: tuple[Score, ...]
    seconds: float


class Trainer(Protocol):
    """What a modality brings to the training on own labels.

    `item` is the column that names its items; `timed` says whether rows may name a part of theirs, in columns ``start``
    and ``end``; `edge` is how many standard deviations from their mean over the table its features may lie.
    """

    item: str
    timed: bool
    edge: float | None

    def features(self, labels: Labels, kept: Path, say: Say) -> tuple[Labels, Float[np.ndarray, "n width"]]:
        """Return the rows in which anything is perceived, and what a head reads of each.

        What takes long is kept in the file `kept` as it goes, and taken from there.
        """
        ...

    def write(self, fitted: Fitted, scores: Sequence[Score], folder: Path, head: Mapping[str, str]) -> None:
        """Write graphs, card and golden answers into an empty folder; `head` holds name, modality and line."""
        ...


@runtime_checkable
class Tuner(Trainer, Protocol):
    """A trainer that can train what is below the heads, too."""

    def tune(
        self, labels: Labels, left: Int[np.ndarray, "left"], *, full: bool, seed: int, kept: Path | None, say: Say
    ) -> Fitted:
        """Train trunk or upper blocks, and heads, on the rows that are not left out; go on from the file `kept`."""
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

    There are three ways; for speech, the first alone. ``head`` fits a head on the frozen trunk of `base`, or on what is
    measured of a voice: logistic regression for a column ``label``, ridge regression for ``valence``, ``arousal`` and
    ``dominance``. What is chosen, calibrated and told as a score rests on rows that were left out in five parts; with a
    column ``speaker`` no speaker is in two parts, without one no recording of which several stretches are labelled. The
    head that is written has seen all rows. ``upper`` trains copies of the trunk's upper blocks, too, on four of the
    parts, and keeps what it reaches on the fifth. ``full`` so trains the whole encoder; it takes minutes for thousands
    of rows, and knows nothing any more but what the table teaches. An interrupted training goes on where it was, but
    for ``upper``, and for a head on texts, which takes seconds.

    Args:
        modality: Among those of the kind "trainer" in `mien.registry`.
        labels: A .csv or .tsv with a header; see `mien.learn.own.table.read_labels`. Paths in it are relative to it.
        out: The folder to write, which must not be there yet.
        base: Name or folder of the model that is built on; by default the modality's own.
        way: ``head``, ``upper``, ``full``, or ``auto``: upper blocks from `ENOUGH` rows on, where the modality has
            them, else a head.
        line: ``open``, or ``research`` where the licence of the labelled items allows no commercial use.
        seed: Of the parts.
        say: Called with a sentence as things go on.

    Raises:
        InputError: The table cannot be learnt from; the text says why.
        OptionError: The folder is there already, the line or the way is unknown, or the modality lacks the way.
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
    table = read_labels(labels, item=trainer.item, timed=trainer.timed)
    way = _way(trainer, modality, way, len(table))
    say(f"{len(table):,} rows, {_described(table)}")
    # What is made of the items serves any table of them; how far a fine-tuning came, this one alone.
    kept = _kept(out, base, *((labels.read_bytes(), seed) if way == "full" else ()))
    try:
        fitted = _learnt(trainer, table, way, kept, seed=seed, say=say)
        scores = tuple(_scores(fitted, seed))
        with _whole(out) as folder:
            trainer.write(fitted, scores, folder, {"name": out.name, "modality": modality, "line": line})
    except KeyboardInterrupt:
        say("interrupted: no model was written" + ("; the same command goes on from here" if kept.exists() else ""))
        raise
    kept.unlink(missing_ok=True)
    return Report(out, scores, time.monotonic() - began)


def _way(trainer: Trainer, modality: str, way: str, count: int) -> str:
    """Return how to train: as it is asked for, else by the number of rows."""
    tunes = isinstance(trainer, Tuner)
    if way not in ("auto", "head") and not tunes:
        raise OptionError(
            f"the way {way!r} is not offered for {modality}, of which a head alone is trained; allowed: head"
        )
    return ("upper" if tunes and count >= ENOUGH else "head") if way == "auto" else way


def _learnt(trainer: Trainer, table: Labels, way: str, kept: Path, *, seed: int, say: Say) -> Fitted:
    """Learn a table; what takes long is kept beside the wanted folder as it goes.

    Upper blocks are not: they take no longer than what comes before them.
    """
    if way == "head" or not isinstance(trainer, Tuner):
        heard, features = trainer.features(table, kept, say)
        return fit(heard, features, seed, edge=trainer.edge)
    full = way == "full"
    if full:
        make_folder(kept.parent)
    left = parts(len(table), table.codes, table.groups, seed=seed)[0]
    return trainer.tune(table, left, full=full, seed=seed, kept=kept if full else None, say=say)


def _check_extra() -> None:
    """Check for all that any way of training needs, so that nothing stops half way."""
    for needed in NEEDED:
        if find_spec(needed) is None:
            raise MissingExtraError(f"training on own labels ({needed})", "learn")


def fit(table: Labels, features: Float[np.ndarray, "n width"], seed: int, *, edge: float | None = None) -> Fitted:
    """Fit the heads that a table has labels for; `edge` as a trainer has it."""
    bounds = None if edge is None else bounds_of(features, edge)
    rows = features if bounds is None else np.clip(features, *bounds)
    left_out = parts(len(table), table.codes, table.groups, seed=seed)
    classes = fit_classes(rows, table.codes, left_out) if table.classes else None
    ratings = fit_ratings(rows, table.ratings, left_out) if table.dimensions else None
    return Fitted(table, np.arange(len(table)), classes, ratings, bounds=bounds)


def _kept(out: Path, *choices: object) -> Path:
    """Return the file beside the wanted folder that keeps what was reached with these choices."""
    mark = hashlib.sha256(repr(choices).encode()).hexdigest()[:12]
    return out.with_name(f".{out.name}-{mark}.training")


def _scores(fitted: Fitted, seed: int) -> Iterator[Score]:
    table, judged = fitted.labels, fitted.judged
    groups = np.array(table.groups)[judged] if table.groups else None
    note = "rows that were left out" + (f", by {'speaker' if table.speakers else 'recording'}" if table.groups else "")
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
