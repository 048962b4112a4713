"""A walk of one clip from file to report passes each stage once, in order."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

STAGES = {
    "open_source": "analyze",
    "perceive_material": "analyze",
    "conclude": "analyze",
    "explain": "concluding",
    "link": "concluding",
    "spoken": "concluding",
    "build": "concluding",
    "moments": "concluding",
}
"""Each stage in order, with the module of `mien.agent` that calls it."""
CLIP = Path(__file__).parents[2] / "examples" / "talk.mp4"


def test_one_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    modules = {name: import_module(f"mien.agent.{name}") for name in set(STAGES.values())}
    team = import_module("mien.agent.team").choose()
    passed: list[str] = []

    def watch(name: str, module: Any) -> None:
        function = getattr(module, name)

        def watched(*given: Any, **options: Any) -> Any:
            passed.append(name)
            return function(*given, **options)

        monkeypatch.setattr(module, name, watched)

    for name, module in STAGES.items():
        watch(name, modules[module])
    analysis = modules["analyze"].analyze(CLIP, team=team)
    assert passed == list(STAGES)
    assert {track.modality for track in analysis.tracks} == {"text", "speech", "face"}
    page = analysis.to_html(tmp_path / "talk.html", media=CLIP)
    assert (tmp_path / "talk.html").read_text(encoding="utf-8") == page
