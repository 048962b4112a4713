"""The makers of small files, shared with the fuzzer."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def seeds() -> ModuleType:
    spec = spec_from_file_location("seeds", Path(__file__).parents[2] / "fuzz" / "seeds.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
