"""Databases of audformat to tracks: one per table of our own, else one per table, rater and set of columns.

The header is read with a parser that makes plain values only, and tables that are stored as pickles are refused: both
could run a stranger's code. A table that is not ours is read by these rules. A column whose scheme is ``emotion`` (or
begins with ``emotion.``), or that is called so, holds labels, by the rule of `mien.io.labels`; the columns or schemes
``valence``, ``arousal`` and ``dominance`` hold numbers, taken as they are where the scheme says -1 to 1, and brought to
it from any other bounds that it states. Its person is the speaker that a column says, else ``unnamed``; its modality is
``fused``: somebody judged the whole.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mien.errors import InputError, MissingExtraError
from mien.io.audformat import DIMENSIONS, EMOTION, quiet_tables
from mien.io.foreign import LATEST, UNNAMED, Warn, lines_of, read_all, spread_of, warn_left_out
from mien.io.labels import Reading, distribution, read_labels
from mien.io.text import decode_text
from mien.types.affect import KINDS, Affect, Dimension, Distribution, Kind
from mien.types.analysis import Modality, Track
from mien.types.span import Span

__all__ = ["read_audformat"]

LARGEST_HEADER = 4 * 2**20
MODALITIES: tuple[Modality, ...] = ("text", "speech", "face", "fused")


def read_audformat(folder: str | Path, *, warn: Warn = warn_left_out) -> list[Track]:
    """Return the tracks of an audformat database.

    Args:
        folder: Where its header (a ``.yaml`` file) lies.
        warn: Called with a sentence for what has no place in a track.

    Raises:
        MissingExtraError: audformat is not installed.
        InputError: The folder holds no such database, or one that is damaged or not safe to load.
    """
    try:
        import audformat  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("reading an audformat database", "tables") from error
    folder = Path(folder)
    header = _header(folder)
    lost: Counter[str] = Counter()
    made: dict[tuple[str, Modality], list[Affect]] = {}
    for identity, table in _loaded(folder, header).items():
        for whose, affect in _Table(identity, table, str(folder), lost).affects():
            made.setdefault(whose, []).extend([] if affect is None else [affect])
    for sentence in lines_of(lost):
        warn(f"{folder}: {sentence}")
    return [Track(*whose, tuple(sorted(affects, key=_start))) for whose, affects in made.items()]


def _start(affect: Affect) -> tuple[float, float]:
    return (affect.span.start, affect.span.end) if affect.span is not None else (-math.inf, 0.0)


def _header(folder: Path) -> Path:
    found = sorted(folder.glob("*.yaml"))
    if len(found) != 1:
        raise InputError(f"the folder {folder} holds {len(found)} headers (.yaml); an audformat database has one")
    if pickles := sorted(folder.glob("*.pkl")):
        raise InputError(
            f"{folder} stores {pickles[0].name} as a pickle, which is not safe to load; save it as Parquet"
        )
    return found[0]


def _plain(header: Path) -> dict[str, Any]:
    """Return a header as plain values, without tags that make objects and without aliases that multiply."""
    import yaml  # type: ignore[import-untyped]

    if header.stat().st_size > LARGEST_HEADER:
        raise InputError(f"{header} has {header.stat().st_size} bytes; allowed for a header: {LARGEST_HEADER}")
    written = decode_text(read_all(header), str(header))
    try:
        if any(isinstance(event, yaml.events.AliasEvent) for event in yaml.parse(written, Loader=yaml.SafeLoader)):
            raise InputError(f"{header} holds aliases, which are not read; write it without")
        plain = yaml.safe_load(written)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{header} is no header of audformat: {' '.join(str(error).split())[:160]}") from error
    if not isinstance(plain, dict):
        raise InputError(f"{header} is no header of audformat; it must be a mapping")
    return plain


def _loaded(folder: Path, header: Path) -> dict[str, Any]:
    """Return the tables, as pandas tables with their audformat ones."""
    import audformat

    plain = _plain(header)
    try:
        with quiet_tables():
            database = audformat.Database.load_header_from_yaml(plain)
            for identity in database.tables:
                if Path(identity).name != identity:
                    raise InputError(f"{header} names the table {identity[:40]!r}, which leads out of its folder")
                database.tables[identity].load(str(folder / f"{header.stem}.{identity}"))
    except InputError:
        raise
    except Exception as error:  # The library lets any error of yaml, pandas and pyarrow through.
        told = " ".join(str(error).split())[:160]
        raise InputError(f"{folder} cannot be loaded as an audformat database: {told}") from error
    return dict(database.tables)


class _Table:
    """One table, as rows of affects."""

    def __init__(self, identity: str, table: Any, name: str, lost: Counter[str]) -> None:
        self._table, self._lost = table, lost
        self._where = f"{name}, table {identity[:40]!r}"
        self._meta = dict(table.meta)
        self._columns = {self._role(name, column): name for name, column in table.columns.items()}
        self._frame = table.df
        self._reading = self._read_labels()
        if not self._columns.keys() & {EMOTION, *DIMENSIONS, "words"} and "modality" not in self._meta:
            lost[f"the table {identity[:40]!r} has no column of emotion, valence, arousal or dominance"] += 1

    def affects(self) -> Iterator[tuple[tuple[str, Modality], Affect | None]]:
        """Give whose each affect is, and the affect; a table of ours without rows gives its person alone."""
        modality = next((known for known in MODALITIES if known == self._meta.get("modality")), "fused")
        if not len(self._frame) and "person" in self._meta:
            yield (str(self._meta["person"]), modality), None  # type: ignore[misc]
        for index, row in zip(self._frame.index, self._frame.to_dict("records"), strict=True):
            affect = self._affect(self._span(index), row)
            if affect is not None:
                person = self._meta.get("person") or self._value(row, "speaker") or UNNAMED
                yield (str(person), modality), affect  # type: ignore[misc]

    def _role(self, name: str, column: Any) -> str:
        """Return what a column tells: its scheme where that is one of ours, else its name."""
        scheme = str(column.scheme_id or "")
        if scheme == EMOTION or scheme.startswith(f"{EMOTION}."):
            return EMOTION
        return scheme if scheme in (*DIMENSIONS, "speaker") else name

    def _value(self, row: Mapping[str, Any], role: str) -> Any:
        """Return what a row says in a role; ``None`` where nothing stands."""
        import pandas

        value = row.get(self._columns.get(role, ""))
        return None if value is None or value is pandas.NA or pandas.isna(value) else value

    def _read_labels(self) -> Reading | None:
        if EMOTION not in self._columns:
            return None
        labels = sorted({str(label) for label in self._frame[self._columns[EMOTION]].dropna().unique()})
        scheme = self._table.columns[self._columns[EMOTION]].scheme
        stated = scheme.meta.get("taxonomy") if scheme is not None else None
        reading = read_labels(labels, str(stated) if stated else None)
        if reading is None and labels:
            self._lost[f"the labels of {self._where} are of no taxonomy known here and are read as open words"] += 1
        return reading

    def _span(self, index: Any) -> Span | None:
        if not isinstance(index, tuple) or len(index) != 3:
            return None
        start, end = index[1].total_seconds(), index[2].total_seconds()
        if not math.isfinite(end):
            self._lost["a segment without an end is taken as a point in time"] += 1
            end = start
        if not -LATEST <= start <= end <= LATEST:
            raise InputError(f"{self._where}: a segment runs from {start:g} to {end:g} s; allowed: up to {LATEST:g} s")
        return Span(start, end)

    def _affect(self, span: Span | None, row: Mapping[str, Any]) -> Affect | None:
        dimensions = {name: found for name in DIMENSIONS if (found := self._dimension(name, row)) is not None}
        categories, words = self._categories(row)
        if categories is None and not words and not dimensions:
            return None
        kind: Kind = next((known for known in KINDS if known == self._meta.get("kind")), "expressed")
        return Affect(
            categories=categories,
            labels=tuple(words),
            span=span,
            confidence=self._share(row, "confidence"),
            kind=kind,
            model=self._rater(),
            valence=dimensions.get("valence"),
            arousal=dimensions.get("arousal"),
            dominance=dimensions.get("dominance"),
        )

    def _rater(self) -> str | None:
        found = [column.rater_id for column in self._table.columns.values() if column.rater_id]
        return str(found[0]) if found and found[0] != "unknown" else None

    def _share(self, row: Mapping[str, Any], role: str) -> float | None:
        value = self._value(row, role)
        if value is None:
            return None
        if not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise InputError(f"{self._where}: the {role} is {str(value)[:40]!r}; allowed: a number from 0 to 1")
        return float(value)

    def _dimension(self, name: str, row: Mapping[str, Any]) -> Dimension | None:
        value = self._value(row, name)
        if value is None:
            return None
        low, high = self._bounds(name)
        if not isinstance(value, (int, float)) or not low <= value <= high:
            raise InputError(f"{self._where}: {name} is {str(value)[:40]!r}; allowed: {low:g} to {high:g}")
        std = self._value(row, f"{name}.std")
        sure = isinstance(std, (int, float)) and math.isfinite(std) and std >= 0
        mean = 2 * (value - low) / (high - low) - 1 if (low, high) != (-1, 1) else value
        return Dimension(min(1.0, max(-1.0, float(mean))), float(std) if sure else spread_of())

    def _bounds(self, name: str) -> tuple[float, float]:
        scheme = self._table.columns[self._columns[name]].scheme
        low, high = (getattr(scheme, bound, None) for bound in ("minimum", "maximum"))
        return (float(low), float(high)) if low is not None and high is not None and low < high else (-1.0, 1.0)

    def _categories(self, row: Mapping[str, Any]) -> tuple[Distribution | None, list[str]]:
        words = [word for word in str(self._value(row, "words") or "").split("; ") if word]
        label = self._value(row, EMOTION)
        if label is None:
            return None, words
        if self._reading is None:
            return None, [str(label), *words]
        taxonomy, meaning = self._reading
        shares = {known: self._share(row, f"probability.{known}") for known in taxonomy.labels}
        given = {known: share for known, share in shares.items() if share is not None}
        return distribution(taxonomy, given or {meaning[str(label)]: 1.0}), words
