"""Where corpora lie, and how their tables are read."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from mien.errors import InputError, MissingExtraError, OptionError

__all__ = ["check_split", "corpus_folder", "hashed_split", "read_table"]

VARIABLE = "MIEN_DATA"
DEFAULT = Path("../shared/data")


def corpus_folder(relative: str, root: Path | None = None) -> Path:
    """Return the folder of a corpus, such as ``text/goemotions``, below ``root`` or ``$MIEN_DATA``.

    A ``root`` that holds the corpus itself, in its published layout, is returned as it is.

    Raises:
        InputError: There is no such folder.
    """
    if root is not None and not (root / relative).is_dir():
        folder = root
    else:
        folder = (root or Path(os.environ.get(VARIABLE, DEFAULT))) / relative
    if not folder.is_dir():
        raise InputError(f"corpus folder {folder} does not exist; set {VARIABLE} to the folder that holds {relative}")
    return folder


def check_split(split: str, known: tuple[str, ...]) -> None:
    """Refuse a split that a corpus does not have.

    Raises:
        OptionError: The split is unknown; the text lists the known ones.
    """
    if split not in known:
        raise OptionError(f"the split {split!r} was asked for; allowed: {', '.join(known)}")


def hashed_split(key: str) -> str:
    """Return ``train``, ``validation`` or ``test`` for what must not be parted, such as a text or a writer.

    Of 100 keys about 80, 10 and 10 go to each; a key always goes to the same one.

    Example:
        >>> [hashed_split(key) for key in ("writer 1", "writer 2", "writer 1")]
        ['train', 'train', 'train']
    """
    place = int(hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest(), 16) % 100
    return "train" if place < 80 else "validation" if place < 90 else "test"


def read_table(path: Path, columns: list[str] | None = None) -> list[dict[str, Any]]:
    """Read a Parquet table as rows.

    Raises:
        MissingExtraError: pyarrow is not installed.
        InputError: The file is missing or broken.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError("reading Parquet", "bench") from error
    try:
        rows: list[dict[str, Any]] = parquet.read_table(path, columns=columns).to_pylist()
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(f"corpus table {path} cannot be read: {error}") from error
    return rows
