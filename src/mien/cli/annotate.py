"""``mien annotate``: whole corpora into Parquet shards, on this machine or on Ray."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from mien.agent.annotate import Settings, Tally, annotate_all
from mien.cli.options import models_option
from mien.errors import OptionError
from mien.registry import build
from mien.scale import Mapper

__all__ = ["command"]

FAILED_STATUS = 2
INTERRUPTED_STATUS = 130
ENGINES = {"local": "process", "ray": "ray"}
PAUSE = 60.0
"""Seconds between two lines about progress where no bar can be drawn."""


@click.command("annotate")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the tables.")
@click.option("--engine", type=click.Choice(list(ENGINES)), default="local", help="Processes here, or Ray.")
@click.option("--address", help="A Ray cluster, such as 10.0.0.1:6379; by default Ray is started here.")
@click.option("--workers", type=int, help="How many at once; by default one per processor.")
@click.option("--modalities", help="Among text, speech, face; by default all that a file holds.")
@models_option
@click.option("--open-only", is_flag=True, help="Leave out models whose training data allow no commercial use.")
@click.option("--shard-size", type=int, default=256, help="Most files a shard has; by default 256.")
@click.option("--fresh", is_flag=True, help="Remove what an earlier run left in the folder, and begin anew.")
def command(  # noqa: PLR0913, PLR0917 - one per option of the command
    paths: tuple[str, ...],
    out: Path,
    engine: str,
    address: str | None,
    workers: int | None,
    modalities: str | None,
    models: tuple[str, ...],
    open_only: bool,
    shard_size: int,
    fresh: bool,
) -> int:
    """Turn the files of each PATH (a folder, or a file) into Parquet tables with one row per affect.

    OUT/affects holds the rows, OUT/files one row per file, OUT/errors.parquet what could not be read and why. A run
    that was cut off goes on when it is started again in the same way. Needs the extra `tables`, on Ray also `cluster`.
    """
    settings = Settings(_listed(modalities), open_only, shard_size, models)
    tallies = annotate_all(paths, out, _mapper(engine, address, workers), settings=settings, fresh=fresh)
    return _follow(tallies, out, Console(stderr=True))


def _listed(given: str | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(name.strip() for name in given.split(","))


def _mapper(engine: str, address: str | None, workers: int | None) -> Mapper:
    if engine == "local" and address is not None:
        raise OptionError(f"the address {address!r} was given to the local engine; allowed: --engine ray with it")
    options = {"workers": workers, **({"address": address} if engine == "ray" else {})}
    mapper: Mapper = build("mapper", ENGINES[engine], **options)
    return mapper


def _follow(tallies: Iterator[Tally], out: Path, console: Console) -> int:
    watch = _Watch(console)
    try:
        with watch.bar:
            for tally in tallies:
                watch.show(tally)
    except KeyboardInterrupt:
        # What is said here is kept by the shards that are there; the rest is read when the command is run again.
        console.print(f"interrupted: {watch.done()}; the same command goes on from here", markup=False)
        return INTERRUPTED_STATUS
    watch.close(out)
    return FAILED_STATUS if watch.tally is not None and watch.tally.count("failed") else 0


class _Watch:
    """Shows how far a run is, and how fast."""

    def __init__(self, console: Console) -> None:
        self.tally: Tally | None = None
        self._console = console
        self._began = self._told = time.monotonic()
        self.bar = Progress(
            SpinnerColumn(),
            BarColumn(),
            TextColumn("{task.description}", markup=False),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self.bar.add_task("starting", total=None)

    def show(self, tally: Tally) -> None:
        if self.tally is None and tally.n_before:
            self._say(f"{tally.n_before} of {tally.n_shards} shards were done before; going on")
        self.tally = tally
        done = tally.count("items")
        self.bar.update(self._task, total=tally.n_items, completed=done, description=f"{self.done()}; {self._speed()}")
        if not self._console.is_terminal and time.monotonic() - self._told > PAUSE:
            self._told = time.monotonic()
            self._say(f"{self.done()}; {self._speed()}")

    def done(self) -> str:
        """Say how far the run is."""
        if self.tally is None:
            return "nothing is done yet"
        return f"{self.tally.count('items'):,} of {self.tally.n_items:,} files"

    def close(self, out: Path) -> None:
        """Say what was done, and where it is."""
        if self.tally is None:
            return
        failed = int(self.tally.count("failed"))
        speed = f"; {self._speed()}" if self.tally.count("items", now=True) else ""
        self._say(f"{self.done()}, {self.tally.count('affects'):,} affects in {out / 'affects'}{speed}")
        if failed:
            self._say(f"{failed:,} could not be read; the reasons are in {out / 'errors.parquet'}")

    def _speed(self) -> str:
        if self.tally is None:
            return ""
        seconds = max(time.monotonic() - self._began, 1e-3)
        items, media = self.tally.count("items", now=True), self.tally.count("media_seconds", now=True)
        return f"{items / seconds:.1f} files/s, {media / seconds:.1f} s of recordings/s"

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
