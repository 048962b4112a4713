"""The runner of the docs' code itself: what is wrong in a page must not go unseen."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from .blocks import every_block, like, run_page, run_shell


@pytest.fixture
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notes")


def page(folder: Path, text: str) -> Path:
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_blocks_are_found_in_order_and_in_lists(tmp_path: Path) -> None:
    text = "```sh\necho 1\n```\n\n- item\n\n  ```python\n  if True:\n      print(2)\n  ```\n\n```text\nnot run\n```\n"
    found = every_block(page(tmp_path, text))
    assert [block.language for block in found] == ["sh", "python", "text"]
    assert found[1].body == "if True:\n    print(2)\n"
    assert [block.line for block in found] == [1, 7, 12]


def test_blocks_share_a_folder_and_a_shell(tmp_path: Path, notes: Path) -> None:
    text = (
        "```sh\nname=words.txt\n```\n```sh\necho hello > $name\n```\n```python\nprint(open('words.txt').read())\n```\n"
    )
    assert "hello" in run_page(page(tmp_path, text), tmp_path, notes)


@pytest.mark.parametrize(
    "block", ["```sh\nfalse\n```", "```python\nraise SystemExit(3)\n```", "```sh\nfalse | true\n```"]
)
def test_failure_names_the_line(tmp_path: Path, notes: Path, block: str) -> None:
    with pytest.raises(AssertionError, match="the block at line 3 failed"):
        run_page(page(tmp_path, f"Words.\n\n{block}\n"), tmp_path, notes)


def test_console_output_is_compared(tmp_path: Path, notes: Path) -> None:
    run_page(page(tmp_path, "```console\n$ seq 5\n1\n...\n5\n$ echo a; false\na\n```\n"), tmp_path, notes)
    with pytest.raises(AssertionError, match="but this was printed"):
        run_page(page(tmp_path, "```console\n$ seq 5\n1\n5\n```\n"), tmp_path, notes)


def test_output_may_leave_lines_out() -> None:
    assert like("a\nb\nc", "a\n...\nc")
    assert like("a\nc", "a\nc")
    assert not like("a\nb\nc", "a\nc")
    assert not like("a", "a\nb")


def test_nothing_stays_behind(tmp_path: Path) -> None:
    run_shell("sleep 300 & echo $! > pid", tmp_path)
    number = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _lives(number):
        time.sleep(0.05)
    assert not _lives(number)


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z" if Path(f"/proc/{number}").exists() else False


def test_there_is_a_loopback_and_nothing_else(tmp_path: Path) -> None:
    printed = run_shell(
        "python -m http.server 8000 --bind 127.0.0.1 > /dev/null 2>&1 &\n"
        "curl -sS --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:8000/ | head -1",
        tmp_path,
    )
    assert "<!DOCTYPE" in printed
