"""The card of a model: ``card.toml`` as frozen values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from mien.errors import AssetError

__all__ = ["Base", "Calibration", "Corpus", "Group", "ModelFile", "ModelInfo", "Score", "read_card"]

Row = TypeVar("Row")
LINES = ("open", "research")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model, with its own licence line."""

    name: str
    sha256: str
    bytes: int
    licence: str
    line: str


@dataclass(frozen=True, slots=True)
class Base:
    """An encoder that training began from."""

    name: str
    licence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus that a model was trained on."""

    corpus: str
    licence: str
    tier: str
    commercial: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a head's probabilities were calibrated, with the expected calibration error before and after."""

    head: str
    method: str
    split: str
    ece_before: float
    ece_after: float
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """A measured score with its interval; one on the validation split is what fusing rests on."""

    task: str
    metric: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    seeds: tuple[int, ...] = ()
    in_corpus: bool = True
    note: str = ""
    split: str = "test"


@dataclass(frozen=True, slots=True)
class Group:
    """A score on one group of people."""

    name: str
    metric: str
    value: float
    n: int
    task: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a card says of a model.

    Args:
        name: The folder's name, such as ``text-affect``.
        version: Version of the weights.
        modality: text, speech or face.
        line: ``open`` (all training corpora allow commercial use) or ``research``.
        licence: Licence of the weights.
        summary: What it does, in one sentence.
        recipe: The folder whose recipe made it.
        taxonomies: What it answers in.
        trunk: The model whose trunk its heads sit on, where it brings none of its own.
        trunk_sha256: Hash of the ``trunk.onnx`` that they were fitted on.
        not_for: What it must not be used for.
        options: Numbers that its perceiver needs.
        files, base, trained_on, calibration, scores, groups: The tables of the card.
    """

    name: str
    version: str
    modality: str
    line: str
    licence: str
    summary: str
    recipe: str
    taxonomies: tuple[str, ...] = ()
    trunk: str = ""
    trunk_sha256: str = ""
    not_for: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[ModelFile, ...] = ()
    base: tuple[Base, ...] = ()
    trained_on: tuple[Corpus, ...] = ()
    calibration: tuple[Calibration, ...] = ()
    scores: tuple[Score, ...] = ()
    groups: tuple[Group, ...] = ()


TABLES: Mapping[str, type] = {
    "files": ModelFile,
    "base": Base,
    "trained_on": Corpus,
    "calibration": Calibration,
    "scores": Score,
    "groups": Group,
}


def read_card(path: Path) -> ModelInfo:
    """Read ``card.toml``.

    Raises:
        AssetError: The card is missing, is no TOML, lacks a key, or has an unknown one.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise AssetError(f"the model folder {path.parent} has no card.toml") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AssetError(f"the model card {path} cannot be read: {error}") from error
    for name, row_type in TABLES.items():
        raw[name] = tuple(_row(row_type, row, f"{path}, [[{name}]]") for row in raw.get(name, []))
    info = _row(ModelInfo, raw, str(path))
    if info.line not in LINES:
        raise AssetError(f"the model card {path} has the line {info.line!r}; allowed: {', '.join(LINES)}")
    return info


def _row(row_type: type[Row], raw: Mapping[str, Any], where: str) -> Row:
    known = {item.name: item for item in fields(row_type)}  # type: ignore[arg-type]
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise AssetError(f"{where} has the unknown key {unknown[0]!r}; known: {', '.join(known)}")
    needed = [name for name, item in known.items() if item.default is MISSING and item.default_factory is MISSING]
    missing = [name for name in needed if name not in raw]
    if missing:
        raise AssetError(f"{where} lacks the key {missing[0]!r}; needed: {', '.join(needed)}")
    return row_type(**{key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()})
