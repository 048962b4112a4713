"""Tracks that others made weigh in as documented."""

from __future__ import annotations

import numpy as np
import pytest

from mien.fuse import fuse, imported
from mien.fuse.reliability import EVEN
from mien.types import Affect, Distribution, Span, Track
from mien.types.taxonomies import EKMAN7

ANGER, JOY = (Affect(Distribution(EKMAN7, np.eye(7)[place]), span=Span(0, 1)) for place in (0, 3))


def weights(tracks: list[Track], reliability: dict[str, float]) -> dict[str, float]:
    (track,) = fuse(tracks, reliability=reliability)
    (affect,) = track.affects
    return {reason.source: reason.weight for reason in affect.evidence if reason.source in ("face", "text", "fused")}


def test_a_whole_judgement_counts_as_one_of_which_nothing_is_known() -> None:
    found = weights([Track("ann", "face", (JOY,)), Track("ann", "fused", (ANGER,))], {"face": 0.75})
    assert found["fused"] == pytest.approx(EVEN / (EVEN + 0.75))


def test_a_track_counts_as_its_modality() -> None:
    alone = weights([Track("ann", "text", (JOY,)), Track("ann", "face", (ANGER,))], {"text": 0.5, "face": 0.75})
    both = [Track("ann", "text", (JOY,)), Track("ann", "face", (ANGER,)), Track("ann", "face", (ANGER,))]
    assert weights(both, {"text": 0.5, "face": 0.75}) == pytest.approx(alone)
    assert alone["face"] == pytest.approx(0.6)


def test_a_modality_that_none_of_ours_read_counts_even() -> None:
    assert weights([Track("ann", "text", (JOY,)), Track("ann", "face", (ANGER,))], {"text": 0.5})["face"] == 0.5


def test_conclusions_are_not_counted_twice() -> None:
    parts = [Track("ann", "face", (JOY,)), Track("ann", "fused", (JOY,)), Track("bob", "fused", (JOY,))]
    assert imported(parts) == [parts[0], parts[2]]
    assert imported([]) == []
