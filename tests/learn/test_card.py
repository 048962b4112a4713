"""The card of a model, written from what its recipe says and what was measured."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from mien.errors import AssetError
from mien.learn.card import About, card_markdown, publish_card
from mien.runtime import find_asset, open_asset
from mien.runtime.card import Calibration, Group, Score

HEAD = {
    "name": "mood",
    "version": "1.0.0",
    "modality": "text",
    "line": "research",
    "licence": "MIT",
    "summary": "Reads a mood.",
    "recipe": "recipes/mood",
}
CORPUS = {"corpus": "tweets", "licence": "for research", "tier": "B", "commercial": False}


def test_what_is_published_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"graph")
    options = {"thresholds": [0.5, 0.25], "degrees": {"intensity": "scale4"}, "upper": True}
    calibration = Calibration("labels", "temperature", "validation", 0.1, 0.05, 1.25)
    score, group = Score("text/mood", "r", 0.5, 0.4, 0.6, 10, (0,)), Group("young", "r", 0.4, 5, "text/mood")
    about = About(HEAD, ["a.onnx"], [{"name": "base", "licence": "MIT"}], [CORPUS])
    publish_card(tmp_path, about, options, calibration=[calibration], scores=[score], groups=[group])
    info = open_asset(tmp_path).info
    assert (info.name, info.line, info.options) == ("mood", "research", options)
    assert [(row.name, row.bytes, row.licence, row.line) for row in info.files] == [("a.onnx", 5, "MIT", "research")]
    assert (info.base[0].name, info.trained_on[0].corpus, info.trained_on[0].commercial) == ("base", "tweets", False)
    assert (info.calibration, info.scores, info.groups) == ((calibration,), (score,), (group,))
    assert (tmp_path / "CARD.md").read_text(encoding="utf-8") == card_markdown(info)
    open_asset(tmp_path).check()
    (tmp_path / "a.onnx").write_bytes(b"other")
    with pytest.raises(AssetError, match=r"a\.onnx has the sha256"):
        open_asset(tmp_path).check()


@pytest.mark.parametrize("name", ["text-affect", "text-multilingual"])
def test_the_shipped_card_is_what_its_recipe_says(name: str) -> None:
    pytest.importorskip("torch", reason="the recipes need the extra learn")
    pytest.importorskip("onnx")
    from mien.learn.languages import publish as languages
    from mien.learn.text import publish as english

    about = {"text-affect": english.ABOUT, "text-multilingual": languages.ABOUT}[name]
    root = Path(__file__).parents[2] / "packages/mien-multilingual/src/mien_multilingual"
    info = find_asset(name if name == "text-affect" else str(root / name)).info
    assert {key: getattr(info, key) for key in ("name", "line", "licence", "recipe")} == {
        key: about.head[key] for key in ("name", "line", "licence", "recipe")
    }
    assert [row.name for row in info.files] == list(about.files)
    assert [asdict(row) for row in info.base] == [{"note": "", **row} for row in about.base]
    assert [row.corpus for row in info.trained_on] == [row["corpus"] for row in about.trained_on]
