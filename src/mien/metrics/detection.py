"""How well boxes are found: recall at an overlap, false alarms on empty pictures, with regions to ignore.

A picture is judged on its own (`judge`); sums over pictures give the figures (`recall`, `alarms_per_empty`). Their
intervals come from drawing whole pictures again (`interval`), so that faces of one picture never pass as independent.

References:
    Everingham et al., "The Pascal Visual Object Classes (VOC) Challenge", 2010 (greedy matching at IoU 0.5).
    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993 (percentile intervals).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from mien.errors import OptionError

__all__ = ["Found", "Judged", "Marked", "alarms_per_empty", "interval", "judge", "point_error", "recall"]

OVERLAP = 0.5
"""Intersection over union from which a box counts as the same face."""

LEAST_SIDE = 48.0
"""Longer side, in pixels of the picture, from which a face counts in the main figure."""


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """What is true of one picture.

    Attributes:
        boxes: x0, y0, x1, y1 in pixels.
        ignore: True for a region that counts neither as a miss nor as a false alarm.
        points: Five points per face in pixels; ``nan`` where unknown.
    """

    boxes: Float[np.ndarray, "faces 4"]
    ignore: Bool[np.ndarray, " faces"]
    points: Float[np.ndarray, "faces 5 2"] | None = None

    @property
    def empty(self) -> bool:
        """Whether the picture holds neither a face nor a region to ignore."""
        return len(self.boxes) == 0


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a finder said of one picture."""

    boxes: Float[np.ndarray, "n 4"]
    scores: Float[np.ndarray, " n"]
    points: Float[np.ndarray, "n 5 2"] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One picture's result.

    Attributes:
        hit: For each marked box, whether a found one met it.
        counted: For each marked box, whether it is to be found.
        sides: For each marked box, its longer side in pixels.
        false: For each found box, whether it meets neither a face nor a region to ignore.
        errors: For each marked box, mean distance of its points as a share of its mean side; ``nan`` where unknown.
        empty: Whether the picture holds nothing to find or ignore.
    """

    hit: Bool[np.ndarray, " faces"]
    counted: Bool[np.ndarray, " faces"]
    sides: Float[np.ndarray, " faces"]
    false: Bool[np.ndarray, " n"]
    errors: Float[np.ndarray, " faces"]
    empty: bool


def judge(found: Found, marked: Marked, *, overlap: float = OVERLAP) -> Judged:
    """Match found boxes to marked ones, best score first, each marked face once.

    A found box that meets no free face is forgiven where it overlaps a region to ignore enough, or where at least half
    of it lies inside one.

    Args:
        found: The finder's boxes.
        marked: The truth.
        overlap: Intersection over union from which two boxes are the same, on (0, 1].

    Raises:
        OptionError: The overlap is not in (0, 1].
    """
    if not 0 < overlap <= 1:
        raise OptionError(f"an overlap of {overlap} was given; allowed: above 0, at most 1")
    pairs = _overlaps(found.boxes, marked.boxes)
    partner = _partners(np.where(marked.ignore, 0.0, pairs), found.scores, overlap)
    forgiven = ((pairs >= overlap) | (_coverage(found.boxes, marked.boxes) >= overlap)) & marked.ignore
    hit = np.isin(np.arange(len(marked.boxes)), partner)
    return Judged(
        hit=hit,
        counted=~marked.ignore,
        sides=(marked.boxes[:, 2:] - marked.boxes[:, :2]).max(axis=1, initial=0.0),
        false=(partner < 0) & ~forgiven.any(axis=1),
        errors=_errors(found, marked, partner),
        empty=marked.empty,
    )


def recall(results: Sequence[Judged], *, least: float = LEAST_SIDE, most: float = np.inf) -> float:
    """Share of the faces with a longer side in [least, most) that were found; ``nan`` where there are none."""
    chosen = [result.counted & (result.sides >= least) & (result.sides < most) for result in results]
    faces = sum(int(choice.sum()) for choice in chosen)
    hits = sum(int(result.hit[choice].sum()) for result, choice in zip(results, chosen, strict=True))
    return hits / faces if faces else float("nan")


def alarms_per_empty(results: Sequence[Judged]) -> float:
    """False boxes per picture that holds no face at all; ``nan`` where there is no such picture."""
    alarms = [int(result.false.sum()) for result in results if result.empty]
    return float(np.mean(alarms)) if alarms else float("nan")


def point_error(results: Sequence[Judged], *, least: float = LEAST_SIDE) -> float:
    """Mean distance of the five points over found faces with known points, as a share of the face's mean side."""
    errors = [result.errors[result.hit & (result.sides >= least)] for result in results]
    known = np.concatenate([*errors, np.zeros(0)])
    known = known[~np.isnan(known)]
    return float(known.mean()) if len(known) else float("nan")


def interval(
    results: Sequence[Judged], figure: Callable[[Sequence[Judged]], float], *, rounds: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """95 % bootstrap interval of a figure over whole pictures.

    Args:
        results: One per picture.
        figure: What is measured, such as `recall`.
        rounds: How often the pictures are drawn again.
        seed: Seed of the draws.

    Returns:
        Lower and upper bound; ``nan`` where the figure has no value.
    """
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(results), (rounds, len(results)))
    values = np.array([figure([results[index] for index in draw]) for draw in draws])
    if np.isnan(values).all():
        return float("nan"), float("nan")
    low, high = np.nanquantile(values, (0.025, 0.975))
    return float(low), float(high)


def _partners(pairs: np.ndarray, scores: np.ndarray, overlap: float) -> np.ndarray:
    """For each found box the marked face that it meets, or -1; the best score chooses first."""
    partner = np.full(len(scores), -1)
    free = pairs.copy()
    for index in np.argsort(-scores, kind="stable"):
        if free.shape[1] and free[index].max() >= overlap:
            partner[index] = int(free[index].argmax())
            free[:, partner[index]] = 0.0
    return partner


def _errors(found: Found, marked: Marked, partner: np.ndarray) -> np.ndarray:
    errors = np.full(len(marked.boxes), np.nan)
    if found.points is None or marked.points is None:
        return errors
    met = partner >= 0
    away = np.linalg.norm(found.points[met] - marked.points[partner[met]], axis=-1).mean(axis=-1)
    sides = (marked.boxes[:, 2:] - marked.boxes[:, :2]).mean(axis=1)
    errors[partner[met]] = away / sides[partner[met]]
    return errors


def _shared(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    low = np.maximum(ones[:, None, :2], others[None, :, :2])
    high = np.minimum(ones[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(axis=-1))


def _areas(boxes: np.ndarray) -> np.ndarray:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=-1))


def _overlaps(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    shared = _shared(ones, others)
    return np.asarray(shared / np.maximum(_areas(ones)[:, None] + _areas(others)[None, :] - shared, 1e-9))


def _coverage(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.asarray(_shared(ones, others) / np.maximum(_areas(ones), 1e-9)[:, None])
