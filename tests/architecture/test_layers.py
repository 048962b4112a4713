"""A walk of one source from file to report passes each layer once, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mien.agent import analyze as module_analyze
from mien.agent import choose


def test_one_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import mien.agent.analyze as walk

    passed: list[str] = []

    def note(layer: str, name: str) -> None:
        function = getattr(walk, name)

        def noted(*given: Any, **options: Any) -> Any:
            passed.append(layer)
            return function(*given, **options)

        monkeypatch.setattr(walk, name, noted)

    for layer, name in [("io", "open_source"), ("perceive", "perceive_material"), ("fuse", "build"), ("explain", "explain")]:
        note(layer, name)
    letter = tmp_path / "letter.txt"
    letter.write_text("I am so happy. Then it rained and I was sad.")
    analysis = module_analyze(letter, team=choose(["text"]))
    analysis.to_json(tmp_path / "letter.json")
    assert passed == ["io", "perceive", "fuse", "explain"]
    assert (tmp_path / "letter.json").is_file()
