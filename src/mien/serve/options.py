"""Options that several commands of this package share."""

from __future__ import annotations

import click

__all__ = ["models_option"]

models_option = click.option(
    "--model",
    "models",
    multiple=True,
    metavar="MODEL",
    help="A model's name or folder instead of the default one of its modality. Repeatable.",
)
"""The models that the operator names; clients choose none."""
