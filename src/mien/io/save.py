"""Atomic writing: a file is there as a whole or not at all.

The bytes go to a temporary name in the same folder, reach the disk, and only then take the wanted name.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mien.errors import MienError, OutputError
from mien.io.paths import reason

__all__ = ["make_folder", "save_bytes", "save_text", "saving"]


@contextmanager
def saving(path: str | Path) -> Iterator[Path]:
    """Give a temporary path to write to; it takes the wanted name when the block ends well, else it goes away.

    Args:
        path: The file to be. Its folder must exist.

    Raises:
        OutputError: The place cannot be written.

    Example:
        >>> import tempfile
        >>> wanted = Path(tempfile.mkdtemp()) / "answer.txt"
        >>> with saving(wanted) as temporary:
        ...     _ = temporary.write_text("42")
        >>> wanted.read_text()
        '42'
    """
    wanted = _place(path)
    temporary = wanted.with_name(f".mien-{secrets.token_hex(8)}.tmp")
    try:
        yield temporary
        _to_disk(temporary)
        temporary.replace(wanted)
    except OSError as error:
        if isinstance(error, MienError):
            raise
        raise OutputError(f"{path} cannot be written: {reason(error)}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def save_bytes(path: str | Path, content: bytes) -> None:
    """Write bytes to a file, whole or not at all.

    Raises:
        OutputError: The place cannot be written.
    """
    with saving(path) as temporary:
        temporary.write_bytes(content)


def save_text(path: str | Path, content: str) -> None:
    """Write a text to a file as UTF-8 with its line breaks as they are, whole or not at all.

    Raises:
        OutputError: The place cannot be written.

    Example:
        >>> import tempfile
        >>> wanted = Path(tempfile.mkdtemp()) / "answer.txt"
        >>> save_text(wanted, "forty-two")
        >>> wanted.read_text()
        'forty-two'
    """
    save_bytes(path, content.encode("utf-8", errors="replace"))


def make_folder(path: str | Path) -> Path:
    """Make a folder, with those above it, unless it is there, and return it.

    Raises:
        OutputError: It cannot be made, or cannot be written into.
    """
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise OutputError(f"the folder {path} cannot be made: {reason(error)}") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise OutputError(f"the folder {path} cannot be written: permission denied")
    return path


def _place(path: str | Path) -> Path:
    """The file itself, past links, so that a link stays a link."""
    try:
        place = Path(path).resolve()
        obstacle = _obstacle(place)
    except (OSError, ValueError, RuntimeError) as error:
        raise OutputError(f"{path} cannot be written: {reason(error)}") from error
    if obstacle:
        raise OutputError(f"{path} cannot be written: {obstacle}")
    return place


def _obstacle(place: Path) -> str:
    if place.is_dir():
        return "it is a folder; give the name of a file"
    if not place.parent.is_dir():
        return f"the folder {place.parent} does not exist"
    if place.exists() and not place.is_file():
        return "it is a device; give the name of a file"
    if place.exists() and not os.access(place, os.W_OK):
        return "permission denied"
    return ""


def _to_disk(temporary: Path) -> None:
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
