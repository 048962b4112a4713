"""``mien studies``: what each mechanism is worth, with it and without it."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path

import click

from mien.bench.study import Finding, Study, read_studies
from mien.bench.trial import run_study
from mien.errors import MissingExtraError, UnknownNameError

__all__ = ["command"]


@click.command("studies")
@click.argument("names", nargs=-1)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("studies"),
    show_default=True,
    help="Where the studies lie: folders with a study.toml.",
)
@click.option("--run", "run", is_flag=True, help="Run the studies that are named, or those that have no result yet.")
@click.option(
    "--kept",
    type=click.Path(path_type=Path),
    default=Path("build/studies"),
    show_default=True,
    help="Where what has run is kept, so that an interrupted study goes on.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(names: tuple[str, ...], folder: Path, run: bool, kept: Path, as_json: bool) -> None:
    """Show the studies NAMES, by default all: scores without and with, and the difference."""
    studies = _chosen(read_studies(folder), names)
    if run:
        _run([study for study in studies if names or study.finding() is None], kept)
    for study in studies:
        finding = study.finding()
        click.echo(_object(study, finding) if as_json else _lines(study, finding))


def _chosen(studies: list[Study], names: tuple[str, ...]) -> list[Study]:
    known = {study.name: study for study in studies}
    for name in names:
        if name not in known:
            raise UnknownNameError("study", name, known)
    return [known[name] for name in names] if names else studies


def _run(studies: list[Study], kept: Path) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        for study in studies:
            run_study(study, kept)
    except ModuleNotFoundError as error:
        raise MissingExtraError(f"training ({error.name})", "learn") from error


def _object(study: Study, finding: Finding | None) -> str:
    found = None if finding is None else {**asdict(finding), "verdict": finding.verdict}
    return json.dumps({"study": study.name, "summary": study.summary, "found": found})


def _lines(study: Study, finding: Finding | None) -> str:
    if finding is None:
        return f"{study.name}: {study.summary}\n  not run yet"
    means = [sum(scores) / len(scores) for scores in (finding.without, finding.with_)]
    gap = finding.difference
    return (
        f"{study.name}: {study.summary}\n  {finding.metric} without {means[0]:.3f}, with {means[1]:.3f}, "
        f"difference {gap.value:+.3f} ({gap.low:+.3f} to {gap.high:+.3f}), n = {finding.n}, "
        f"{len(finding.with_)} seeds: {finding.verdict}"
    )
