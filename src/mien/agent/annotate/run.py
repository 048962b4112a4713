"""From a corpus to its tables: plan, hand out shards, note what is done, go on where a run was cut off."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mien.agent.annotate.folder import Folder
from mien.agent.annotate.plan import Item, Plan, Shard, cut, find_items
from mien.agent.annotate.settings import Settings
from mien.agent.annotate.table import arrow, file_row
from mien.agent.annotate.work import Annotators, Part, Read, Report, Task, report_of, write_shard
from mien.errors import OutputError
from mien.scale import Mapper

__all__ = ["Tally", "annotate_all"]

COUNTED = ("items", "affects", "failed", "media_seconds")


class Tally:
    """How far a run is.

    Args:
        plan: The plan of the run.
        before: The shards that earlier runs had done.
    """

    def __init__(self, plan: Plan, before: Sequence[Report]) -> None:
        self.n_shards = len(plan.shards)
        self.n_items = plan.n_items
        self.n_before = len(before)
        self.reports: list[Report] = []
        # Sums that grow: a large corpus has too many shards to add them up anew for each.
        self._sums: Counter[str] = Counter()
        for report in before:
            self.add(report)
        self._before = Counter(self._sums)

    def add(self, report: Report) -> None:
        """Count one more shard as done."""
        self.reports.append(report)
        for name in COUNTED:
            value = getattr(report, name)
            self._sums[name] += len(value) if isinstance(value, tuple) else value

    def count(self, name: str, *, now: bool = False) -> float:
        """Return the sum of a field of the reports: items, affects, media_seconds, or failed (how many files).

        Args:
            name: The field.
            now: Only what this run did.
        """
        return self._sums[name] - (self._before[name] if now else 0)


def annotate_all(
    given: Sequence[str | Path], out: Path, mapper: Mapper, *, settings: Settings | None = None, fresh: bool = False
) -> Iterator[Tally]:
    """Annotate the files of folders into Parquet shards, one row an affect.

    The same files and settings give the same rows, whatever the mapper. A run that was cut off at any moment goes on
    when it is started again with the same arguments; files that came later are not in its plan.

    Args:
        given: Paths of files and folders.
        out: The folder for the results; on a cluster, one that all machines share.
        mapper: Where the work is done.
        settings: The options.
        fresh: Remove what an earlier run left in the folder, and begin anew.

    Yields:
        How far the run is: at its start, and whenever a shard is done.

    Raises:
        MissingExtraError: pyarrow is not installed.
        InputError: A path does not exist, or nothing is found.
        OptionError: The folder was begun with other files, options or models.
        OutputError: The folder cannot be written, or another run writes to it.
    """
    arrow()
    settings = settings or Settings()
    facts = {**settings.facts(settings.team()), "given": sorted({os.path.realpath(path) for path in given})}
    folder = Folder(out)
    with folder.held():
        plan = _planned(folder, given, facts, settings, fresh=fresh)
        tally = Tally(plan, folder.resume(plan))
        yield tally
        done = {report.shard for report in tally.reports}
        # The largest first, so that no worker is left alone with one at the end.
        tasks = [Task(shard) for shard in sorted(plan.shards, key=_weight) if shard.number not in done]
        try:
            for report in _reports(tasks, Annotators(settings, plan.facts, str(folder.path)), mapper):
                folder.note(plan, report)
                tally.add(report)
                yield tally
        finally:
            folder.list_errors(plan, tally.reports)


def _planned(
    folder: Folder, given: Sequence[str | Path], facts: dict[str, Any], settings: Settings, *, fresh: bool
) -> Plan:
    if fresh:
        folder.clear()
    plan = folder.plan(facts)
    if plan is None:
        items = find_items(given, leave_out=folder.path)
        roots = sorted({item.root for item in items})
        plan = Plan({**facts, "roots": roots}, cut(items, most=settings.shard_size))
        folder.begin(plan)
    return plan


def _weight(shard: Shard) -> tuple[int, int]:
    return -shard.size, shard.number


def _reports(tasks: Sequence[Task], maker: Annotators, mapper: Mapper) -> Iterator[Report]:
    """Yield the reports of shards; one that kills its workers is read file by file, to keep the others of it."""
    deadly = []
    for outcome in mapper.map(maker, tasks):
        if outcome.died:
            deadly.append(tasks[outcome.index].shard)
        else:
            yield _part(outcome.result, outcome.error).report
    if deadly:
        yield from _one_by_one(deadly, maker, mapper)


def _one_by_one(shards: Sequence[Shard], maker: Annotators, mapper: Mapper) -> Iterator[Report]:
    singles = [Task(Shard(shard.number, (item,)), whole=False) for shard in shards for item in shard.items]
    parts: dict[Item, Part] = {}
    for outcome in mapper.map(maker, singles):
        shard = singles[outcome.index].shard
        if outcome.died:
            read = Read([], [file_row(shard.items[0], None, f"it cannot be read: {outcome.error}")])
            parts[shard.items[0]] = Part(report_of(shard, read, 0.0, "", (time.time(), time.time(), 0.0), ()), read)
        else:
            parts[shard.items[0]] = _part(outcome.result, outcome.error)
    for shard in shards:
        yield _joined(shard, [parts[item] for item in shard.items], maker)


def _joined(shard: Shard, parts: Sequence[Part], maker: Annotators) -> Report:
    """Write a shard from the rows of its files."""
    read, reports = Read([], []), [part.report for part in parts]
    for part in parts:
        if part.read is not None:
            read.affects.extend(part.read.affects)
            read.files.extend(part.read.files)
    sizes = write_shard(Path(maker.out), shard.number, read, maker.facts)
    times = (
        min(report.began for report in reports),
        max(report.ended for report in reports),
        sum(report.processor for report in reports),
    )
    return report_of(shard, read, sum(report.media_seconds for report in reports), "one file at a time", times, sizes)


def _part(part: Part | None, error: str | None) -> Part:
    if part is None:
        raise OutputError(f"the work cannot go on: {error}")
    return part
