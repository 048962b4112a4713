"""``mien serve``: the page and the API on this machine."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from mien.errors import MissingExtraError, OptionError
from mien.serve.options import models_option
from mien.serve.settings import Limits, Settings, default_folder

__all__ = ["command"]

SHORTEST_TOKEN = 16
FOR_EVER = "for-ever"
HOUR = 3600.0
NAME = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:\d{1,5})?")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; others need a token.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes any free one.")
@click.option("--no-browser", is_flag=True, help="Do not open the page.")
@click.option("--token", envvar="MIEN_TOKEN", help="What clients must know; also from MIEN_TOKEN.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of jobs and results.")
@click.option(
    "--keep", default="24", show_default=True, metavar="HOURS", help="How long results are kept, or for-ever."
)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that analyse.")
@models_option
@click.option("--allow-host", multiple=True, metavar="NAME", help="A further name by which clients call the server.")
@click.option("--max-upload", type=click.IntRange(1), default=2048, show_default=True, help="Largest upload, in MiB.")
@click.option("--max-hours", type=click.FloatRange(0.01), default=4, show_default=True, help="Longest recording.")
@click.option("--max-waiting", type=click.IntRange(1), default=100, show_default=True, help="Most jobs that wait.")
def command(no_browser: bool, **options: Any) -> int:
    """Serve the page and the API until Ctrl-C.

    Everything stays on this machine. Files that are sent, and results, are kept in the data folder and deleted after
    the hours of --keep.
    """
    settings = _settings(options)
    try:
        from mien.serve.server import address, serve
    except ImportError as error:
        if (error.name or "").startswith("mien"):
            raise
        raise MissingExtraError("mien serve", "serve") from error

    def started(real: Settings) -> None:
        click.echo(f"mien serves at {address(real)} and keeps its data in {real.data}; Ctrl-C ends it")
        if not no_browser:
            click.launch(address(real))

    serve(settings, started=started)
    return 0


def _settings(options: dict[str, Any]) -> Settings:
    from mien.agent import settle

    for name in options["allow_host"]:
        if not NAME.fullmatch(name):
            raise OptionError(f"--allow-host {name!r} is no name; allowed: a name or address, with a port or without")
    return Settings(
        data=options["data"] or default_folder(),
        host=options["host"].strip("[]"),
        port=options["port"],
        token=_token(options["host"], options["token"]),
        keep=_keep(options["keep"]),
        workers=options["workers"],
        allow_hosts=tuple(options["allow_host"]),
        models=settle(options["models"]),
        limits=replace(
            Limits(),
            upload_bytes=options["max_upload"] * 2**20,
            duration=options["max_hours"] * HOUR,
            waiting=options["max_waiting"],
        ),
    )


def _token(host: str, given: str | None) -> str | None:
    from mien.serve.addresses import is_loopback

    if is_loopback(host):
        return given or None
    if not given:
        raise OptionError(
            f"at {host} others can reach the server, so it needs --token or MIEN_TOKEN; 127.0.0.1 needs none"
        )
    if len(given) < SHORTEST_TOKEN:
        raise OptionError(f"the token has {len(given)} characters; it needs {SHORTEST_TOKEN} or more")
    return given


def _keep(given: str) -> float | None:
    if given.strip().lower() == FOR_EVER:
        return None
    try:
        hours = float(given)
    except ValueError:
        hours = math.nan
    if not (math.isfinite(hours) and hours > 0):
        raise OptionError(f"--keep {given!r} was given; allowed: a number of hours above 0, or {FOR_EVER}")
    return hours * HOUR
