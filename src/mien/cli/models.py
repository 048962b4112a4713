"""``mien models``: what is installed, on which line, with which scores."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from mien.runtime import ModelInfo, find_assets

__all__ = ["command"]


@click.command("models")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with the whole card.")
def command(as_json: bool) -> None:
    """List the models, their licences and scores."""
    infos = [asset.info for asset in find_assets().values()]
    if as_json:
        for info in infos:
            click.echo(json.dumps(_plain(asdict(info)), ensure_ascii=False))
        return
    _table(infos)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _table(infos: list[ModelInfo]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("model", "version", "line", "licence", "MB", "scores", box=None, pad_edge=False)
    for info in infos:
        megabytes = sum(item.bytes for item in info.files) / 1e6
        scores = ", ".join(f"{row.task} {row.metric} {row.value:.3f}" for row in info.scores if not row.note)
        table.add_row(info.name, info.version, info.line, info.licence, f"{megabytes:.1f}", scores)
    Console(soft_wrap=False).print(table)
