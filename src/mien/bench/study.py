"""A study: what one published mechanism is worth, measured with it and without it on the same data.

A study is a folder with ``study.toml``; what was found lies beside it as ``result.json``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mien.errors import InputError, OptionError
from mien.metrics.bootstrap import Interval, Metric

__all__ = ["Finding", "Study", "compare", "read_studies", "read_study"]

KEYS = {"kind", "name", "summary", "mechanism", "trial", "data", "metric", "seeds", "expected", "references"}
PARTS = {"options", "without", "with"}
FEWEST_SEEDS, DIGITS = 3, 5
FILE, RESULT = "study.toml", "result.json"


@dataclass(frozen=True, slots=True)
class Study:
    """What is compared, as a declaration.

    Args:
        name: The folder's name.
        summary: The question, in one sentence.
        mechanism: What is with or without.
        trial: Registry name of what runs one arm with one seed.
        data: The corpora that it reads.
        metric: Name of the score; higher is better.
        seeds: Three or more.
        expected: What the literature lets one expect, in words.
        references: Where the mechanism was published.
        options: Options of both arms.
        without: Options of the arm without it.
        with_: Options of the arm with it.
        folder: Where the study lies.
    """

    name: str
    summary: str
    mechanism: str
    trial: str
    data: tuple[str, ...]
    metric: str
    seeds: tuple[int, ...]
    expected: str
    references: tuple[str, ...]
    options: Mapping[str, Any]
    without: Mapping[str, Any]
    with_: Mapping[str, Any]
    folder: Path

    @property
    def arms(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """All options of the arm without and of the arm with the mechanism."""
        return {**self.options, **self.without}, {**self.options, **self.with_}

    def finding(self) -> Finding | None:
        """Return what was found, or None where the study has not run yet.

        Raises:
            InputError: The result cannot be read.
        """
        path = self.folder / RESULT
        if not path.is_file():
            return None
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return Finding(**{**raw, "difference": Interval(**raw["difference"])})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"the result {path} cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class Finding:
    """What a study found.

    Args:
        metric: Name of the score.
        n: Items that each arm was scored on.
        without: Scores without the mechanism, one a seed.
        with_: Scores with it, one a seed.
        difference: How much higher the mean with it is, with a 95 % interval over draws of items and of seeds.
        command: What reproduces it.
        version: Of mien.
    """

    metric: str
    n: int
    without: Sequence[float]
    with_: Sequence[float]
    difference: Interval
    command: str = ""
    version: str = ""

    @property
    def verdict(self) -> str:
        """``gain``, ``loss``, or ``null`` where the interval holds zero."""
        if self.difference.low > 0:
            return "gain"
        return "loss" if self.difference.high < 0 else "null"


def compare(
    metric: Metric,
    truth: Sequence[np.ndarray],
    without: Sequence[np.ndarray],
    with_: Sequence[np.ndarray],
    *,
    groups: np.ndarray | None = None,
    n: int = 1000,
) -> tuple[list[float], list[float], Interval]:
    """Return the scores of both arms and the difference of their means.

    Both the items and the seeds are drawn anew, the same for both arms, so that the interval speaks of other samples
    and of other trainings.

    Args:
        metric: Maps truth and estimate to a number; higher is better.
        truth: One array a seed, one row an item; all of one length.
        without: Estimates without the mechanism, one array a seed.
        with_: Estimates with it.
        groups: One name an item, such as the speaker: whole groups are drawn instead of items.
        n: How many samples are drawn.

    Raises:
        OptionError: There are fewer than three seeds, or the arrays differ in length.

    References:
        Efron and Tibshirani (1993). An Introduction to the Bootstrap. Chapman and Hall.
    """
    count, length = len(truth), len(truth[0]) if truth else 0
    if count < FEWEST_SEEDS or any(len(side) != count for side in (without, with_)):
        raise OptionError(f"a study has {count} seeds; allowed: {FEWEST_SEEDS} or more, the same in both arms")
    if any(len(part) != length for side in (truth, without, with_) for part in side):
        raise OptionError("the arms of a study answer different numbers of items; they must answer the same ones")
    rng, gains = np.random.default_rng(0), []
    members = _members(groups, length)
    before = [float(metric(one, other)) for one, other in zip(truth, without, strict=True)]
    after = [float(metric(one, other)) for one, other in zip(truth, with_, strict=True)]
    for _ in range(n):
        picked = rng.integers(len(members), size=len(members))
        items, drawn = np.concatenate([members[one] for one in picked]), rng.integers(count, size=count)
        by_seed = {s: _gain(metric, truth[s][items], without[s][items], with_[s][items]) for s in set(drawn.tolist())}
        if all(gain is not None for gain in by_seed.values()):
            gains.append(float(np.mean([by_seed[s] for s in drawn.tolist()])))
    low, high = np.quantile(gains, [0.025, 0.975])
    gap = (float(np.mean(after) - np.mean(before)), float(low), float(high))
    return before, after, Interval(*(round(bound, DIGITS) for bound in gap))


def _members(groups: np.ndarray | None, length: int) -> list[np.ndarray]:
    """Return the places of the items of each group; each item is its own where there are no groups."""
    if groups is None:
        return list(np.arange(length)[:, None])
    if groups.shape != (length,):
        raise OptionError(f"groups has the shape {groups.shape}; allowed: ({length},), one name an item")
    return [np.flatnonzero(groups == name) for name in np.unique(groups)]


def _gain(metric: Metric, truth: np.ndarray, before: np.ndarray, after: np.ndarray) -> float | None:
    try:
        return float(metric(truth, after)) - float(metric(truth, before))
    except OptionError:  # the draw is too uniform for the metric
        return None


def read_studies(root: Path) -> list[Study]:
    """Read every study below a folder, by name.

    Raises:
        InputError: The folder holds no study, or one of them cannot be read.
        OptionError: A study has an unknown or a missing key.
    """
    found = sorted(path.parent for path in root.glob(f"*/{FILE}"))
    if not found:
        raise InputError(f"{root} holds no study; it must hold folders with a {FILE}")
    return [read_study(folder) for folder in found]


def read_study(folder: Path) -> Study:
    """Read ``study.toml`` in a folder.

    Raises:
        InputError: The file is missing or no TOML.
        OptionError: A key is unknown or missing.
    """
    path = folder / FILE
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"the study {path} cannot be read: {error}") from error
    _check(path, raw)
    given: dict[str, Any] = {name: value for name, value in raw.items() if name in KEYS - {"kind"}}
    given |= {name: tuple(raw[name]) for name in ("data", "seeds", "references")}
    arms = {name: raw.get(name.rstrip("_"), {}) for name in ("options", "without", "with_")}
    return Study(**given, **arms, folder=folder)


def _check(path: Path, raw: Mapping[str, Any]) -> None:
    for key in raw:
        if key not in KEYS | PARTS:
            raise OptionError(f"the study {path} has the unknown key {key!r}; known: {', '.join(sorted(KEYS | PARTS))}")
    missing = sorted(KEYS - set(raw))
    if missing:
        raise OptionError(f"the study {path} lacks {', '.join(missing)}; every study must state them")
    if len(raw["seeds"]) < FEWEST_SEEDS:
        raise OptionError(f"the study {path} has {len(raw['seeds'])} seeds; allowed: {FEWEST_SEEDS} or more")
