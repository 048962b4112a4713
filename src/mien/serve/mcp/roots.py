"""Which files an assistant may have analysed: those in given folders, links out of them refused."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mien.errors import InputError, OptionError
from mien.io import find_transcript

__all__ = ["Roots"]


class Roots:
    """Folders whose files may be read.

    Args:
        folders: The folders.

    Raises:
        OptionError: One of them does not exist, or is no folder.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(_real(folder) for folder in folders)

    def find(self, given: str) -> Path:
        """Return the real path of a file inside the folders; a relative path is looked for in each of them.

        Raises:
            InputError: The path leads out of the folders, or to nothing in them.
        """
        places = [Path(given)] if Path(given).is_absolute() else [folder / given for folder in self.folders]
        found = [_resolved(place) for place in places]
        inside = next((path for path in found if path is not None and self._holds(path)), None)
        if inside is None:
            # What is said of a path outside does not depend on whether something is there.
            named = not any(found) and any(self._holds(Path(os.path.normpath(place))) for place in places)
            where = "does not exist in" if named else "lies outside"
            raise InputError(f"{given} {where} the folders that may be read ({self._listed()})")
        if not inside.is_file():
            raise InputError(f"{given} is no file; one file is analysed at a time")
        self._check_transcript(given, inside)
        return inside

    def _check_transcript(self, given: str, path: Path) -> None:
        """A transcript beside a recording is read with it, so it must not lead elsewhere either."""
        beside = find_transcript(path)
        real = _resolved(beside) if beside is not None else None
        if real is not None and not self._holds(real):
            raise InputError(f"the transcript beside {given} is a link that leads out of the folders that may be read")

    def _holds(self, path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in self.folders)

    def _listed(self) -> str:
        return ", ".join(map(str, self.folders))


def _real(folder: Path) -> Path:
    if not folder.is_dir():
        raise OptionError(f"the root {folder} was given; it must be a folder that exists")
    return folder.resolve()


def _resolved(path: Path) -> Path | None:
    try:
        return path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
