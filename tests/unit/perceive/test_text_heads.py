"""What a card says of a text model's heads, and how emoji are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mien.errors import UnknownNameError
from mien.perceive.reading import Reading
from mien.perceive.text.heads import heads_of
from mien.perceive.text.tokens import Tokens, name_emoji
from mien.runtime import ModelInfo, find_asset
from mien.types.scales import EMPATHY2, SEMEVAL_EC11

CARD = ModelInfo("toy", "1", "text", "open", "MIT", "", "", taxonomies=("semeval_ec11",))


def test_heads_of_degrees_and_upper_blocks() -> None:
    options = {
        "categories": "a",
        "ratings": "",
        "degrees": {"b": "empathy2"},
        "upper": "upper",
        "upper_block": 4,
        "upper_heads": ["b"],
        "kind": "induced",
    }
    heads = heads_of(replace(CARD, options=options))
    assert heads.taxonomy == SEMEVAL_EC11
    assert heads.graphs == ("a", "b")
    assert [heads.reads_upper(graph) for graph in heads.graphs] == [False, True]
    assert heads.degrees[0].scale == EMPATHY2
    assert heads.upper.inputs == {"states": "states4"}
    pooled = heads_of(replace(CARD, options={**options, "upper_pooled": [0, 4]})).upper
    assert pooled.inputs == {"states": "states4", "states0": "states0", "states4": "states4"}
    assert heads.kind == "induced"
    assert heads_of(CARD).kind == "expressed"
    assert not heads_of(CARD).reads_upper("goemotions")


def test_an_unknown_scale_is_told() -> None:
    with pytest.raises(UnknownNameError, match="unknown scale 'warmth'"):
        heads_of(replace(CARD, options={"degrees": {"b": "warmth"}}))


def test_degrees_of_parts_are_pooled_by_length() -> None:
    nothing = np.zeros((2, 0))
    reading = Reading(nothing, nothing, nothing, (np.array([[0.0, 1.0], [1.0, 0.0]]),))
    (pooled,) = reading.pool(range(2), [3, 1]).others
    assert pooled.tolist() == [[0.25, 0.75]]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("plain words", "plain words"),
        ("caf\u00e9 \u2013 \u201cyes\u201d \u20ac5", "caf\u00e9 \u2013 \u201cyes\u201d \u20ac5"),
        ("ha \U0001f602\U0001f602", "ha  face with tears of joy  face with tears of joy "),
        ("\u2764\ufe0f", " heavy black heart "),
        ("\U0001f44d\U0001f3fd", " thumbs up sign "),
        ("\U0001f469\u200d\U0001f4bb", " woman  personal computer "),
    ],
)
def test_emoji_are_read_by_their_names(text: str, named: str) -> None:
    assert name_emoji(text) == named


def test_an_emoji_alone_has_parts_only_where_it_is_named() -> None:
    path: Path = find_asset("text-affect").file("tokenizer.json")
    assert Tokens(path, max_tokens=16).parts(["\U0001f602"]) == [[]]
    assert len(Tokens(path, max_tokens=16, emoji_names=True).parts(["\U0001f602"])[0][0]) == 7
