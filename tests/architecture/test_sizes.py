"""The size budget: short modules, short functions, no prints, no asserts."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "mien"
MODULES = sorted(SOURCE.rglob("*.py"))
MAX_LINES = 300
MAX_MEDIAN = 10
MAX_P90 = 35
MAX_ASSET = 10_000_000
LARGE_ASSETS = {"text-affect": 25_000_000, "text-multilingual": 45_000_000, "text-research": 25_000_000}


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def test_there_are_modules() -> None:
    assert len(MODULES) > 30


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_is_short_and_clean(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    for node in ast.walk(ast.parse(text)):
        assert not isinstance(node, ast.Assert), f"line {node.lineno}: raise an error of mien instead"
        assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"), f"line {node.lineno}"
        assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"line {node.lineno}"


def test_functions_are_short() -> None:
    lengths = sorted(
        code_lines(node)
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert lengths[len(lengths) // 2] <= MAX_MEDIAN
    assert lengths[len(lengths) * 9 // 10] <= MAX_P90


def test_assets_are_small() -> None:
    folders = [card.parent for card in (SOURCE / "assets").glob("*/card.toml")]
    assert folders
    folders += [card.parent for card in (SOURCE.parents[1] / "packages").glob("*/src/*/*/card.toml")]
    for folder in folders:
        size = sum(path.stat().st_size for path in folder.iterdir() if path.suffix != ".md")
        assert size <= LARGE_ASSETS.get(folder.name, MAX_ASSET), folder.name
