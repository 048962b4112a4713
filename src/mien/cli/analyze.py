"""``mien analyze``: sources in, one timeline of affect per person out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeRemainingColumn

from mien.agent import Outcome, analyze_all, choose
from mien.agent.batch import check_formats
from mien.cli.options import models_option
from mien.errors import OptionError, UnknownNameError
from mien.explain import summary
from mien.io import Entry, read_tracks
from mien.io import sources as walk
from mien.io.exports import FORMATS

__all__ = ["command"]

FAILED_STATUS = 2
INTERRUPTED_STATUS = 130


TRACKS, PERSONS = "mien.tracks", "mien.persons"


def _noted(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> None:
    """Keep the values of an option in the context."""
    context.meta[TRACKS if parameter.name == "tracks" else PERSONS] = value


_tracks_option = click.option(
    "--tracks",
    multiple=True,
    expose_value=False,
    callback=_noted,
    metavar="FILE",
    help="Fuse what another tool found in the one SOURCE: EmotionML, ELAN, TextGrid, OpenFace, audformat. Repeatable.",
)
_person_option = click.option(
    "--person",
    multiple=True,
    expose_value=False,
    callback=_noted,
    metavar="THEIRS=OURS",
    help="Who a person of --tracks is, such as openface-0=face-1; by default those of one name are one. Repeatable.",
)


@click.command("analyze")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--out", type=click.Path(path_type=Path), default=Path("mien-out"), help="Folder for the results.")
@click.option("--formats", default="json,html", help=f"Among {', '.join(FORMATS)}; by default json,html.")
@click.option("--modalities", help="Among text, speech, face; by default all that a source holds.")
@models_option
@click.option("--open-only", is_flag=True, help="Leave out models whose training data allow no commercial use.")
@click.option("--resume", is_flag=True, help="Skip what an earlier run into the same folder has finished.")
@_tracks_option
@_person_option
def command(  # noqa: PLR0913, PLR0917 - one per option of the command
    sources: tuple[str, ...],
    out: Path,
    formats: str,
    modalities: str | None,
    models: tuple[str, ...],
    open_only: bool,
    resume: bool,
) -> int:
    """Turn each SOURCE (a file, or a folder with files) into one timeline of affect per person.

    Texts (.txt, .md, - for standard input), chat logs (.csv, .jsonl), transcripts (.srt, .vtt), recordings,
    photographs and videos are read; a transcript beside a recording is used as its text.
    """
    wanted = _listed(formats)
    check_formats(wanted)
    wanted_modalities = _listed(modalities) if modalities is not None else None
    team = choose(wanted_modalities, models=models, open_only=open_only)
    console = Console(stderr=True)
    entries = _with_tracks(walk(sources), console)
    files = [entry for entry in entries if entry.problem is None]
    outcomes = [Outcome(entry.path, error=str(entry.problem)) for entry in entries if entry.problem is not None]
    for outcome in outcomes:
        _report(console, outcome)
    with _bar(console) as bar:
        try:
            for outcome in analyze_all(files, team, out, formats=wanted, resume=resume, progress=_follow(bar)):
                outcomes.append(outcome)
                _report(console, outcome)
        except KeyboardInterrupt:
            done = sum(outcome.error is None for outcome in outcomes)
            told = f"interrupted: {done} of {len(files)} done and kept in {out}; --resume goes on from here"
            console.print(told, markup=False)
            return INTERRUPTED_STATUS
    return _close(console, outcomes, out)


def _with_tracks(entries: list[Entry], console: Console) -> list[Entry]:
    """Return the entries, the only one with the tracks that ``--tracks`` names."""
    meta = click.get_current_context().meta
    if not meta[TRACKS]:
        return entries
    if len(entries) != 1:
        raise OptionError(f"--tracks was given for {len(entries)} sources; give it with one, whose tracks they are")
    names = dict(map(_renaming, meta[PERSONS]))
    told: list[str] = []
    tracks = [track for path in meta[TRACKS] for track in read_tracks(path, warn=told.append)]
    for sentence in told:
        console.print(f"note: {sentence}", markup=False, highlight=False, soft_wrap=True)
    renamed = tuple(replace(track, person=names.get(track.person, track.person)) for track in tracks)
    if unknown := names.keys() - {track.person for track in tracks}:
        raise UnknownNameError("person of the tracks", sorted(unknown)[0], {track.person for track in tracks})
    return [replace(entries[0], tracks=renamed)]


def _renaming(given: str) -> tuple[str, str]:
    theirs, equals, ours = given.partition("=")
    if not (theirs and equals and ours):
        raise OptionError(f"--person was given {given!r}; allowed: THEIRS=OURS, such as openface-0=face-1")
    return theirs, ours


def _listed(given: str) -> list[str]:
    return [name.strip() for name in given.split(",")]


def _bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _follow(bar: Progress) -> Callable[[Path], Callable[[float, float | None], None]]:
    def follow(source: Path) -> Callable[[float, float | None], None]:
        for earlier in bar.task_ids:
            bar.remove_task(earlier)
        task: TaskID = bar.add_task(source.name, total=None)
        return lambda done, total: bar.update(task, completed=done, total=total)

    return follow


def _report(console: Console, outcome: Outcome) -> None:
    if outcome.error is not None:
        click.echo(f"mien: {' '.join(outcome.error.split())}", err=True)
    elif outcome.skipped:
        console.print(f"{outcome.source}: done before", markup=False, highlight=False)
    elif outcome.analysis is not None:
        first, *lines = summary(outcome.analysis)
        console.print(first, markup=False, highlight=False, style="bold", soft_wrap=True)
        for line in lines:
            console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


def _close(console: Console, outcomes: list[Outcome], out: Path) -> int:
    failed = [outcome for outcome in outcomes if outcome.error is not None]
    if len(outcomes) > 1 or not failed:
        done = len(outcomes) - len(failed)
        console.print(f"{done} of {len(outcomes)} analysed into {out}", markup=False, highlight=False)
    return FAILED_STATUS if failed else 0
