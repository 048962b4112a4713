"""Many sources at once: one bad file does not stop the others, and an interrupted run goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import mien
from mien.agent.analyze import analyze
from mien.agent.team import Team
from mien.errors import InputError, MissingExtraError, OptionError, OutputError
from mien.io import save_text
from mien.types import Analysis

__all__ = ["FORMATS", "Outcome", "analyze_all", "check_formats", "check_out"]

FORMATS = ("json", "csv", "parquet", "html", "vtt")
LEDGER = ".mien-done.json"
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
    sources: Sequence[Path],
    team: Team,
    out: Path,
    *,
    formats: Sequence[str] = ("json", "html"),
    resume: bool = False,
    progress: Callable[[Path], Progress] | None = None,
) -> Iterator[Outcome]:
    """Analyse files one after the other and write each result as soon as it is there.

    Args:
        sources: The files.
        team: The perceivers.
        out: The folder for the results, made if need be.
        formats: Among json, csv, parquet, html and vtt.
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
    ledger = _Ledger(out / LEDGER, [mien.__version__, *sorted(team.perceivers), *sorted(formats)])
    stems = _stems(sources)
    for source in sources:
        files = tuple(out / f"{stems[source]}.{ending}" for ending in formats)
        if resume and ledger.holds(source, files):
            yield Outcome(source, files=files, skipped=True)
            continue
        try:
            analysis = analyze(source, team=team, progress=progress(source) if progress else None)
        except InputError as error:
            yield Outcome(source, error=str(error))
            continue
        for path, ending in zip(files, formats, strict=True):
            _write(analysis, path, ending, source)
        ledger.add(source)
        yield Outcome(source, analysis, files)


def check_formats(formats: Sequence[str]) -> None:
    """Refuse a format that is unknown, or that needs an extra that is not installed.

    Raises:
        OptionError: A format is unknown.
        MissingExtraError: Parquet is asked for without the extra ``tables``.
    """
    for ending in formats:
        if ending not in FORMATS:
            raise OptionError(f"the format {ending!r} was asked for; allowed: {', '.join(FORMATS)}")
    if "parquet" in formats:
        try:
            import pandas  # noqa: F401
            import pyarrow  # noqa: F401
        except ImportError as error:
            raise MissingExtraError("the format parquet", "tables") from error


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


def _write(analysis: Analysis, path: Path, ending: str, source: Path) -> None:
    if ending == "html":
        analysis.to_html(path, media=source)
    elif ending == "parquet":
        analysis.to_parquet(path)
    else:
        {"json": analysis.to_json, "csv": analysis.to_csv, "vtt": analysis.to_vtt}[ending](path)


def _stems(sources: Sequence[Path]) -> dict[Path, str]:
    """Name the results after their sources; two of the same name are told apart by a number."""
    stems: dict[Path, str] = {}
    taken: set[str] = set()
    for source in sources:
        name, number = source.name, 1
        while name in taken:
            number += 1
            name = f"{source.name}-{number}"
        taken.add(name)
        stems[source] = name
    return stems


class _Ledger:
    """What a run has finished, as a small file beside the results."""

    def __init__(self, path: Path, options: Sequence[str]) -> None:
        self._path = path
        self._options = list(options)
        self._done = self._read()

    def holds(self, source: Path, files: Sequence[Path]) -> bool:
        """Whether the source was finished with the same options, has not changed, and its results are there."""
        return self._done.get(str(source.resolve())) == self._mark(source) and all(path.is_file() for path in files)

    def add(self, source: Path) -> None:
        """Note a source as finished."""
        self._done[str(source.resolve())] = self._mark(source)
        save_text(self._path, json.dumps(self._done, indent=1))

    def _read(self) -> dict[str, str]:
        try:
            done = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return done if isinstance(done, dict) else {}

    def _mark(self, source: Path) -> str:
        facts = source.stat() if source.exists() else None
        size, modified = (facts.st_size, facts.st_mtime_ns) if facts else (0, 0)
        return hashlib.sha256(json.dumps([size, modified, self._options]).encode()).hexdigest()[:32]
