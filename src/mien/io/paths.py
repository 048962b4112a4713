"""Whether a path can be read at all, told in one sentence where it cannot."""

from __future__ import annotations

from pathlib import Path

from mien.errors import InputError

__all__ = ["read_bytes", "readable_file"]


def readable_file(path: str | Path) -> Path:
    """Return the path of a file that exists and holds at least one byte.

    Raises:
        InputError: It is missing, a folder, a device, empty, or may not be looked at.
    """
    if not str(path).strip() or str(path) == ".":
        raise InputError("an empty path was given; give the path of a file")
    path = Path(path)
    try:
        found, folder = path.exists(), path.is_dir()
        size = path.stat().st_size if path.is_file() else None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be looked at: {reason(error)}") from error
    if not found:
        raise InputError(f"{path} does not exist; give a file or a folder that does")
    if folder:
        raise InputError(f"{path} is a folder where a file is needed")
    if size is None:
        raise InputError(f"{path} is neither a file nor a folder, so it cannot be read")
    if size == 0:
        raise InputError(f"{path} is empty (0 bytes), so there is nothing to read")
    return path


def read_bytes(path: str | Path, limit: int = -1) -> bytes:
    """Return the bytes of a file, at most ``limit`` of them if it is not negative.

    Raises:
        InputError: The file cannot be read.
    """
    path = readable_file(path)
    try:
        with path.open("rb") as stream:
            return stream.read(limit)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {reason(error)}") from error


def reason(error: BaseException) -> str:
    """Return what an operating-system error says, without its number and path."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
