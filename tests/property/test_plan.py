"""A plan puts every file into exactly one shard, whatever the order in which the files are found."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from mien.agent.annotate import Item, Plan, cut

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=8)
FILES = st.dictionaries(st.tuples(st.sampled_from(["/a", "/b"]), NAMES), st.integers(0, 2000), max_size=40)
MOST = st.integers(1, 9)
MOST_BYTES = st.integers(1, 3000)


def items_of(files: dict[tuple[str, str], int]) -> list[Item]:
    return [Item(root, path, size) for (root, path), size in files.items()]


@given(FILES, MOST, MOST_BYTES)
def test_plan_is_a_partition(files: dict[tuple[str, str], int], most: int, most_bytes: int) -> None:
    shards = cut(items_of(files), most=most, most_bytes=most_bytes)
    assert [item for shard in shards for item in shard.items] == sorted(items_of(files))
    assert [shard.number for shard in shards] == list(range(len(shards)))
    for shard in shards:
        assert 1 <= len(shard.items) <= most
        assert len(shard.items) == 1 or shard.size <= most_bytes


@given(FILES, MOST, MOST_BYTES, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    files: dict[tuple[str, str], int], most: int, most_bytes: int, chance: random.Random
) -> None:
    items = items_of(files)
    shuffled = chance.sample(items, len(items))
    assert cut(shuffled, most=most, most_bytes=most_bytes) == cut(items, most=most, most_bytes=most_bytes)


@given(FILES, MOST, st.integers(0, 30))
def test_a_file_that_changes_gives_another_plan(files: dict[tuple[str, str], int], most: int, place: int) -> None:
    items = items_of({("/a", "first"): 1, **files})
    other = list(items)
    other[place % len(items)] = Item(*(getattr(items[place % len(items)], name) for name in ("root", "path")), 9999)
    facts = {"roots": ["/a", "/b"]}
    assert Plan(facts, cut(items, most=most)).id != Plan(facts, cut(other, most=most)).id
