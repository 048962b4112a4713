"""The card of a model that was learnt from a user's labels, whatever the modality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mien.learn.card import file_row, table, write_card
from mien.learn.own.train import Fitted
from mien.runtime import ModelInfo
from mien.runtime.card import Calibration, Score
from mien.types import Taxonomy
from mien.types.project import is_mapped

__all__ = ["About", "Answers", "label_names", "taken_over", "write_own_card"]

LABELLED = (
    "temperature",
    "confidence_slope",
    "confidence_offset",
    "confidence_heard",
    "thresholds",
    "labels",
    "exclusive",
)
"""Options of a base that belong to its head for labels."""
RESEARCH = "research"


@dataclass(frozen=True, slots=True)
class About:
    """What a modality's card says whatever was learnt.

    Args:
        name: Name of the model.
        modality: The modality.
        line: The line of the user's data.
        heard: What it reads from, such as ``texts``.
        elsewhere: Where it can be far worse, such as ``other kinds of text``.
        licence: Of what was learnt.
        limits: What holds for all models of this kind.
    """

    name: str
    modality: str
    line: str
    heard: str
    elsewhere: str
    licence: str
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the heads of a folder answer in, and what the card says of them.

    Args:
        taxonomy: The labels.
        options: What the perceiver needs; values that are mappings become tables of their own.
        calibration: How the labels were calibrated.
        borrowed: Name of a file in the folder to its name in the base.
    """

    taxonomy: Taxonomy
    options: dict[str, Any]
    calibration: tuple[Calibration, ...] = ()
    borrowed: Mapping[str, str] = field(default_factory=dict)


def label_names(taxonomy: Taxonomy) -> dict[str, Any]:
    """Return how the card names labels of the user's own; those of a published taxonomy go by its name."""
    return {} if is_mapped(taxonomy) else {"labels": list(taxonomy.labels), "exclusive": True}


def taken_over(info: ModelInfo, names: Sequence[str] = LABELLED) -> dict[str, Any]:
    """Return those options of a base that a folder takes over."""
    return {name: info.options[name] for name in names if name in info.options}


def write_own_card(
    folder: Path, about: About, learnt: tuple[Fitted, Sequence[Score]], base: ModelInfo, answers: Answers
) -> None:
    """Write ``card.toml`` for the files that lie in a folder, and CARD.md after it.

    Where files of the base are in it, the card repeats where those come from, and it is of the base's line where that
    is the stricter one.

    Args:
        folder: The folder, in which all files but the golden answers lie.
        about: What is said whatever was learnt.
        learnt: What was learnt, and what it is worth.
        base: The card of the model that it was built on.
        answers: What the heads answer in.
    """
    fitted, scores = learnt
    source = base if answers.borrowed else None
    told = {**_head(fitted, about, source, answers.taxonomy.name), "not_for": list(base.not_for)}
    nested = {key: value for key, value in answers.options.items() if isinstance(value, Mapping)}
    plain = {key: value for key, value in answers.options.items() if key not in nested}
    files = sorted(path for path in folder.iterdir() if path.suffix in (".onnx", ".json"))
    parts = [
        table(told),
        "[options]\n" + table(plain),
        *(f"[options.{name}]\n{table(value)}" for name, value in nested.items()),
        *(f"[[files]]\n{table(_file(path, about, base, answers))}" for path in files),
        *(f"[[base]]\n{table(asdict(row))}" for row in (source.base if source else ())),
        *(f"[[trained_on]]\n{table(asdict(row))}" for row in (source.trained_on if source else ())),
        f"[[trained_on]]\n{table(_corpus(fitted, about.line))}",
        *(f"[[calibration]]\n{table(asdict(row))}" for row in answers.calibration),
        *(f"[[scores]]\n{table(asdict(row))}" for row in scores),
    ]
    (folder / "card.toml").write_text("\n".join(parts), encoding="utf-8")
    write_card(folder)


def _head(fitted: Fitted, about: About, source: ModelInfo | None, taxonomy: str) -> dict[str, Any]:
    labels = fitted.labels
    learnt = [*labels.classes, *labels.dimensions]
    restricted = source is not None and source.line == RESEARCH
    return {
        "name": about.name,
        "modality": about.modality,
        "line": RESEARCH if restricted else about.line,
        "version": "1.0.0",
        "licence": about.licence,
        "summary": f"Reads {', '.join(learnt)} from {about.heard}, as {labels.source} labels them.",
        "recipe": f"mien train {about.modality} {labels.source}",
        "taxonomies": [taxonomy],
        "limits": list(dict.fromkeys((*_limits(fitted, about), *about.limits, *(source.limits if source else ())))),
    }


def _limits(fitted: Fitted, about: About) -> list[str]:
    labels = fitted.labels
    told = [
        f"Learnt from {len(labels):,} rows of one table; on {about.elsewhere} it can be far worse.",
        "The scores are of rows that were left out"
        + ("." if fitted.trunk is not None else " in turn; the head that is here has seen all of them."),
    ]
    if labels.left_out:
        told.append(f"{labels.left_out:,} more rows of it were left out, because nothing was perceived in them.")
    return told


def _file(path: Path, about: About, base: ModelInfo, answers: Answers) -> dict[str, Any]:
    known = {row.name: row for row in base.files}
    if path.name in answers.borrowed:  # a tuned trunk is still derived from the base's
        row = known[answers.borrowed[path.name]]
        return file_row(path, licence=row.licence, line=row.line)
    return file_row(path, licence=about.licence, line=about.line)


def _corpus(fitted: Fitted, line: str) -> dict[str, Any]:
    return {
        "corpus": fitted.labels.source,
        "licence": "not stated",
        "tier": "own",
        "commercial": line == "open",
        "note": f"{len(fitted.labels):,} rows of the owner of this model",
    }
