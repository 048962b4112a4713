"""Analyses as audformat databases: a folder with a header and a table per track.

After the conventions of audformat: tables with a segmented index (file, start, end), schemes ``emotion``, ``valence``,
``arousal`` and ``dominance``, and each model a rater of its own. A table's meta data say whose track it is. What has no
time (a photograph) is in a table indexed by file.

References:
    J. Wagner et al. (2021-2025). audformat: specification and reference implementation of audformat.
"""

from __future__ import annotations

import secrets
import shutil
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mien.errors import MissingExtraError, OptionError, OutputError
from mien.io.encode import encode_taxonomies
from mien.io.paths import reason
from mien.io.save import make_folder
from mien.io.xmltree import clean
from mien.types.affect import Affect
from mien.types.analysis import Analysis, Track

__all__ = ["DIMENSIONS", "EMOTION", "NAME", "quiet_tables", "to_audformat"]

NAME = "db"
DIMENSIONS = ("valence", "arousal", "dominance")
UNKNOWN_RATER = "unknown"
EMOTION = "emotion"


def to_audformat(analysis: Analysis, path: str | Path) -> None:
    """Write an analysis as the folder of an audformat database; an earlier one in its place is replaced.

    Args:
        analysis: What to write.
        path: The folder to be.

    Raises:
        MissingExtraError: audformat is not installed.
        OptionError: An affect counts characters, which audformat has no index for.
        OutputError: The folder cannot be written, or something else is there.
    """
    try:
        import audformat
    except ImportError as error:
        raise MissingExtraError("to_audformat", "tables") from error
    with quiet_tables():
        database = _database(analysis, audformat)
    place = Path(path)
    if place.exists() and not (place / f"{NAME}.yaml").is_file():
        raise OutputError(f"{path} is there already and is no audformat database; give another place")
    make_folder(place.parent)
    scratch = place.with_name(f".mien-{secrets.token_hex(8)}.tmp")
    try:
        with quiet_tables():
            database.save(str(scratch), name=NAME)
        if place.exists():
            shutil.rmtree(place)
        scratch.rename(place)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {reason(error)}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def quiet_tables() -> Iterator[None]:
    """Keep what pandas has to say about how audformat uses it from a user, who can do nothing about it."""
    import pandas

    with warnings.catch_warnings():
        for kind in (pandas.errors.PerformanceWarning, DeprecationWarning, FutureWarning):
            warnings.simplefilter("ignore", kind)
        yield


def _database(analysis: Analysis, audformat: Any) -> Any:
    affects = [affect for track in (*analysis.tracks, *analysis.fused) for affect in track.affects]
    if any(affect.span is not None and affect.span.unit == "characters" for affect in affects):
        raise OptionError(
            f"audformat needs times in seconds, and the analysis of {analysis.source.name} has characters"
        )
    database = audformat.Database("mien", source="mien", usage=audformat.define.Usage.OTHER)
    database.description = f"What mien found in {clean(Path(analysis.source.name).name)}."
    _add_schemes(database, analysis, audformat)
    groups = [(track, group) for track in (*analysis.tracks, *analysis.fused) for group in _groups(track)]
    for number, (track, group) in enumerate(groups, start=1):
        table = _Table(database, audformat, f"{track.modality}.{number}", _main_taxonomy(analysis))
        table.fill(track, group, clean(Path(analysis.source.name).name) or "source")
    return database


def _add_schemes(database: Any, analysis: Analysis, audformat: Any) -> None:
    main = _main_taxonomy(analysis)
    for name, plain in encode_taxonomies(analysis).items():
        scheme = audformat.Scheme(labels=list(plain["labels"]), description=plain["reference"] or None)
        scheme.meta["taxonomy"] = name
        database.schemes[_scheme(name, main)] = scheme
    for name in DIMENSIONS:
        database.schemes[name] = audformat.Scheme("float", minimum=-1.0, maximum=1.0)
    database.schemes["deviation"] = audformat.Scheme("float", minimum=0.0)
    database.schemes["probability"] = audformat.Scheme("float", minimum=0.0, maximum=1.0)
    database.schemes["words"] = audformat.Scheme("str")


