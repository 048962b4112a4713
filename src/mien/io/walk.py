"""Sources: files and folders as a person names them, to one entry per thing to analyse."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mien.errors import InputError
from mien.io.sniff import ALLOWED, EXTENSIONS, Kind, sniff
from mien.types.analysis import Track

__all__ = ["Entry", "find_transcript", "sources"]

TRANSCRIPTS = (".srt", ".vtt", ".csv", ".jsonl", ".txt")
"""What may lie beside a recording, the best first: times and speakers, then times, then words only."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to analyse, or why it cannot be.

    Args:
        path: The file.
        kind: What it is; ``None`` where ``problem`` says why that is unknown.
        transcript: The words that lie beside a recording.
        problem: Why the source cannot be read.
        tracks: Tracks of it that others made.
    """

    path: Path
    kind: Kind | None
    transcript: Path | None = None
    problem: InputError | None = None
    tracks: tuple[Track, ...] = ()


def sources(given: Iterable[str | Path]) -> list[Entry]:
    """Return what to analyse: each file once, folders walked in order of name, hidden and unknown files skipped.

    A transcript with the stem of a recording beside it goes with that recording and is no entry of its own. One source
    that cannot be read becomes an entry with its problem, and does not stop the others.

    Args:
        given: Paths of files and folders; ``"-"`` is standard input.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "b.txt").write_text("Bye."), (folder / "a.txt").write_text("Hi!")
        >>> [(entry.path.name, entry.kind) for entry in sources([folder])]
        [('a.txt', 'text'), ('b.txt', 'text')]
    """
    entries = {entry.path.absolute(): entry for source in given for entry in _entries(source)}
    told = {place.with_suffix("") for place, entry in entries.items() if entry.transcript is not None}
    return [entry for place, entry in entries.items() if not _is_told(place, entry, told)]


def _is_told(place: Path, entry: Entry, told: set[Path]) -> bool:
    """Whether an entry is the words of a recording among the entries."""
    return entry.kind in ("text", "chat", "transcript") and place.with_suffix("") in told


def find_transcript(recording: Path) -> Path | None:
    """Return the transcript beside a recording: same folder and stem, words in it, no analysis of mien's own."""
    for suffix in TRANSCRIPTS:
        beside = recording.with_suffix(suffix)
        if beside != recording and beside.is_file() and _holds_words(beside):
            return beside
    return None


def _holds_words(path: Path) -> bool:
    try:
        return sniff(path) in ("text", "chat", "transcript")
    except InputError:
        return False


def _entries(source: str | Path) -> Iterator[Entry]:
    path = Path(source)
    if not str(source).strip():
        yield Entry(path, None, problem=InputError("an empty path was given; give the path of a file or folder"))
        return
    try:
        folder = path.is_dir()
    except (OSError, ValueError):
        folder = False
    if not folder:
        yield _entry(path)
        return
    found = [_entry(file) for file in _files(path)]
    found = [entry for entry in found if entry.kind != "analysis"]
    if not found:
        yield Entry(
            path, None, problem=InputError(f"the folder {path} holds nothing that mien reads; allowed: {ALLOWED}")
        )
    yield from found


def _entry(path: Path) -> Entry:
    try:
        kind = sniff(path)
    except InputError as error:
        return Entry(path, None, problem=error)
    return Entry(path, kind, find_transcript(path) if kind in ("audio", "video") else None)


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (
            Path(place) / name
            for name in sorted(names)
            if not name.startswith(".") and Path(name).suffix.lower() in EXTENSIONS
        )
