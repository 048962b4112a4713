"""The database: refused where it is newer, foreign or broken."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mien.errors import OutputError
from mien.serve.jobs import JobStore
from mien.serve.jobs.database import Database


def test_newer_schema_is_refused(tmp_path: Path) -> None:
    JobStore(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "jobs.db")) as connection, connection:
        connection.execute("UPDATE schema SET version = 7")
    with pytest.raises(
        OutputError, match=r"was written by another version of mien \(its schema is 7, this one reads up to 1\)"
    ):
        JobStore(tmp_path)


def test_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "jobs.db")) as connection:
        connection.execute("CREATE TABLE people (name TEXT)")
    with pytest.raises(OutputError, match="is a database of another program; give another folder"):
        JobStore(tmp_path)


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "jobs.db").write_bytes(b"not a database at all " * 100)
    with pytest.raises(OutputError, match="cannot be opened: file is not a database"):
        JobStore(tmp_path)


def test_database_cut_off_while_it_was_made_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "jobs.db").touch()
    with JobStore(tmp_path) as store:
        assert store.list() == []


def test_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "jobs.db")

    def half() -> None:
        with database.transaction() as connection:
            connection.execute("UPDATE schema SET version = 5")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert database.rows("SELECT version FROM schema")[0]["version"] == 1
    database.close()


def test_log_is_written_ahead_and_reaches_the_disk(tmp_path: Path) -> None:
    database = Database(tmp_path / "jobs.db")
    assert [database.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")] == [
        "wal",
        2,
        1,
    ]
    database.close()
