"""The examples in docstrings are right."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import mien

HEAVY = "mien.learn"
MODULES = sorted(module.name for module in walk_packages(mien.__path__, "mien.") if not module.name.startswith(HEAVY))


def test_there_are_modules() -> None:
    assert len(MODULES) > 40


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str) -> None:
    module = import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0
