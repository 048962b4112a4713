from __future__ import annotations

import math

import numpy as np
import pytest

from mien.errors import OptionError
from mien.metrics import detection
from mien.metrics.detection import Found, Marked

FACE = [10.0, 10.0, 70.0, 70.0]
SMALL = [100.0, 10.0, 130.0, 40.0]


def marked(*rows: list[float], ignore: tuple[int, ...] = (), points: np.ndarray | None = None) -> Marked:
    boxes = np.array(rows, np.float32).reshape(-1, 4)
    return Marked(boxes, np.isin(np.arange(len(boxes)), ignore), points)


def found(*rows: list[float], scores: tuple[float, ...] | None = None, points: np.ndarray | None = None) -> Found:
    boxes = np.array(rows, np.float32).reshape(-1, 4)
    return Found(boxes, np.array(scores or [0.9] * len(boxes), np.float32), points)


def test_a_face_is_met_once_and_its_double_is_false() -> None:
    result = detection.judge(found(FACE, [12.0, 10.0, 72.0, 70.0], scores=(0.5, 0.8)), marked(FACE))
    assert result.hit.tolist() == [True]
    assert result.false.tolist() == [True, False]


def test_a_region_to_ignore_is_neither_miss_nor_alarm() -> None:
    result = detection.judge(found(SMALL, [102.0, 12.0, 112.0, 22.0]), marked(FACE, SMALL, ignore=(1,)))
    assert result.false.tolist() == [False, False]
    assert result.counted.tolist() == [True, False]
    assert detection.recall([result]) == 0


def test_recall_counts_by_the_longer_side() -> None:
    results = [detection.judge(found(FACE), marked(FACE, SMALL))]
    assert detection.recall(results) == 1
    assert detection.recall(results, least=24, most=48) == 0
    assert math.isnan(detection.recall(results, least=96))


def test_alarms_are_counted_on_empty_pictures_only() -> None:
    results = [
        detection.judge(found(FACE, SMALL), marked()),
        detection.judge(found(), marked()),
        detection.judge(found(SMALL), marked(FACE)),
    ]
    assert detection.alarms_per_empty(results) == 1
    assert math.isnan(detection.alarms_per_empty(results[2:]))


def test_point_error_is_a_share_of_the_side() -> None:
    truth, guess = np.full((1, 5, 2), 40.0), np.full((1, 5, 2), 40.0)
    guess[0, :, 0] += 6
    results = [detection.judge(found(FACE, points=guess), marked(FACE, points=truth))]
    assert detection.point_error(results) == pytest.approx(0.1)


def test_unknown_points_give_no_error() -> None:
    guess, truth = np.zeros((1, 5, 2)), np.full((1, 5, 2), np.nan)
    assert math.isnan(detection.point_error([detection.judge(found(FACE, points=guess), marked(FACE, points=truth))]))


def test_interval_holds_the_figure() -> None:
    results = [detection.judge(found(*([FACE] if index % 4 else [])), marked(FACE)) for index in range(40)]
    low, high = detection.interval(results, detection.recall, rounds=200)
    assert low < 0.75 < high
    assert detection.interval(results, detection.recall, rounds=200) == (low, high)


@pytest.mark.parametrize("overlap", [0.0, 1.5])
def test_wrong_overlap_is_refused(overlap: float) -> None:
    with pytest.raises(OptionError, match="allowed: above 0"):
        detection.judge(found(), marked(), overlap=overlap)
