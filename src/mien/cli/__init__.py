"""The command ``mien``."""

from mien.cli.main import main

__all__ = ["main"]
