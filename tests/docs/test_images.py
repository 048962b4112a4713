"""The pictures of the docs: small, used, and taken by the script."""

from __future__ import annotations

import re

import PIL.Image
import pytest

from .blocks import ROOT

IMAGES = sorted((ROOT / "docs" / "images").iterdir())
SCRIPT = (ROOT / "tools" / "screenshots.py").read_text(encoding="utf-8")
MOST_BYTES = 1_500_000


def test_pictures_are_few_bytes() -> None:
    assert len(IMAGES) >= 5
    assert sum(path.stat().st_size for path in IMAGES) < MOST_BYTES


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_picture_is_whole_and_taken_by_the_script(path: object) -> None:
    assert re.search(rf'"{path.stem}"', SCRIPT), "tools/screenshots.py takes no such picture"  # type: ignore[attr-defined]
    with PIL.Image.open(path) as picture:  # type: ignore[arg-type]
        picture.load()
        assert picture.width in (380, 1280)
