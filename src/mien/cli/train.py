"""``mien train``: a table of own labels in, a model folder out."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from mien.registry import names
from mien.runtime.card import LINES

__all__ = ["command"]

INTERRUPTED_STATUS = 130


@click.command("train")
@click.argument("modality", type=click.Choice(names("trainer")))
@click.argument("labels", type=click.Path(path_type=Path), metavar="LABELS.csv")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder for the model; it must not be there."
)
@click.option("--base", metavar="MODEL", help="Model that is built on, a name or a folder; by default our own.")
@click.option("--head", "way", flag_value="head", help="Fit a head alone: the way for few rows, and for speech.")
@click.option("--upper", "way", flag_value="upper", help="Text: train copies of the last two blocks, too.")
@click.option("--full", "way", flag_value="full", help="Text: train the whole encoder; minutes, nothing else stays.")
@click.option("--line", type=click.Choice(LINES), default="open", help="research: your data allow no commercial use.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the parts that are left out in turn.")
def command(  # noqa: PLR0913, PLR0917 - one per option of the command
    modality: str, labels: Path, out: Path, base: str | None, way: str | None, line: str, seed: int
) -> int:
    """Learn the labels of LABELS.csv and write a model that --model takes.

    The table has a header with the columns text, or for speech file (a recording, its path relative to the table) and
    perhaps start and end in seconds; and label or valence, arousal, dominance (from -1 to 1), and perhaps speaker. The
    scores that are told are of rows that were left out; with speakers, of speakers who were. For speech a head is
    trained; for text upper blocks of the encoder from 1,000 rows on, below that a head alone, unless an option says
    otherwise. Speech, and text with --full, goes on where it was cut off when it is started again. Needs the extra
    `learn`.
    """
    from mien.learn.own import train

    console = Console(stderr=True)

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    try:
        report = train(modality, labels, out, base=base, way=way or "auto", line=line, seed=seed, say=say)
    except KeyboardInterrupt:  # what becomes of the work was told
        return INTERRUPTED_STATUS
    for row in report.scores:
        say(f"{row.metric} {row.value:.3f} ({row.low:.3f} to {row.high:.3f}) on {row.note}")
    click.echo(f"{report.folder} was written in {report.seconds:.0f} s; use it with --model {report.folder}")
    return 0
