from __future__ import annotations

import os
from pathlib import Path

import pytest

from mien.agent.annotate import Item, Plan, cut, find_items
from mien.errors import InputError, OutputError


def make(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Hi!\n")
    return folder


def paths(items: list[Item]) -> list[str]:
    return [item.path for item in items]


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b/2.txt", "b/10.csv", "a.wav", "c.MP4", "notes.pdf", ".hidden.txt", ".git/x.txt", "old.json")
    assert paths(find_items([tmp_path])) == ["a.wav", "b/10.csv", "b/2.txt", "c.MP4"]


def test_each_file_once_whatever_the_order_of_paths(tmp_path: Path) -> None:
    make(tmp_path, "a/1.txt", "a/b/2.txt", "c/3.txt")
    given = [tmp_path / "a" / "b" / "2.txt", tmp_path / "a" / "b", tmp_path / "a", tmp_path / "c"]
    items = find_items(given)
    assert items == find_items(reversed(given)) == find_items([*given, *given])
    assert [str(item.place) for item in items] == [str(tmp_path / name) for name in ("a/1.txt", "a/b/2.txt", "c/3.txt")]


def test_a_file_that_is_named_is_taken_whatever_its_extension(tmp_path: Path) -> None:
    make(tmp_path, "letter.text")
    (item,) = find_items([tmp_path / "letter.text"])
    assert (item.root, item.path, item.size) == (str(tmp_path), "letter.text", 4)


def test_words_beside_a_recording_go_with_it(tmp_path: Path) -> None:
    make(tmp_path, "a.wav", "a.srt", "a.txt", "b.wav", "b.md", "c.txt", "d/a.txt")
    assert paths(find_items([tmp_path])) == ["a.wav", "b.md", "b.wav", "c.txt", "d/a.txt"]


def test_results_are_not_walked(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "out/manifest.jsonl")
    assert paths(find_items([tmp_path], leave_out=tmp_path / "out")) == ["a.txt"]


def test_results_may_lie_beside_the_files(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b/c.txt")
    assert paths(find_items([tmp_path], leave_out=tmp_path)) == ["a.txt", "b/c.txt"]


def test_links_to_folders_are_not_followed_and_broken_ones_are_kept(tmp_path: Path) -> None:
    make(tmp_path, "a/1.txt")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "gone.txt").symlink_to(tmp_path / "nothing")
    items = find_items([tmp_path / "a"])
    assert paths(items) == ["1.txt", "gone.txt"]
    assert items[1].problem == "it cannot be looked at: no such file or directory"


def test_a_folder_that_cannot_be_read_is_an_item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.txt", "locked/b.txt")
    scandir = os.scandir

    def barred(place: str) -> object:
        # Not by the file's mode, which means nothing to an administrator.
        if str(place).endswith("locked"):
            raise PermissionError(13, "Permission denied", place)
        return scandir(place)

    monkeypatch.setattr(os, "scandir", barred)
    items = find_items([tmp_path])
    monkeypatch.undo()
    assert [(item.path, item.problem) for item in items][1] == (
        "locked",
        "the folder cannot be read: permission denied",
    )


def test_what_cannot_be_planned(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere does not exist; give a file or a folder that does"):
        find_items([tmp_path / "nowhere"])
    with pytest.raises(InputError, match="an empty path was given"):
        find_items([""])
    with pytest.raises(InputError, match="there is nothing that mien reads in"):
        find_items([make(tmp_path, "x.pdf")])


def test_plan_survives_its_file(tmp_path: Path) -> None:
    name = os.fsdecode(b"na\xefve.txt")  # not UTF-8, as old archives have them
    items = [Item("/a", name, 3, 4), Item("/b", "locked", problem="the folder cannot be read")]
    plan = Plan({"roots": ["/a", "/b"], "mien": "1"}, cut(items, most=1))
    plan.save(tmp_path / "plan.jsonl")
    again = Plan.load(tmp_path / "plan.jsonl")
    assert again == plan
    assert again.id == plan.id
    assert again.n_items == 2


@pytest.mark.parametrize("damage", ["", "{}", '{"format": "mien.plan", "shards": 2, "roots": []}', "no JSON"])
def test_damaged_plan_is_refused(tmp_path: Path, damage: str) -> None:
    (tmp_path / "plan.jsonl").write_text(damage)
    with pytest.raises(OutputError, match=r"plan\.jsonl is no plan of this version of mien .*--fresh makes a new one"):
        Plan.load(tmp_path / "plan.jsonl")
