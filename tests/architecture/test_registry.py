"""Every registered name leads to something, and the names are pinned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mien import registry
from mien.errors import OptionError, UnknownNameError

PINNED = Path(__file__).with_name("registry.json")
PAIRS = [(kind, name) for kind in registry.kinds() for name in registry.TABLE[kind]]


def test_names_are_pinned() -> None:
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    assert {kind: sorted(table) for kind, table in registry.TABLE.items()} == pinned


@pytest.mark.parametrize(("kind", "name"), PAIRS, ids=str)
def test_name_leads_somewhere(kind: str, name: str) -> None:
    if kind in {"recipe", "trainer", "trial"}:
        pytest.importorskip("torch", reason="training needs the extra learn")
    assert registry.find(kind, name) is not None


def test_unknown_name_lists_the_known() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown perceiver 'text/afect'; known: .*text/affect"):
        registry.find("perceiver", "text/afect")
    with pytest.raises(UnknownNameError, match="unknown kind of part 'parser'; known: "):
        registry.names("parser")


def test_unknown_option_lists_the_known() -> None:
    with pytest.raises(OptionError, match="text/affect has no option 'colour'; known: "):
        registry.build("perceiver", "text/affect", colour="red")
