"""Files outside the given folders are refused, links that lead out of them too."""

from __future__ import annotations

from pathlib import Path

import pytest

from mien.errors import InputError, OptionError
from mien.serve.mcp.roots import Roots


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for folder in ("open", "second", "closed"):
        (tmp_path / folder / "deep").mkdir(parents=True)
        (tmp_path / folder / "deep" / "letter.txt").write_text(f"a letter in {folder}")
    (tmp_path / "second" / "only.txt").write_text("only here")
    (tmp_path / "open" / "out.txt").symlink_to(tmp_path / "closed" / "deep" / "letter.txt")
    (tmp_path / "open" / "outside").symlink_to(tmp_path / "closed")
    (tmp_path / "open" / "within.txt").symlink_to(tmp_path / "open" / "deep" / "letter.txt")
    (tmp_path / "open" / "across.txt").symlink_to(tmp_path / "second" / "only.txt")
    return tmp_path


@pytest.fixture
def roots(place: Path) -> Roots:
    return Roots([place / "open", place / "second"])


def test_files_inside_are_found(place: Path, roots: Roots) -> None:
    letter = place / "open" / "deep" / "letter.txt"
    assert roots.find("deep/letter.txt") == letter
    assert roots.find(str(letter)) == letter
    assert roots.find("deep/../deep/letter.txt") == letter
    assert roots.find("within.txt") == letter
    assert roots.find("only.txt") == roots.find("across.txt") == place / "second" / "only.txt"


@pytest.mark.parametrize(
    "given",
    [
        "../closed/deep/letter.txt",
        "deep/../../closed/deep/letter.txt",
        "out.txt",
        "outside/deep/letter.txt",
        "/etc/passwd",
        "/etc/no-such-file",
        "../closed/no-such-file",
        "../../../../../../etc/passwd",
        "..",
    ],
)
def test_what_lies_outside_is_refused_alike(roots: Roots, given: str) -> None:
    with pytest.raises(InputError, match=r"lies outside the folders that may be read \(.*open, .*second\)$"):
        roots.find(given)


def test_a_folder_with_a_like_name_is_outside(place: Path) -> None:
    (place / "open-too").mkdir()
    (place / "open-too" / "a.txt").write_text("a")
    with pytest.raises(InputError, match="lies outside"):
        Roots([place / "open"]).find(str(place / "open-too" / "a.txt"))


def test_missing_files_and_folders(roots: Roots) -> None:
    with pytest.raises(InputError, match=r"no\.txt does not exist in the folders that may be read"):
        roots.find("no.txt")
    for folder in ("deep", ".", ""):
        with pytest.raises(InputError, match="is no file; one file is analysed at a time"):
            roots.find(folder)
    with pytest.raises(InputError, match=r"does not exist|lies outside"):
        roots.find("a\0b")


def test_transcript_that_is_a_link_outside_is_refused(place: Path, roots: Roots) -> None:
    (place / "closed" / "secret.txt").write_text("the key is under the mat")
    (place / "open" / "talk.wav").write_bytes(b"RIFF")
    (place / "open" / "talk.txt").symlink_to(place / "closed" / "secret.txt")
    with pytest.raises(InputError, match=r"the transcript beside talk.wav is a link that leads out"):
        roots.find("talk.wav")


def test_roots_must_be_folders(place: Path) -> None:
    with pytest.raises(OptionError, match="must be a folder that exists"):
        Roots([place / "nowhere"])
    with pytest.raises(OptionError, match="must be a folder that exists"):
        Roots([place / "second" / "only.txt"])
