"""``mien mcp``: the tools of mien for assistants, over standard input and output."""

from __future__ import annotations

from pathlib import Path

import click

from mien.errors import MissingExtraError
from mien.serve.mcp.roots import Roots
from mien.serve.options import models_option

__all__ = ["command"]


@click.command("mcp")
@click.option(
    "--root",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="A folder whose files may be analysed; repeatable.  [default: the current folder]",
)
@models_option
@click.option("--open-only", is_flag=True, help="Leave out models whose training data allow no commercial use.")
def command(folders: tuple[Path, ...], models: tuple[str, ...], open_only: bool) -> None:
    """Serve the tools of mien to an assistant (Model Context Protocol).

    It is started by the assistant's program, which speaks with it over standard input and output. Files outside the
    given folders are refused, and nothing is fetched or sent.
    """
    roots = Roots(folders or (Path.cwd(),))
    try:
        from mien.agent import settle
        from mien.serve.mcp.server import make_server
    except ImportError as error:
        raise MissingExtraError("mien mcp", "serve") from error
    make_server(roots, models=settle(models), open_only=open_only).run("stdio")
