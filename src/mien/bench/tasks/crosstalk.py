"""Conversations without pauses: readers who begin at once when another ends, or before.

Who sounds when is known exactly, since each reader was recorded alone: a frame is spoken where the reader's sentence is
not far below its own loud parts. That is measured by level alone, not by the detector that is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float

from mien.bench.tasks.voices import LONGEST_TURN, PER_COUNT, RATE, TURNS_EACH, pieces_of
from mien.datasets import Sample
from mien.metrics.bootstrap import Interval, interval
from mien.metrics.diarization import activity, diarization_error
from mien.metrics.ranking import average_precision
from mien.perceive import perceive
from mien.perceive.speech import find_turns
from mien.registry import build
from mien.types import Span, Track, Turn

__all__ = ["OVERLAP", "Crosstalk", "conversations", "crosstalk_answer"]

STEP = 0.1
HOP = int(RATE * STEP)
DEEP = 30.0
"""Decibels below its loud parts at which a sentence is silent."""
AT_ONCE, OVERLAPPED = (0.0, 0.1), (0.5, 2.0)
"""Seconds: of silence between two readers, or for which both speak; one or the other by chance."""
BREATH = 0.3
NEAR = 0.5
"""Seconds by which a change of reader may be off."""

Samples = Float[np.ndarray, " _"]


@dataclass(frozen=True, slots=True, eq=False)
class Crosstalk:
    """One conversation: its sound, the turns, and where at least two readers sound in steps of `STEP`."""

    samples: Samples
    turns: tuple[Turn, ...]
    overlapped: Bool[np.ndarray, " steps"]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What was found in one conversation.

    Args:
        error: Diarization error of the turns; where two speak at once, one of them is missed.
        found: Changes of reader near which another voice begins; and how many there are.
        at_once: The same of changes without overlap.
        right: Changes of voice near which another reader begins; and how many there are.
        overlapped: Where two readers sound.
        overlap: How likely two voices at once were held to be.
    """

    error: float
    found: tuple[int, int]
    at_once: tuple[int, int]
    right: tuple[int, int]
    overlapped: Bool[np.ndarray, " steps"]
    overlap: Float[np.ndarray, " steps"]


def conversations(samples: Sequence[Sample], *, counts: Sequence[int] = (2, 3), seed: int = 0) -> list[Crosstalk]:
    """Return conversations of two and three readers, `PER_COUNT` of each number."""
    rng = np.random.default_rng(seed)
    by_speaker: dict[str, list[Samples]] = {}
    for sample in samples:
        by_speaker.setdefault(sample.group["speaker"], []).append(_bare(sample.signal.audio.mono()))
    return [_conversation(by_speaker, count, rng) for count in counts for _ in range(PER_COUNT)]


def crosstalk_answer(samples: Sequence[Sample], model: str) -> list[Heard]:
    """Return what the perceiver finds in each conversation."""
    perceiver = build("perceiver", "speech/affect", voices=model)
    return [_heard(one, perceive(perceiver, pieces_of(one.samples))) for one in conversations(samples)]


def _conversation(by_speaker: Mapping[str, list[Samples]], count: int, rng: np.random.Generator) -> Crosstalk:
    chosen = rng.choice(sorted(by_speaker), size=count, replace=False)
    order = rng.permutation(np.repeat(chosen, TURNS_EACH))
    queues = {name: list(rng.permutation(len(by_speaker[name]))) for name in chosen}
    said: list[tuple[int, Samples, str]] = []
    end, before, length = BREATH, "", 0.0
    for name in map(str, order):
        sentence = by_speaker[name][queues[name].pop()][: int(LONGEST_TURN * RATE)]
        shorter = min(length, len(sentence) / RATE)
        start = end + (BREATH if name == before else _gap(shorter, rng))
        said.append((int(start * RATE), sentence, name))
        before, length = name, len(sentence) / RATE
        end = start + length
    return _mixed(said, int((end + BREATH) * RATE))


def _gap(shorter: float, rng: np.random.Generator) -> float:
    """Seconds between two readers; they overlap by at most half of the shorter sentence."""
    if rng.random() < 0.5:
        return -min(float(rng.uniform(*OVERLAPPED)), shorter / 2.0)
    return float(rng.uniform(*AT_ONCE))


