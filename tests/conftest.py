"""What every test may rely on."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from mien.datasets.corpus import DEFAULT, VARIABLE
from mien.runtime import find_asset

# Tests that load the runtime of the models by themselves keep it silent, too.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# How long an example takes depends on what else the machine does.
settings.register_profile("mien", deadline=None)
settings.load_profile("mien")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what measures on corpora where there are none."""
    folder = Path(os.environ.get(VARIABLE, DEFAULT))
    if folder.is_dir():
        return
    missing = pytest.mark.skip(reason=f"the corpora are not here: {VARIABLE} names no folder that exists ({folder})")
    for item in items:
        if item.get_closest_marker("data"):
            item.add_marker(missing)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the models of other distributions: what is tested is this one, whatever stands beside it."""
    monkeypatch.setattr("mien.runtime.assets.entry_points", lambda group: [])


@pytest.fixture
def mood(tmp_path: Path) -> Path:
    """The folder of a text model that is not installed: our own under another name."""
    folder = Path(shutil.copytree(find_asset("text-affect").folder, tmp_path / "models" / "mood"))
    card = folder / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace('"text-affect"', '"mood"', 1), encoding="utf-8")
    return folder
