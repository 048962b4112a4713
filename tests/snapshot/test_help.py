"""What ``mien --help`` says, changed only on purpose: rewrite the files with ``python tests/snapshot/test_help.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mien.cli.main import COMMANDS, app

FOLDER = Path(__file__).parent
PAGES = ["", *COMMANDS]


def page(command: str) -> str:
    import click

    context = app.make_context("mien", [], resilient_parsing=True, terminal_width=100)
    if not command:
        return app.get_help(context) + "\n"
    found = app.get_command(context, command)
    assert found is not None
    return found.get_help(click.Context(found, info_name=command, parent=context, terminal_width=100)) + "\n"


def path_of(command: str) -> Path:
    return FOLDER / f"help-{command or 'mien'}.txt"


@pytest.mark.parametrize("command", PAGES, ids=lambda command: command or "mien")
def test_help(command: str) -> None:
    assert page(command) == path_of(command).read_text(encoding="utf-8")


if __name__ == "__main__":
    for name in PAGES:
        path_of(name).write_text(page(name), encoding="utf-8")
        sys.stdout.write(f"{path_of(name)}\n")
