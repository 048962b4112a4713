"""Many sources at once: one bad file does not stop the others, and an interrupted run goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mien.agent.analyze import analyze
from mien.agent.team import Team
from mien.errors import InputError, OptionError, OutputError
from mien.io import Entry, find_transcript, save_text
from mien.io.encode import encode_track
from mien.io.exports import FORMATS, check_format, export
from mien.types import Analysis, Track
from mien.version import __version__

__all__ = ["Outcome", "analyze_all", "check_formats", "check_out"]

LEDGER = ".mien-done.json"
STDIN = "-"
Progress = Callable[[float, float | None], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source.

    Args:
        source: The path.
        analysis: The analysis; ``None`` where it was skipped or failed.
        files: What was written, or had been before.
        error: Why it failed.
        skipped: Whether an earlier run had done it already.
    """

    source: Path
    analysis: Analysis | None = None
    files: tuple[Path, ...] = ()
    error: str | None = None
    skipped: bool = False


def analyze_all(
    sources: Sequence[Path | Entry],
    team: Team,
    out: Path,
    *,
    formats: Sequence[str] = ("json", "html"),
    resume: bool = False,
    progress: Callable[[Path], Progress] | None = None,
) -> Iterator[Outcome]:
    """Analyse files one after the other and write each result as soon as it is there.

    Args:
        sources: The files; an entry may bring tracks that others made of it.
        team: The perceivers.
        out: The folder for the results, made if need be.
        formats: Names of `mien.io.exports.FORMATS`.
        resume: Skip files that an earlier run into the same folder finished, if neither they nor the options changed.
        progress: Gives a callback for the progress of each file.

    Yields:
        One outcome per file, in order.

    Raises:
        OptionError: A format is unknown.
        OutputError: The folder cannot be written.
    """
    check_formats(formats)
    if not sources:
        return
    check_out(out)
    ledger = _Ledger(out / LEDGER, _options(team, formats))
    entries = [source if isinstance(source, Entry) else Entry(source, None) for source in sources]
    stems = _stems([entry.path for entry in entries])
    for entry in entries:
        source = entry.path
        files = tuple(out / f"{stems[source]}.{FORMATS[name].ending}" for name in formats)
        # The mark is taken before the work: a file that changes meanwhile is read again next time.
        mark = ledger.mark(source, entry.tracks)
        if resume and ledger.holds(stems[source], mark) and all(path.exists() for path in files):
            yield Outcome(source, files=files, skipped=True)
            continue
        try:
            followed = progress(source) if progress else None
            analysis = analyze(source, team=team, tracks=entry.tracks, progress=followed)
            refused = _write(analysis, dict(zip(formats, files, strict=True)), source)
        except (InputError, OptionError, OutputError) as error:
            yield Outcome(source, error=str(error))
            continue
        if refused:
            yield Outcome(source, error="; ".join(refused))
            continue
        ledger.add(stems[source], mark)
        yield Outcome(source, analysis, files)


def check_formats(formats: Sequence[str]) -> None:
    """Refuse a format that is unknown, or that needs an extra that is not installed.

    Raises:
        OptionError: A format is unknown.
        MissingExtraError: One is asked for without the extra that it needs.
    """
    for name in formats:
        check_format(name)


def check_out(out: Path) -> None:
    """Make the folder for results, before any work is done.

    Raises:
        OutputError: It cannot be made or written.
    """
    probe = out / ".mien-probe"
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise OutputError(f"the folder {out} cannot be written ({error.strerror}); give another with --out") from error


def _options(team: Team, formats: Sequence[str]) -> list[str]:
    """What a result depends on beside its source: the version, the models and the formats."""
    infos = [info for modality in sorted(team.perceivers) for info in team.infos(modality)]
    models = [f"{info.name} {info.version} {item.sha256}" for info in infos for item in info.files]
    return [__version__, *models, *sorted(formats)]


def _write(analysis: Analysis, files: Mapping[str, Path], source: Path) -> list[str]:
    """Write each format that can hold the analysis, and return why the others cannot."""
    refused = []
    for name, path in files.items():
        try:
            export(analysis, name, path, media=source)
        except OptionError as error:
            refused.append(str(error))
    return refused


def _stems(sources: Sequence[Path]) -> dict[Path, str]:
    """Name the results after their sources; two of the same name are told apart by a number."""
    stems: dict[Path, str] = {}
    taken: set[str] = set()
    for source in sources:
        plain = "stdin" if str(source) == STDIN else source.name
        name, number = plain, 1
        while name in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name)
        stems[source] = name
    return stems


class _Ledger:
    """What a run has finished, as a small file beside the results: name of a result to the mark of its source."""

    def __init__(self, path: Path, options: Sequence[str]) -> None:
        self._path = path
        self._options = list(options)
        self._done = self._read()

    def mark(self, source: Path, tracks: Sequence[Track] = ()) -> str | None:
        """Return what tells a source, its transcript and tracks from changed ones; ``None`` for standard input."""
        if str(source) == STDIN:
            return None
        beside = find_transcript(source)
        facts = [
            self._options,
            [_facts(path) for path in (source, beside) if path is not None],
            *map(encode_track, tracks),
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]

    def holds(self, name: str, mark: str | None) -> bool:
        """Whether the result of that name was made from a source of that mark."""
        return mark is not None and self._done.get(name) == mark

    def add(self, name: str, mark: str | None) -> None:
        """Note a result as finished."""
        self._done[name] = mark
        save_text(self._path, json.dumps(self._done, indent=1))

    def _read(self) -> dict[str, str | None]:
        try:
            done = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return done if isinstance(done, dict) else {}


def _facts(path: Path) -> tuple[str, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return os.fsencode(path.resolve()).hex(), found.st_size, found.st_mtime_ns
