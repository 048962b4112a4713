"""The database of jobs: one table in SQLite, with a write-ahead log, shared by threads and processes.

References:
    Write-Ahead Logging. sqlite.org/wal.html.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mien.errors import OutputError

__all__ = ["SCHEMA", "Database"]

SCHEMA = 1
"""The version of the tables; a newer one is refused, an older one would be brought up here."""
PATIENCE = 30.0
"""Seconds to wait for another process that writes."""
TABLES = """
CREATE TABLE schema (version INTEGER NOT NULL);
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT,
    file TEXT NOT NULL,
    options TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    done REAL NOT NULL DEFAULT 0,
    total REAL,
    error TEXT,
    created REAL NOT NULL,
    queued REAL NOT NULL,
    started REAL,
    finished REAL,
    worker TEXT,
    beat INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER NOT NULL DEFAULT 0,
    crashes INTEGER NOT NULL DEFAULT 0,
    outages INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_by_state ON jobs (state, queued, number);
"""


class Database:
    """A connection that the threads of a process share, one at a time.

    Args:
        path: The file; made with its tables if it is not there.

    Raises:
        OutputError: It cannot be opened, is no database, or was written by a newer mien.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            # Made by us and not by SQLite, so that it and the files beside it are nobody else's to read.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = self._opened()
        except (OSError, sqlite3.Error) as error:
            raise OutputError(f"the database {path} cannot be opened: {error}") from error
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write within the block, all of it or nothing, with nobody else writing meanwhile.

        Raises:
            OutputError: The disk is full, or another process writes for too long.
        """
        with self._lock, _told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, values: Any = ()) -> list[sqlite3.Row]:
        """Return what one statement gives; a statement alone is all or nothing.

        Raises:
            OutputError: The disk is full, or another process writes for too long.
        """
        with self._lock, _told():
            return self._connection.execute(query, values).fetchall()

    def forget(self) -> None:
        """Empty the log, so that what was deleted is nowhere in the files; left for later where others read."""
        with self._lock, suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        # Every commit reaches the disk: a job that was accepted outlives a power cut.
        for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {setting}")
        return connection

    def _prepare(self) -> None:
        with self.transaction() as connection:
            if self._version(connection) is None:
                for statement in filter(str.strip, TABLES.split(";")):
                    connection.execute(statement)
                connection.execute("INSERT INTO schema VALUES (?)", (SCHEMA,))

    def _version(self, connection: sqlite3.Connection) -> int | None:
        tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return None
        row = (
            connection.execute("SELECT max(version) AS version FROM schema").fetchone() if "schema" in tables else None
        )
        if row is None or row["version"] is None:
            raise OutputError(f"{self._path} is a database of another program; give another folder")
        if row["version"] != SCHEMA:
            raise OutputError(
                f"the data folder {self._path.parent} was written by another version of mien (its schema is "
                f"{row['version']}, this one reads up to {SCHEMA}); update mien or give another folder"
            )
        return SCHEMA


@contextmanager
def _told() -> Iterator[None]:
    """Say what SQLite could not do."""
    try:
        yield
    except sqlite3.Error as error:
        raise OutputError(f"the database of jobs cannot be used: {error}") from error
