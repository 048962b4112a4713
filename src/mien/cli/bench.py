"""``mien bench``: measure a model on a corpus."""

from __future__ import annotations

import json

import click

from mien.bench import Result, Task, evaluate
from mien.registry import find, names
from mien.runtime import find_assets, find_fitting

__all__ = ["command"]


@click.command("bench")
@click.argument("tasks", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, values as fractions.")
@click.option("--model", help="Measure this model (a name or a folder) instead of the task's own.")
@click.option("--list", "list_tasks", is_flag=True, help="List the tasks and stop.")
def command(tasks: tuple[str, ...], as_json: bool, model: str | None, list_tasks: bool) -> None:
    """Measure a model on the corpora of TASKS, such as text/goemotions; by default on all whose model is installed."""
    known = names("task")
    if list_tasks:
        for name in known:
            click.echo(f"{name}: {find('task', name).summary}")
        return
    installed = find_assets()
    every = [find("task", name) for name in tasks or known]
    wanted = every if tasks or model else [task for task in every if task.model in installed]
    if model:
        for task in wanted:
            _check_kind(task, model)
    for task in wanted:
        result = evaluate(task, model=model)
        click.echo(json.dumps(result.as_dict()) if as_json else _lines(result))


def _check_kind(task: Task, model: str) -> None:
    """Refuse a model of another kind than the task's own before its corpus is read."""
    own = find_assets().get(task.model)
    affect = own is None or bool(own.info.taxonomies)
    find_fitting(model, modality=task.name.partition("/")[0], taker=task.name, affect=affect)


def _lines(result: Result) -> str:
    rows = [
        f"  {name} {metric.value:.3f} ({metric.low:.3f} to {metric.high:.3f})"
        for name, metric in result.metrics.items()
    ]
    return "\n".join([f"{result.task} with {result.model}: n = {result.n}, {result.seconds:.1f} s", *rows])
