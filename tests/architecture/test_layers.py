"""A walk of one source from file to report passes each stage once, in order."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from mien.agent import choose

STAGES = {"open_source": "io", "perceive_material": "perceive", "explain": "explain", "build": "fuse"}


def test_one_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    walk = import_module("mien.agent.analyze")
    passed: list[str] = []

    def watch(name: str, stage: str) -> None:
        function = getattr(walk, name)

        def watched(*given: Any, **options: Any) -> Any:
            passed.append(stage)
            return function(*given, **options)

        monkeypatch.setattr(walk, name, watched)

    for name, stage in STAGES.items():
        watch(name, stage)
    letter = tmp_path / "letter.txt"
    letter.write_text("I am so happy. Then it rained and I was sad.")
    walk.analyze(letter, team=choose(["text"])).to_json(tmp_path / "letter.json")
    assert passed == list(STAGES.values())
    assert (tmp_path / "letter.json").is_file()
