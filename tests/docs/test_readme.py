"""What the README shows works, without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .blocks import ROOT, blocks, every_block, run_page, run_python, run_shell

README = ROOT / "README.md"


def test_five_lines_of_python(desk: Path) -> None:
    code = blocks(README, "python")[0]
    assert len(code.splitlines()) == 5
    assert run_python(code, desk).splitlines()[-1] == "True"
    assert (desk / "talk.html").stat().st_size > 10_000


def test_five_lines_of_shell(desk: Path) -> None:
    code = blocks(README, "sh")[1]
    assert len(code.splitlines()) == 5
    printed = run_shell(code, desk)
    records = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    assert [record["id"] for record in records] == ["1", "examples/face.webp"]
    assert not any("error" in record for record in records)
    for name in ("talk.mp4", "dialogue.ogg", "chat.csv", "letter.txt"):
        assert (desk / "reports" / f"{name}.json").is_file()


def test_the_other_blocks_run(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    notes = tmp_path_factory.mktemp("notes")
    others = [block for block in every_block(README) if block.language in ("sh", "python")][3:]
    assert len(others) >= 2
    page = notes / "rest.md"
    page.write_text("".join(f"```{block.language}\n{block.body}```\n" for block in others), encoding="utf-8")
    printed = run_page(page, desk, notes)
    assert "'gratitude'" in printed
    assert list((desk / "tables" / "affects").glob("*.parquet"))


def test_the_two_commands_are_targets() -> None:
    commands = [line.split("#")[0].split() for line in blocks(README, "sh")[0].splitlines()]
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [command[0] for command in commands] == ["make", "make"]
    assert all(f"\n{target}:" in targets for _, target in commands)
