"""The plan of a run: which file goes into which shard. It is written before any work and never changes.

Files are taken in order of folder and name and cut into shards of at most so many files and bytes, so that the same
files give the same shards, whatever the order of the arguments, the engine and the number of workers.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mien.errors import InputError, OutputError
from mien.io import save_text
from mien.io.paths import reason
from mien.io.sniff import EXTENSIONS
from mien.io.walk import TRANSCRIPTS

__all__ = ["Item", "Plan", "Shard", "cut", "find_items"]

FORMAT = "mien.plan"
MOST_BYTES = 64 << 20
"""Bytes of source files from which a shard is closed: an hour of video is a shard of its own."""
WORDS = ("text", "chat", "transcript")


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """A file to annotate.

    Args:
        root: The folder that it was found under, as an absolute path.
        path: Its path below the root, with forward slashes.
        size: Its length in bytes as the plan was made.
        modified: When it was last changed as the plan was made, in nanoseconds since 1970.
        problem: Why it cannot be looked at; empty where it can.
    """

    root: str
    path: str
    size: int = 0
    modified: int = 0
    problem: str = ""

    @property
    def place(self) -> Path:
        """Where the file is."""
        return Path(self.root, self.path)


@dataclass(frozen=True, slots=True)
class Shard:
    """The files whose rows go into one Parquet file."""

    number: int
    items: tuple[Item, ...]

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(item.size for item in self.items)


@dataclass(frozen=True, slots=True)
class Plan:
    """All shards of a run, and what their rows depend on.

    Args:
        facts: The roots, and what `Settings.facts` says.
        shards: The shards, in order.
    """

    facts: Mapping[str, Any]
    shards: tuple[Shard, ...]

    @property
    def n_items(self) -> int:
        """How many files there are."""
        return sum(len(shard.items) for shard in self.shards)

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that no other plan has."""
        return hashlib.sha256(self._text().encode()).hexdigest()[:16]

    def save(self, path: Path) -> None:
        """Write the plan: one line about the run, then one line a shard.

        Raises:
            OutputError: The file cannot be written.
        """
        save_text(path, self._text())

    @classmethod
    def load(cls, path: Path) -> Plan:
        """Read a plan.

        Raises:
            OutputError: The file is no plan of this version.
        """
        try:
            head, *lines = path.read_text(encoding="utf-8").splitlines()
            facts = json.loads(head)
            shards = tuple(_shard(json.loads(line), facts["roots"]) for line in lines)
            if facts.pop("format") != FORMAT or facts.pop("shards") != len(shards):
                raise ValueError("it has another format, or lacks lines")
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise OutputError(
                f"{path} is no plan of this version of mien ({error}); --fresh makes a new one"
            ) from error
        return cls(facts, shards)

    def _text(self) -> str:
        places = {root: place for place, root in enumerate(self.facts["roots"])}
        head = {"format": FORMAT, "shards": len(self.shards), **self.facts}
        lines = [
            {"shard": shard.number, "items": [_facts(item, places) for item in shard.items]} for shard in self.shards
        ]
        return "".join(f"{json.dumps(line)}\n" for line in (head, *lines))


def find_items(given: Iterable[str | Path], *, leave_out: Path | None = None) -> list[Item]:
    """Return the files of folders that mien reads, in order, each once; none is opened.

    Hidden files and folders, and files whose extension says that mien does not read them, are passed over; so are words
    beside a recording of the same name, which are read with it.

    Args:
        given: Paths of files and folders.
        leave_out: A folder that is not walked: the one that the results go to.

    Raises:
        InputError: A given path does not exist, or nothing was found.
    """
    places = sorted({_absolute(path) for path in given})
    barred = _absolute(leave_out) if leave_out is not None else None
    found: dict[str, Item] = {}
    for place in places:
        for item in _walk(place, barred) if os.path.isdir(place) else [_single(place)]:
            found.setdefault(os.path.join(item.root, item.path), item)
    items = sorted(_without_words(found.values()))
    if not items:
        raise InputError(f"there is nothing that mien reads in {', '.join(places)}; see mien analyze --help")
    return items


def cut(items: Sequence[Item], *, most: int, most_bytes: int = MOST_BYTES) -> tuple[Shard, ...]:
    """Cut sorted files into shards.

    Args:
        items: The files.
        most: Most files a shard has.
        most_bytes: Most bytes its files have; a larger file is a shard of its own.

    Example:
        >>> [shard.items[0].path for shard in cut([Item("/", name) for name in "abc"], most=2)]
        ['a', 'c']
    """
    groups: list[list[Item]] = []
    room = 0
    for item in sorted(items):
        if not groups or len(groups[-1]) == most or item.size > room:
            groups.append([])
            room = most_bytes
        groups[-1].append(item)
        room -= item.size
    return tuple(Shard(number, tuple(group)) for number, group in enumerate(groups))


def _absolute(path: str | Path) -> str:
    if not str(path).strip():
        raise InputError("an empty path was given; give the path of a file or folder")
    place = os.path.realpath(path)
    if not os.path.lexists(place):
        raise InputError(f"{path} does not exist; give a file or a folder that does")
    return place


def _single(place: str) -> Item:
    root, name = os.path.split(place)
    return _item(root, name, place)


def _walk(root: str, barred: str | None) -> Iterator[Item]:
    """Yield the files below a folder; what cannot be looked at is an item with its problem."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        place = os.path.join(root, below)
        if below and place == barred:
            continue
        try:
            with os.scandir(place) as entries:
                kept = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            yield Item(root, below or ".", problem=f"the folder cannot be read: {reason(error)}")
            continue
        for entry in kept:
            path = f"{below}/{entry.name}" if below else entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif EXTENSIONS.get(os.path.splitext(entry.name)[1].lower(), "analysis") != "analysis":
                yield _item(root, path, entry)


def _item(root: str, path: str, entry: os.DirEntry[str] | str) -> Item:
    try:
        found = os.stat(entry) if isinstance(entry, str) else entry.stat()
    except OSError as error:
        return Item(root, path, problem=f"it cannot be looked at: {reason(error)}")
    return Item(root, path, found.st_size, found.st_mtime_ns)


def _without_words(items: Iterable[Item]) -> Iterator[Item]:
    """Leave out the words that lie beside a recording, as they are read with it."""
    kinds: dict[str, set[str]] = {}
    listed = [(item, *os.path.splitext(os.path.join(item.root, item.path))) for item in items]
    for _, stem, suffix in listed:
        kinds.setdefault(stem, set()).add(suffix.lower())
    for item, stem, suffix in listed:
        beside = kinds[stem]
        recorded = any(EXTENSIONS.get(other) in ("audio", "video") for other in beside)
        if not (recorded and beside & set(TRANSCRIPTS) and EXTENSIONS.get(suffix.lower()) in WORDS):
            yield item


def _facts(item: Item, places: Mapping[str, int]) -> list[Any]:
    return [places[item.root], item.path, item.size, item.modified, *([item.problem] if item.problem else [])]


def _shard(line: Mapping[str, Any], roots: Sequence[str]) -> Shard:
    return Shard(line["shard"], tuple(Item(roots[place], *rest) for place, *rest in line["items"]))