def _main_taxonomy(analysis: Analysis) -> str | None:
    """Return the taxonomy whose scheme is ``emotion`` itself: that of the fused timeline, else the first."""
    tracks = (*analysis.fused, *analysis.tracks)
    found = (affect.categories for track in tracks for affect in track.affects if affect.categories is not None)
    return next((categories.taxonomy.name for categories in found), None)


def _scheme(taxonomy: str, main: str | None) -> str:
    return EMOTION if taxonomy == main else f"{EMOTION}.{taxonomy}"


def _groups(track: Track) -> list[list[Affect]]:
    """Share affects out so that a group has one model, one taxonomy, one kind of index and no stretch twice."""
    groups: dict[tuple[object, ...], list[Affect]] = {}
    layers: Counter[tuple[object, ...]] = Counter()
    for affect in track.affects:
        taxonomy = affect.categories.taxonomy.name if affect.categories is not None else None
        kind = (affect.model, taxonomy, affect.kind, affect.span is None)
        layers[*kind, affect.span] += 1
        groups.setdefault((*kind, layers[*kind, affect.span]), []).append(affect)
    return list(groups.values()) or [[]]


class _Table:
    """Fills one table of a database with affects of one kind."""

    def __init__(self, database: Any, audformat: Any, identity: str, main: str | None) -> None:
        self._database = database
        self._audformat = audformat
        self._identity = identity
        self._main = main

    def fill(self, track: Track, affects: Sequence[Affect], file: str) -> None:
        """Add the table with its columns."""
        self._table = self._audformat.Table(self._index(affects, file))
        self._table.meta.update(person=clean(track.person), modality=track.modality)
        if affects:
            self._table.meta["kind"] = affects[0].kind
        self._database[self._identity] = self._table
        self._rater = self._rater_of(affects)
        self._categories(affects)
        for name in DIMENSIONS:
            parts = [getattr(affect, name) for affect in affects]
            self._column(name, name, [None if part is None else part.mean for part in parts])
            self._column(f"{name}.std", "deviation", [None if part is None else part.std for part in parts])
        self._column("confidence", "probability", [affect.confidence for affect in affects])
        self._column("words", "words", ["; ".join(affect.labels) or None for affect in affects])

    def _index(self, affects: Sequence[Affect], file: str) -> Any:
        import pandas

        spans = [affect.span for affect in affects if affect.span is not None]
        if affects and not spans:
            return self._audformat.filewise_index([file] * len(affects))
        starts = [pandas.Timedelta(span.start, unit="s") for span in spans]
        return self._audformat.segmented_index(
            [file] * len(spans), starts, [pandas.Timedelta(span.end, unit="s") for span in spans]
        )

    def _rater_of(self, affects: Sequence[Affect]) -> str:
        name = clean((affects[0].model if affects else None) or UNKNOWN_RATER)
        if name not in self._database.raters:
            self._database.raters[name] = self._audformat.Rater(self._audformat.define.RaterType.MACHINE)
        return name

    def _categories(self, affects: Sequence[Affect]) -> None:
        known = [affect.categories for affect in affects if affect.categories is not None]
        if not known:
            return
        self._column(EMOTION, _scheme(known[0].taxonomy.name, self._main), [each.top[0] for each in known])
        for label in known[0].taxonomy.labels:
            self._column(f"probability.{label}", "probability", [each.as_dict()[label] for each in known])

    def _column(self, name: str, scheme: str, values: Sequence[object]) -> None:
        if any(value is not None for value in values):
            self._table[name] = self._audformat.Column(scheme_id=scheme, rater_id=self._rater)
            self._table[name].set(list(values))
