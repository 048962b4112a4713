"""Stretches worth looking at: where the mood turns, where it is strongest, and where modalities contradict each other.

A turn is a change point of valence and arousal, found by binary segmentation with a penalty on the number of parts; the
noise is taken from the differences of neighbours. A peak is where an emotion other than neutral is strongest.

References:
    A. J. Scott and M. Knott (1974). A cluster analysis method for grouping means in the analysis of variance.
    Biometrics 30(3), 507-512 (binary segmentation).
    Y.-C. Yao (1988). Estimating the number of change-points via Schwarz' criterion. Statistics and Probability Letters
    6(3), 181-189 (penalty).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float

from mien.types.affect import Affect
from mien.types.analysis import Moment, Track
from mien.types.span import Span

__all__ = ["change_points", "moments"]

MOST = 5
"""Most turns and most conflicts a person; of peaks there is one a label, and as many at most."""

LEAST_PART = 3
"""Least steps between two turns."""

LEAST_TURN = 0.15
"""Least change of mean valence or arousal that is called a turn; the scales are 2 wide."""

LEAST_PEAK = 0.5
CALM = frozenset({"neutral", "calm"})


@dataclass(frozen=True, slots=True)
class _Step:
    span: Span
    affect: Affect


def moments(fused: Sequence[Track]) -> list[Moment]:
    """Return the moments of each person in order of time; affects without a span have none.

    Args:
        fused: One track a person.

    Example:
        >>> moments([Track("ann", "fused")])
        []
    """
    found: list[Moment] = []
    for track in fused:
        steps = [_Step(affect.span, affect) for affect in track.affects if affect.span is not None]
        for unit in ("seconds", "characters"):
            own = [step for step in steps if step.span.unit == unit]
            found += sorted(
                (*_turns(own, track.person), *_peaks(own, track.person), *_conflicts(own, track.person)),
                key=lambda moment: (moment.span.start, moment.span.end, moment.note),
            )
    return found


def change_points(values: Float[np.ndarray, "time dims"]) -> list[int]:
    """Return the first place of each part after the first, in order.

    Args:
        values: Shape ``(time, dims)``, finite.

    Example:
        >>> change_points(np.repeat([[0.0], [1.0]], 10, axis=0))
        [10]
    """
    n_steps = len(values)
    if n_steps < 2 * LEAST_PART:
        return []
    noise = np.median(np.abs(np.diff(values, axis=0)), axis=0) / (0.6745 * 2**0.5)
    scaled = values / np.maximum(noise, 0.02)
    penalty = (1 + values.shape[1]) * np.log(n_steps)
    found: list[int] = []
    waiting = [(0, n_steps)]
    while waiting:
        first, last = waiting.pop()
        gain, split = _best_split(scaled[first:last])
        if gain > penalty:
            found.append(first + split)
            waiting += [(first, first + split), (first + split, last)]
    return sorted(found)


def _best_split(values: Float[np.ndarray, "time dims"]) -> tuple[float, int]:
    """Return how much two means fit better than one, at the best place, and that place."""
    n_steps = len(values)
    if n_steps < 2 * LEAST_PART:
        return 0.0, 0
    total = np.cumsum(values, axis=0)
    before = np.arange(1, n_steps)[:, None]
    left, right = total[:-1] / before, (total[-1] - total[:-1]) / (n_steps - before)
    gain = ((left - right) ** 2 * before * (n_steps - before) / n_steps).sum(axis=1)
    gain[: LEAST_PART - 1], gain[n_steps - LEAST_PART :] = 0, 0
    return float(gain.max()), int(gain.argmax()) + 1


def _turns(steps: Sequence[_Step], person: str) -> list[Moment]:
    known = [step for step in steps if step.affect.valence is not None and step.affect.arousal is not None]
    if not known:
        return []
    values = np.array([_plane(step.affect) for step in known])
    bounds = [0, *change_points(values), len(known)]
    parts = [(known[first:last], values[first:last].mean(axis=0)) for first, last in pairwise(bounds)]
    turns = []
    for (before, old), (after, new) in pairwise(parts):
        if np.abs(new - old).max() >= LEAST_TURN:
            span = before[-1].span.join(after[0].span)
            turns.append(
                (float(np.abs(new - old).max()), Moment(span, person, _turn_note((before, old), (after, new))))
            )
    return [moment for _, moment in sorted(turns, key=lambda turn: -turn[0])[:MOST]]


def _turn_note(before: tuple[Sequence[_Step], np.ndarray], after: tuple[Sequence[_Step], np.ndarray]) -> str:
    place = int(np.argmax(np.abs(after[1] - before[1])))
    name, (old, new) = ("valence", "arousal")[place], (before[1][place], after[1][place])
    labels = _usual(before[0]), _usual(after[0])
    words = f": {labels[0]}, then {labels[1]}" if labels[0] != labels[1] else ""
    return f"{name} {'rises' if new > old else 'falls'} from {old:+.2f} to {new:+.2f}{words}"


def _peaks(steps: Sequence[_Step], person: str) -> list[Moment]:
    best: dict[str, tuple[float, Moment]] = {}
    for step in steps:
        if step.affect.categories is None:
            continue
        label, share = step.affect.categories.top
        strength = min(share, 1.0 if step.affect.confidence is None else step.affect.confidence)
        if label in CALM or strength < LEAST_PEAK or strength <= best.get(label, (0.0, None))[0]:
            continue
        best[label] = strength, Moment(step.span, person, f"strongest {label} ({strength:.2f})")
    return [moment for _, moment in sorted(best.values(), key=lambda peak: -peak[0])[:MOST]]


def _conflicts(steps: Sequence[_Step], person: str) -> list[Moment]:
    """Return the conflicts with the most weight over time, neighbours with the same labels as one."""
    runs: dict[str, list[tuple[float, Span]]] = {}
    said = [(note, weight, step.span) for step in steps for note, weight in _notes(step.affect)]
    for note, weight, span in said:
        own = runs.setdefault(note, [])
        if own and span.start - own[-1][1].end <= span.duration:
            own[-1] = own[-1][0] + weight, own[-1][1].join(span)
        else:
            own.append((weight, span))
    ranked = sorted(
        ((weight, Moment(span, person, note)) for note, own in runs.items() for weight, span in own),
        key=lambda conflict: -conflict[0],
    )
    return [moment for _, moment in ranked[:MOST]]


def _notes(affect: Affect) -> Iterator[tuple[str, float]]:
    for reason in affect.evidence:
        if reason.source == "conflict":
            said = [part.rpartition(" (")[0] or part for part in reason.note.split(", ")]
            yield f"conflict: {', '.join(said)}", reason.weight


def _plane(affect: Affect) -> tuple[float, float]:
    return (affect.valence.mean if affect.valence else 0.0, affect.arousal.mean if affect.arousal else 0.0)


def _usual(steps: Sequence[_Step]) -> str:
    """Return the label that the steps share out most to."""
    total: dict[str, float] = {}
    for step in steps:
        if step.affect.categories is not None:
            for label, share in step.affect.categories.as_dict().items():
                total[label] = total.get(label, 0.0) + share
    return max(total, key=lambda label: total[label]) if total else "unknown"
