"""What several recipes are tried on."""

from __future__ import annotations

from pathlib import Path

import pytest

from .tweets import published


@pytest.fixture
def tweet_corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tweets of SemEval-2018, as few of our own, are all the corpora that there are."""
    for name in ("ei", "v", "ec"):
        (tmp_path / "text" / f"semeval2018_{name}_en").mkdir(parents=True)
        published(tmp_path / "text" / f"semeval2018_{name}_en")
    monkeypatch.setenv("MIEN_DATA", str(tmp_path))
