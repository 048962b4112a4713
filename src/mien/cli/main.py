"""The command ``mien``: its groups, and what a user sees of an error."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

import mien
from mien.errors import MienError

__all__ = ["app", "main"]

COMMANDS = {
    "analyze": "Turn text, speech, pictures and video into one timeline of affect per person.",
    "perceive": "Read affect item by item, one JSON line each.",
    "annotate": "Turn whole corpora into Parquet tables, here or on Ray.",
    "live": "Show what voices and faces seem to express, while it happens.",
    "words": "Say what words for emotions mean.",
    "measure": "Measure voices without a model: pitch, jitter, shimmer, noise, rate and pauses.",
    "models": "List the models, their licences and scores.",
    "doctor": "Say what works on this machine.",
    "train": "Learn your own labels from a table.",
    "bench": "Measure a model on a corpus.",
    "studies": "Show what each published mechanism is worth here, with and without.",
    "serve": "Serve the page and the API on this machine.",
    "mcp": "Serve the tools of mien to an assistant (Model Context Protocol).",
}
ELSEWHERE: dict[str, str] = {
    "serve": "mien.serve.command:command",
    "mcp": "mien.serve.mcp.command:command",
}
"""Commands of packages that this one does not know: name to ``"module:attribute"``."""

USAGE_STATUS = 2
INTERRUPTED_STATUS = 130


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that ``mien --help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = ELSEWHERE.get(cmd_name, f"mien.cli.{cmd_name}:command").partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(mien.__version__, prog_name="mien")
def app() -> None:
    """Perceive emotion in text, speech and faces, offline."""


def main() -> None:
    """Run the command; a wrong input ends in one sentence and exit status 2."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command with these arguments and return its exit status."""
    status = USAGE_STATUS
    try:
        return _run(arguments)
    except (click.exceptions.Abort, KeyboardInterrupt):
        message, status = "interrupted", INTERRUPTED_STATUS
    except click.ClickException as error:
        message = error.format_message()
    except MienError as error:
        message = str(error)
    except (BrokenPipeError, SystemExit):
        # The reader of our output has gone (`mien models | head`); leaving quietly is what it expects. click tells of
        # it by a SystemExit, which nothing else here raises.
        _forget_output()
        return 0
    except OSError as error:
        _forget_output()
        message = f"the output cannot be written: {error.strerror}"
    click.echo(f"mien: {' '.join(message.split())}", err=True)
    return status


def _run(arguments: list[str]) -> int:
    try:
        status = int(app.main(arguments, prog_name="mien", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        status = 0
    sys.stdout.flush()
    return status


def _forget_output() -> None:
    """Let what still waits to be written go nowhere, so that the end of the program does not fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
