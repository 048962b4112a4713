"""What the tools do, without the protocol: with models that were named at the start."""

from __future__ import annotations

from pathlib import Path

from mien.serve.mcp.roots import Roots
from mien.serve.mcp.tools import Tools

EXAMPLES = Path(__file__).parents[4] / "examples"


def test_models_that_were_named_read_and_are_listed(mood: Path) -> None:
    tools = Tools(Roots([EXAMPLES]), models=[str(mood)])
    (used,) = tools.text("What a day!")["models"]
    assert used.startswith("mood ")
    (used,) = tools.conversation([{"text": "What a day!"}])["digest"]["models"]
    assert used.startswith("mood ")
    models = tools.models()["models"]
    assert [model["name"] for model in models if model["chosen"]] == ["mood"]
    assert "text-affect" in {model["name"] for model in models}


def test_a_file_whose_words_are_not_asked_for_needs_no_model_of_text(mood: Path) -> None:
    tools = Tools(Roots([EXAMPLES]), models=[str(mood)])
    models = tools.file("face.webp", ["face"])["models"]
    assert models
    assert not any(model.startswith("mood") for model in models)
