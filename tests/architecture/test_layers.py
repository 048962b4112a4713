"""A walk of one clip from file to report passes each stage once, in order."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

STAGES = {
    "open_source": "io",
    "perceive_material": "perceive",
    "explain": "explain",
    "link": "fuse",
    "spoken": "fuse",
    "build": "fuse",
    "moments": "explain",
}
CLIP = Path(__file__).parents[2] / "examples" / "talk.mp4"


def test_one_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    walk = import_module("mien.agent.analyze")
    team = import_module("mien.agent.team").choose()
    passed: list[str] = []

    def watch(name: str) -> None:
        function = getattr(walk, name)

        def watched(*given: Any, **options: Any) -> Any:
            passed.append(name)
            return function(*given, **options)

        monkeypatch.setattr(walk, name, watched)

    for name in STAGES:
        watch(name)
    analysis = walk.analyze(CLIP, team=team)
    assert passed == list(STAGES)
    assert {track.modality for track in analysis.tracks} == {"text", "speech", "face"}
    page = analysis.to_html(tmp_path / "talk.html", media=CLIP)
    assert (tmp_path / "talk.html").read_text(encoding="utf-8") == page
