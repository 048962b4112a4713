"""What a worker does: read the files of a shard and write its rows."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mien.agent.annotate.plan import Item, Shard
from mien.agent.annotate.settings import Settings
from mien.agent.annotate.table import AFFECTS, FILES, Row, affect_rows, file_row, write_table
from mien.agent.concluding import conclude
from mien.agent.material import open_source
from mien.agent.perceiving import perceive_material
from mien.errors import InputError, MienError, OptionError
from mien.types import Analysis

__all__ = ["Annotators", "Part", "Read", "Report", "Task", "shard_files", "write_shard"]


@dataclass(frozen=True, slots=True)
class Task:
    """Files to read.

    Args:
        shard: The shard, or a part of it.
        whole: Whether the worker is to write the shard; the rows of a part are sent back instead.
    """

    shard: Shard
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """What was read from files.

    Args:
        affects: One row per affect.
        files: One row per file.
    """

    affects: list[Row]
    files: list[Row]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a shard.

    Args:
        shard: Its number.
        items: How many files it has.
        affects: How many rows it has.
        failed: Root, path and reason of each file that could not be read.
        media_seconds: How much sound or video was read, in seconds.
        worker: Machine and process that read it.
        began: When the work began, in seconds since 1970.
        ended: When it ended.
        processor: Processor time of the work, in seconds.
        sizes: Bytes of the files that were written.
    """

    shard: int
    items: int
    affects: int
    failed: tuple[tuple[str, str, str], ...]
    media_seconds: float
    worker: str
    began: float
    ended: float
    processor: float
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What a worker sends back of a task: the report of a whole shard, or what it read of a part."""

    report: Report
    read: Read | None = None


@dataclass(frozen=True, slots=True)
class Annotators:
    """Makes a worker's function; travels to where the worker is.

    Args:
        settings: The options.
        facts: What the plan says that rows depend on; a worker with other models refuses to work.
        out: The folder of the results, as it is called on every machine.
    """

    settings: Settings
    facts: Mapping[str, Any]
    out: str

    def __call__(self) -> _Annotator:
        """Build the team of a worker.

        Raises:
            OptionError: This machine has another mien or other models than the plan was made with.
        """
        return _Annotator(self)


class _Annotator:
    def __init__(self, made: Annotators) -> None:
        self._made = made
        self._team = made.settings.team()
        mine = made.settings.facts(self._team)
        if any(mine[key] != made.facts[key] for key in mine):
            raise OptionError(f"{platform.node()} has another mien or other models than the plan was made with")
        self._models = {
            modality: [f"{info.name} {info.version}" for info in self._team.infos(modality)]
            for modality in self._team.perceivers
        }

    def __call__(self, task: Task) -> Part:
        began, processor = time.time(), time.process_time()
        read = Read([], [])
        media = 0.0
        for item in task.shard.items:
            analysis, error = self._analysis(item)
            if analysis is not None:
                read.affects.extend(affect_rows(item, analysis, self._models))
                media += _media_seconds(analysis)
            read.files.append(file_row(item, analysis, error))
        sizes = write_shard(Path(self._made.out), task.shard.number, read, self._made.facts) if task.whole else ()
        worker = f"{platform.node()}:{os.getpid()}"
        times = (began, time.time(), time.process_time() - processor)
        report = report_of(task.shard, read, media, worker, times, sizes)
        return Part(report, None if task.whole else read)

    def _analysis(self, item: Item) -> tuple[Analysis | None, str | None]:
        try:
            material = open_source(_checked(item))
            return conclude(perceive_material(material, self._team, _silent), self._team, reasons=False), None
        except MienError as error:
            return None, " ".join(str(error).split())
        except Exception as error:  # one file must not stop a corpus, whatever it does to a decoder
            return None, f"an error of mien's own: {type(error).__name__}: {' '.join(str(error).split())}"


def report_of(
    shard: Shard, read: Read, media: float, worker: str, times: tuple[float, float, float], sizes: tuple[int, ...]
) -> Report:
    """Return the report of what was read."""
    failed = tuple((row["root"], row["source"], row["error"]) for row in read.files if row["error"] is not None)
    return Report(shard.number, len(shard.items), len(read.affects), failed, round(media, 3), worker, *times, sizes)


def shard_files(out: Path, number: int) -> tuple[Path, Path]:
    """Return the files of a shard: its affects and its files."""
    return out / "affects" / f"{number:06}.parquet", out / "files" / f"{number:06}.parquet"


def write_shard(out: Path, number: int, read: Read, facts: Mapping[str, Any]) -> tuple[int, ...]:
    """Write the rows of a shard, each file whole or not at all, and return their sizes in bytes.

    Raises:
        OutputError: They cannot be written.
    """
    paths = shard_files(out, number)
    about = {**facts, "shard": number}
    write_table(paths[1], read.files, FILES, about)
    write_table(paths[0], read.affects, AFFECTS, about)
    return tuple(path.stat().st_size for path in paths)


def _checked(item: Item) -> Path:
    if item.problem:
        raise InputError(item.problem)
    try:
        found = os.stat(item.place)
    except OSError:
        return item.place  # opening it will say why
    if (found.st_size, found.st_mtime_ns) != (item.size, item.modified):
        raise InputError("it changed since the plan was made; --fresh makes a new one")
    return item.place


def _media_seconds(analysis: Analysis) -> float:
    return (analysis.source.duration or 0.0) if analysis.source.kind in ("audio", "video") else 0.0


def _silent(done: float, total: float | None) -> None:
    """Take no notice of progress."""
