from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mien.explain.regions import REGIONS, region_evidence
from mien.perceive.face import Crop
from mien.types.taxonomies import FERPLUS8


class MouthReader:
    """Happy where the mouth is patterned."""

    taxonomy = FERPLUS8
    info: Any = None

    def affect(self, probs: np.ndarray) -> Any:
        raise NotImplementedError

    def probabilities(self, crops: np.ndarray, *, once: bool = False) -> np.ndarray:
        left, top, right, bottom = REGIONS["mouth"]
        happy = np.clip(crops[:, top:bottom, left:right].std(axis=(1, 2)) / 100, 0, 0.9)
        rows = np.zeros((len(crops), 8))
        rows[:, 0], rows[:, 1] = 1 - happy, happy
        return rows


def crop(scale: float = 1.0) -> Crop:
    pixels = np.random.default_rng(0).choice(np.array([0, 255], np.uint8), (48, 48))
    return Crop(pixels, np.array([[scale, 0.0, 100.0], [0.0, scale, 50.0]]))


def explain(*crops: Crop, reader: Any = None) -> Any:
    return region_evidence(reader or MouthReader(), crops)


def test_the_part_that_counts_is_told_first_with_its_place() -> None:
    (evidence,) = explain(crop(2.0))
    assert len(evidence) == 1
    assert evidence[0].source == "region"
    assert evidence[0].weight == pytest.approx(0.9)
    assert evidence[0].note == "mouth: without it happiness goes from 0.90 to 0.00"
    left, top, right, bottom = REGIONS["mouth"]
    assert evidence[0].region == (100 + 2 * left, 50 + 2 * top, 100 + 2 * right, 50 + 2 * bottom)


def test_nothing_is_told_where_nothing_counts() -> None:
    flat = Crop(np.full((48, 48), 100, np.uint8), crop().matrix)
    assert explain(flat) == [()]


def test_many_are_told_together_and_crops_stay_as_they_are() -> None:
    one, kept = crop(), crop().pixels.copy()
    assert explain(one, one) == [*explain(one), *explain(one)]
    assert np.array_equal(one.pixels, kept)
    assert explain() == []
