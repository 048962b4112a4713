"""The folder of an annotated corpus: its plan, which shards are done, and that only one run writes to it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mien.agent.annotate.plan import Plan
from mien.agent.annotate.table import ERRORS, write_table
from mien.agent.annotate.work import Report, shard_files
from mien.errors import OptionError, OutputError
from mien.io import make_folder, save_text
from mien.io.paths import reason

__all__ = ["Folder"]

PLAN, MANIFEST, PROBLEMS, LOCK = "plan.jsonl", "manifest.jsonl", "errors.parquet", ".mien-lock"
TABLES = ("affects", "files")


class Folder:
    """Where a run writes to.

    `plan.jsonl` says which file goes into which shard; `affects/` and `files/` hold the shards; `manifest.jsonl` has a
    line for each shard that is done, in the order in which they were; `errors.parquet` lists what could not be read.

    Args:
        path: The folder; it is made if need be.

    Raises:
        OutputError: It cannot be made or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = make_folder(path).resolve()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs out of the folder; a run that is killed holds nothing.

        Raises:
            OutputError: Another run writes to it.
        """
        with (self.path / LOCK).open("ab") as stream:
            try:
                _lock(stream.fileno())
            except OSError as error:
                raise OutputError(f"another run writes to {self.path}; wait for it, or give another --out") from error
            yield

    def plan(self, facts: Mapping[str, Any]) -> Plan | None:
        """Return the plan that the folder was begun with, if there is one.

        Raises:
            OptionError: It was begun with other files, options or models.
            OutputError: The plan cannot be read, or the folder holds shards without one.
        """
        path = self.path / PLAN
        if not path.exists():
            if any(self._shards()):
                raise OutputError(f"{self.path} holds shards without a plan; --fresh removes them")
            return None
        plan = Plan.load(path)
        changed = [key for key in facts if _comparable(facts[key]) != _comparable(plan.facts.get(key))]
        if changed:
            said = "; ".join(f"{key}: {_told(plan.facts.get(key), facts[key])}" for key in changed)
            raise OptionError(
                f"{self.path} was begun in another way ({said}); give what it was begun with, or --fresh to begin anew"
            )
        return plan

    def begin(self, plan: Plan) -> None:
        """Write the plan of a new run.

        Raises:
            OutputError: It cannot be written.
        """
        plan.save(self.path / PLAN)

    def clear(self) -> None:
        """Remove what earlier runs wrote, and nothing else.

        Raises:
            OutputError: A file cannot be removed.
        """
        try:
            # The plan last: shards without one are told from those of another program.
            for path in (*self._shards(), *(self.path / name for name in (PROBLEMS, MANIFEST, PLAN))):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{error.filename} cannot be removed: {reason(error)}") from error

    def resume(self, plan: Plan) -> list[Report]:
        """Return the shards that earlier runs of the plan finished, and drop what they left half done.

        Raises:
            OutputError: The manifest cannot be written.
        """
        for table in TABLES:
            for left in make_folder(self.path / table).glob(".mien-*.tmp"):
                with suppress(OSError):
                    left.unlink()
        done = {report.shard: report for report in self._noted(plan) if self._whole(report)}
        # Written anew, as a run that was killed may have left half a line.
        save_text(self.path / MANIFEST, "".join(_line(plan, report) for report in done.values()))
        return list(done.values())

    def note(self, plan: Plan, report: Report) -> None:
        """Add a finished shard to the manifest.

        Raises:
            OutputError: It cannot be written, or this machine does not see what the worker wrote.
        """
        if not self._whole(report):
            raise OutputError(
                f"{report.worker} wrote a shard to {self.path}, which is not seen here; --out must be a folder that "
                "every machine shares"
            )
        try:
            with (self.path / MANIFEST).open("a", encoding="utf-8") as stream:
                stream.write(_line(plan, report))
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise OutputError(f"{self.path / MANIFEST} cannot be written: {reason(error)}") from error

    def list_errors(self, plan: Plan, reports: Sequence[Report]) -> None:
        """Write the table of the files that could not be read.

        Raises:
            OutputError: It cannot be written.
        """
        rows = [dict(zip(ERRORS, failed, strict=True)) for report in reports for failed in report.failed]
        rows.sort(key=lambda row: (row["root"], row["path"]))
        write_table(self.path / PROBLEMS, rows, ERRORS, plan.facts)

    def _shards(self) -> Iterator[Path]:
        for table in TABLES:
            yield from (self.path / table).glob("[0-9]*.parquet")

    def _noted(self, plan: Plan) -> Iterator[Report]:
        try:
            lines = (self.path / MANIFEST).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return
        for line in lines:
            with suppress(ValueError, TypeError, AttributeError):
                entry = json.loads(line)
                if entry.pop("plan") == plan.id:
                    entry.update(failed=tuple(map(tuple, entry["failed"])), sizes=tuple(entry["sizes"]))
                    yield Report(**entry)

    def _whole(self, report: Report) -> bool:
        paths = shard_files(self.path, report.shard)
        try:
            return tuple(path.stat().st_size for path in paths) == report.sizes
        except OSError:
            return False


def _line(plan: Plan, report: Report) -> str:
    return f"{json.dumps({'plan': plan.id, **asdict(report)})}\n"


def _comparable(value: Any) -> Any:
    """What a value is once it went through JSON."""
    return json.loads(json.dumps(value))


def _told(before: Any, now: Any) -> str:
    """Say what differs; models are named, not described."""
    if isinstance(before, dict) and isinstance(now, dict):
        return ", ".join(f"{key} {before.get(key)!r}, now {now[key]!r}" for key in now if before.get(key) != now[key])
    if isinstance(before, list) and before and isinstance(before[0], dict):
        return "they are others now"
    return f"{before!r}, now {now!r}"


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:
        return  # not on Windows, where nobody keeps a second run out
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
