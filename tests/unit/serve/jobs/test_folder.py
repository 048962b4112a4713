"""The data folder: ours alone, so that sweeping it harms nobody."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from mien.errors import OutputError
from mien.serve.jobs.folder import DataFolder


def test_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "application.docx").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"holds other files \(jobs\); give an empty or new one"):
        DataFolder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) != 0o000
    assert [path.name for path in tmp_path.rglob("*")] == ["jobs", "application.docx"]


def test_fresh_volume_is_taken(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()
    (tmp_path / ".hidden").touch()
    folder = DataFolder(tmp_path)
    assert folder.sweep({}) == 0
    assert (tmp_path / "lost+found").is_dir()
    assert (tmp_path / ".hidden").is_file()


def test_file_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(OutputError, match="data cannot be used: file exists"):
        DataFolder(tmp_path / "data")


def test_sweep_counts_what_it_removes(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    (folder.incoming / "half").touch()
    (folder.incoming / "link").symlink_to(tmp_path)
    for name in ("kept", "orphan"):
        folder.place(name).mkdir()
        (folder.place(name) / "source").touch()
    assert folder.sweep({"kept": False}) == 3
    assert [path.name for path in folder.place("kept").parent.iterdir()] == ["kept"]
    assert tmp_path.is_dir()


def test_discarding_twice_is_once(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.place("a").mkdir()
    folder.discard("a")
    folder.discard("a")
    assert list(folder.place("a").parent.iterdir()) == []


def test_nothing_is_written_for_a_job_that_is_gone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with folder.writing("gone", 1, "{}") as written:
        assert written is None


def test_files_that_stay_are_told_and_removed_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.place("a").mkdir()

    def busy(path: Path) -> None:
        raise PermissionError(13, "it is in use")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", busy)
        folder.discard("a")
    assert "files of a deleted job stay until the next start: [Errno 13] it is in use" in caplog.text
    assert not folder.place("a").exists()
    assert folder.sweep({}) == 1
