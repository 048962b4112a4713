from __future__ import annotations

import numpy as np
import pytest

from mien.dsp import boxes as box

SQUARE = np.array([[0, 0, 10, 10]], np.float32)


def test_overlaps_of_known_pairs() -> None:
    others = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [10, 10, 20, 20], [0, 0, 5, 5]], np.float32)
    assert box.overlaps(SQUARE, others)[0] == pytest.approx([1, 1 / 3, 0, 0.25])


def test_coverage_is_the_share_that_lies_inside() -> None:
    assert box.coverage(np.array([[0, 0, 4, 4]], np.float32), SQUARE)[0, 0] == pytest.approx(1)
    assert box.coverage(SQUARE, np.array([[5, 0, 50, 50]], np.float32))[0, 0] == pytest.approx(0.5)


def test_empty_and_inverted_boxes_have_no_area() -> None:
    odd = np.array([[5, 5, 5, 5], [9, 9, 1, 1]], np.float32)
    assert box.areas(odd).tolist() == [0, 0]
    assert box.overlaps(odd, odd).max() == 0


def test_suppress_keeps_the_best_of_a_group() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [30, 0, 40, 10]], np.float32)
    scores = np.array([0.6, 0.9, 0.5], np.float32)
    assert box.suppress(boxes, scores, overlap=0.5).tolist() == [1, 2]


def test_suppress_lets_a_chain_live() -> None:
    boxes = np.array([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]], np.float32)
    kept = box.suppress(boxes, np.array([0.9, 0.8, 0.7], np.float32), overlap=0.3)
    assert kept.tolist() == [0, 2]


def test_suppress_of_nothing_is_nothing() -> None:
    assert box.suppress(np.zeros((0, 4)), np.zeros(0), overlap=0.5).tolist() == []