def _mixed(said: Sequence[tuple[int, Samples, str]], length: int) -> Crosstalk:
    samples = np.zeros(length, np.float32)
    sounding = np.zeros(-(-length // HOP), dtype=np.int64)
    for start, sentence, _ in said:
        samples[start : start + len(sentence)] += sentence
        placed = np.zeros(length, np.float32)
        placed[start : start + len(sentence)] = sentence
        sounding += _spoken(placed)
    turns = [Turn(name, Span(start / RATE, (start + len(sentence)) / RATE)) for start, sentence, name in said]
    return Crosstalk(samples, tuple(turns), sounding > 1)


def _bare(sentence: Samples) -> Samples:
    """A sentence without the silence before and after it."""
    spoken = np.flatnonzero(_spoken(sentence))
    return sentence[spoken[0] * HOP : (spoken[-1] + 1) * HOP]


def _spoken(samples: Samples) -> Bool[np.ndarray, " steps"]:
    """Steps not far below the loud ones."""
    steps = np.pad(samples, (0, -len(samples) % HOP)).reshape(-1, HOP)
    level = 10.0 * np.log10((steps.astype(np.float64) ** 2).mean(axis=1) + 1e-12)
    return np.asarray(level > np.percentile(level[level > -110.0], 90) - DEEP)


def _heard(one: Crosstalk, tracks: Sequence[Track]) -> Heard:
    turns = find_turns(tracks)
    duration = len(one.samples) / RATE
    truth, estimate = (_table(some, duration) for some in (one.turns, turns))
    mine, at_once, theirs = _changes(one.turns), _changes(one.turns, overlapped=False), _changes(turns)
    return Heard(
        diarization_error(truth, estimate).total,
        (_near(mine, theirs), len(mine)),
        (_near(at_once, theirs), len(at_once)),
        (_near(theirs, mine), len(theirs)),
        one.overlapped,
        _overlap(tracks, len(one.overlapped)),
    )


def _table(turns: Sequence[Turn], duration: float) -> Bool[np.ndarray, "frames speakers"]:
    return activity([turn.span for turn in turns], [str(turn.speaker) for turn in turns], duration=duration)[0]


def _changes(turns: Sequence[Turn], *, overlapped: bool = True) -> Float[np.ndarray, " changes"]:
    """Times at which somebody else begins; if asked, only where the one before has ended."""
    pairs = [(turn.span, later.span) for turn, later in pairwise(turns) if later.speaker != turn.speaker]
    return np.array([later.start for before, later in pairs if overlapped or later.start > before.end - STEP])


def _near(times: Float[np.ndarray, " some"], others: Float[np.ndarray, " others"]) -> int:
    if not len(others):
        return 0
    return int((np.abs(times[:, None] - others[None]).min(axis=1) <= NEAR).sum())


def _overlap(tracks: Sequence[Track], n_steps: int) -> Float[np.ndarray, " steps"]:
    """The highest overlap that any voice has in each step."""
    highest = np.zeros(n_steps)
    for track in tracks:
        curve = track.curve("overlap")
        if curve is not None:
            values = np.nan_to_num(curve.values[:n_steps])
            highest[: len(values)] = np.maximum(highest[: len(values)], values)
    return highest


def _over_all(score: Callable[[Sequence[Heard]], float]) -> Callable[[Sequence[Heard]], Interval]:
    """Score with whole conversations drawn for the interval."""

    def measure(heard: Sequence[Heard]) -> Interval:
        places = np.arange(len(heard))
        return interval(lambda drawn, _: score([heard[place] for place in drawn]), places, places)

    return measure


def _share(name: str, heard: Sequence[Heard]) -> float:
    counts = np.array([getattr(one, name) for one in heard]).sum(axis=0)
    return float(counts[0] / max(1, counts[1]))


def _precision(heard: Sequence[Heard]) -> float:
    return average_precision(
        *(np.concatenate([getattr(one, name) for one in heard]) for name in ("overlapped", "overlap"))
    )


def _marked(heard: Sequence[Heard], *, recall: bool) -> float:
    truth, marked = (np.concatenate([getattr(one, name) for one in heard]) > 0.5 for name in ("overlapped", "overlap"))
    return float((truth & marked).sum() / max(1, (truth if recall else marked).sum()))


OVERLAP: Mapping[str, Callable[[Sequence[Heard]], Interval]] = {
    "diarization_error": _over_all(lambda heard: float(np.mean([one.error for one in heard]))),
    "changes_found": _over_all(partial(_share, "found")),
    "changes_found_at_once": _over_all(partial(_share, "at_once")),
    "changes_right": _over_all(partial(_share, "right")),
    "overlap_average_precision": _over_all(_precision),
    "overlap_recall": _over_all(partial(_marked, recall=True)),
    "overlap_precision": _over_all(partial(_marked, recall=False)),
    "overlap_share": _over_all(lambda heard: float(np.mean(np.concatenate([one.overlapped for one in heard])))),
}
"""`overlap_share` is what a guess would reach as average precision."""
