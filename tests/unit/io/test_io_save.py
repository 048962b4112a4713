from __future__ import annotations

import os
from pathlib import Path

import pytest

from mien.errors import InputError, OutputError
from mien.io import make_folder, save_bytes, save_text, saving


def test_text_and_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    save_text(tmp_path / "a.txt", "é\r\n")
    save_bytes(tmp_path / "b", b"\x00\xff")
    assert (tmp_path / "a.txt").read_bytes() == "é\r\n".encode()
    assert (tmp_path / "b").read_bytes() == b"\x00\xff"


@pytest.mark.parametrize("error", [InputError("no"), KeyboardInterrupt(), RuntimeError("no")])
def test_nothing_half_written_stays(tmp_path: Path, error: BaseException) -> None:
    (tmp_path / "a.txt").write_text("before")

    def interrupted() -> None:
        with saving(tmp_path / "a.txt") as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(type(error)):
        interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "before"


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="it is a folder; give the name of a file"):
        save_text(tmp_path, "x")
    with pytest.raises(OutputError, match=r"the folder .*none does not exist"):
        save_text(tmp_path / "none" / "a.txt", "x")
    with pytest.raises(OutputError, match="it is a device"):
        save_text("/dev/null", "x")
    with pytest.raises(OutputError, match="cannot be written: "):
        save_text("a\0b", "x")
    with pytest.raises(OutputError, match="cannot be written: file name too long"):
        save_text(tmp_path / ("a" * 300), "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="a superuser may write everywhere")
def test_permissions_are_respected(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    (tmp_path / "a.txt").chmod(0o400)
    with pytest.raises(OutputError, match="permission denied"):
        save_text(tmp_path / "a.txt", "x")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    save_text(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_folders_are_made(tmp_path: Path) -> None:
    assert make_folder(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file cannot be made"):
        make_folder(tmp_path / "file")
