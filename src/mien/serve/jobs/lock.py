"""One server a data folder: a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mien.errors import OutputError

__all__ = ["FolderLock"]

LOCK = "server.lock"


class FolderLock:
    """Hold a folder until released; SQLite's own file lock, because it is one on every system.

    Args:
        folder: The data folder.

    Raises:
        OutputError: Another server holds it, or nothing can be written there.
    """

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / LOCK, timeout=0.0, isolation_level=None, check_same_thread=False)
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            self._connection.close()
            why = "another server uses it" if error.sqlite_errorcode == sqlite3.SQLITE_BUSY else str(error)
            raise OutputError(f"the data folder {folder} cannot be taken: {why}; give another folder") from error

    def release(self) -> None:
        """Let others have the folder."""
        self._connection.close()
