"""Choosing and measuring the face finder: one threshold from the validation pictures, figures on the test pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from mien.datasets.photos import Photo
from mien.datasets.schema import Sample
from mien.errors import OptionError
from mien.metrics.detection import Found, Judged, Marked, alarms_per_empty, interval, judge, point_error, recall
from mien.perceive.face.finder import FaceFinder

SIZES = {"24-48 px": (24.0, 48.0), "48-96 px": (48.0, 96.0), "96 px and more": (96.0, np.inf)}

GREY_SPREAD = 6.0
"""Mean difference between a picture's channels below which it passes as black and white."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One picture: what is marked, what was found at any score, and whether it is black and white."""

    marked: Marked
    found: Found
    grey: bool

    def judged(self, threshold: float) -> Judged:
        """Judge what was found with at least that score."""
        kept = self.found.scores >= threshold
        points = None if self.found.points is None else self.found.points[kept]
        return judge(Found(self.found.boxes[kept], self.found.scores[kept], points), self.marked)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure with its interval over pictures."""

    name: str
    value: float
    low: float
    high: float
    n: int


def see(finder: FaceFinder, samples: Sequence[Sample]) -> list[Seen]:
    """Run a finder, its threshold low, over the pictures of the corpus."""
    return [_see(finder, sample) for sample in samples]


def _see(finder: FaceFinder, sample: Sample) -> Seen:
    photo: Photo = sample.extra["photo"]
    faces = finder.find(sample.signal)
    found = Found(
        np.array([face.box for face in faces], np.float32).reshape(-1, 4),
        np.array([face.score for face in faces], np.float32),
        np.array([face.points for face in faces], np.float32).reshape(-1, 5, 2),
    )
    spread = np.ptp(sample.signal.pixels.astype(np.int16), axis=2).mean()
    return Seen(Marked(photo.boxes, photo.ignore, photo.points), found, bool(spread < GREY_SPREAD))


def choose(seen: Sequence[Seen], *, alarms: float) -> float:
    """Return the lowest threshold that keeps false faces per empty picture within a budget.

    Raises:
        OptionError: No threshold does.
    """
    for threshold in np.arange(0.2, 0.95, 0.01):
        if alarms_per_empty([one.judged(float(threshold)) for one in seen]) <= alarms:
            return round(float(threshold), 2)
    raise OptionError(f"no threshold keeps false faces per empty picture at {alarms} or below; train longer")


def measure(seen: Sequence[Seen], threshold: float) -> list[Figure]:
    """Return recall, false faces, error of the points and recall by size, each where it has a value."""
    results = [one.judged(threshold) for one in seen]
    figures = [
        _figure("recall", results, recall, _faces(results)),
        _figure("false_per_negative", results, alarms_per_empty, sum(result.empty for result in results)),
        _figure("point_error", results, point_error, _faces(results)),
    ]
    for name, (least, most) in SIZES.items():
        of_size = partial(recall, least=least, most=most)
        figures.append(_figure(f"recall {name}", results, of_size, _faces(results, least, most)))
    return [figure for figure in figures if np.isfinite(figure.value)]


def by_colour(seen: Sequence[Seen], threshold: float) -> list[Figure]:
    """Return the recall on pictures that are black and white and on those in colour."""
    groups = {"black and white": [one for one in seen if one.grey], "colour": [one for one in seen if not one.grey]}
    figures = []
    for name, members in groups.items():
        results = [one.judged(threshold) for one in members]
        if _faces(results):
            figures.append(_figure(name, results, recall, _faces(results)))
    return figures


def _faces(results: Sequence[Judged], least: float = 48.0, most: float = np.inf) -> int:
    return sum(int((one.counted & (one.sides >= least) & (one.sides < most)).sum()) for one in results)


def _figure(name: str, results: Sequence[Judged], figure: Callable[[Sequence[Judged]], float], n: int) -> Figure:
    low, high = interval(results, figure)
    return Figure(name, figure(results), low, high, n)


def without_colour(sample: Sample) -> Sample:
    """Return the sample with its picture made black and white."""
    pixels = sample.signal.pixels.mean(axis=2, keepdims=True).round().astype(np.uint8).repeat(3, axis=2)
    return replace(sample, signal=type(sample.signal)(pixels))
