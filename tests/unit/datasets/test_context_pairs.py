"""The pairs of our own whose label turns with what was said before."""

from __future__ import annotations

from pathlib import Path

import pytest

from mien.datasets import context_pairs
from mien.errors import InputError, OptionError


def test_each_pair_says_the_same_after_different_turns_with_different_labels() -> None:
    samples = context_pairs.load()
    assert len(samples) == 64
    for one, other in zip(samples[::2], samples[1::2], strict=True):
        assert one.group == other.group
        assert one.signal.text == other.signal.text
        assert one.extra["before"] != other.extra["before"]
        assert one.truth.categories.top != other.truth.categories.top
    assert len({sample.signal.text for sample in samples}) == 32
    assert len({sample.truth.categories.top[0] for sample in samples}) == 7


def test_speakers_are_kept() -> None:
    speakers = {turn.speaker for sample in context_pairs.load() for turn in sample.extra["before"]}
    assert speakers == {"me", "you"}
    assert {sample.signal.speaker for sample in context_pairs.load()} == {"me"}


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="the split 'train' was asked for; allowed: test"):
        context_pairs.load("train")
    path = tmp_path / "context_pairs.toml"
    path.write_text('[[pair]]\nsaid = "So."\ncontexts = [{ before = [], label = "bliss" }, {}]\n', encoding="utf-8")
    with pytest.raises(InputError, match="has the label 'bliss'; allowed: anger"):
        context_pairs.load(root=tmp_path)
    path.write_text('[[pair]]\nsaid = "So."\ncontexts = []\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot be read .*needed: tables of \[\[pair\]\] with said and two contexts"):
        context_pairs.load(root=tmp_path)
    with pytest.raises(InputError, match="FileNotFoundError"):
        context_pairs.load(root=tmp_path / "nowhere")
