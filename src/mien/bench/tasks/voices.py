"""Conversations made of readers' sentences, and how well their voices are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mien.datasets import Sample
from mien.metrics.bootstrap import Interval, interval
from mien.metrics.diarization import DiarizationError, activity, diarization_error
from mien.perceive import perceive
from mien.perceive.speech import find_turns
from mien.registry import build
from mien.types import Audio, Sound, Span, Track

__all__ = ["DIARIZATION", "Mixture", "mixtures", "mixtures_answer", "pieces_of"]

RATE = 16_000
PER_COUNT = 20
TURNS_EACH = 3
PAUSE = 0.4
LONGEST_TURN = 8.0
PIECE = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """One conversation: its sound, and who speaks when."""

    samples: np.ndarray
    spans: tuple[Span, ...]
    speakers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """How one conversation was told apart: the error of its turns, of its stretches of speech, and the count."""

    turns: DiarizationError
    stretches: DiarizationError
    right_count: bool


def mixtures(samples: Sequence[Sample], *, counts: Sequence[int] = (2, 3), seed: int = 0) -> list[Mixture]:
    """Return conversations of two and three readers who take turns at random, `PER_COUNT` of each number."""
    rng = np.random.default_rng(seed)
    by_speaker: dict[str, list[np.ndarray]] = {}
    for sample in samples:
        by_speaker.setdefault(sample.group["speaker"], []).append(sample.signal.audio.mono())
    return [_mixture(by_speaker, count, rng) for count in counts for _ in range(PER_COUNT)]


def mixtures_answer(samples: Sequence[Sample], model: str) -> list[Told]:
    """Return how the perceiver tells the voices of each conversation apart."""
    perceiver = build("perceiver", "speech/affect", voices=model)
    return [_told(mixture, perceive(perceiver, pieces_of(mixture.samples))) for mixture in mixtures(samples)]


def _mixture(by_speaker: Mapping[str, list[np.ndarray]], count: int, rng: np.random.Generator) -> Mixture:
    chosen = rng.choice(sorted(by_speaker), size=count, replace=False)
    turns = rng.permutation(np.repeat(chosen, TURNS_EACH))
    queues = {name: list(rng.permutation(len(by_speaker[name]))) for name in chosen}
    parts, spans, end = [np.zeros(int(PAUSE * RATE), np.float32)], [], PAUSE
    for name in turns:
        said = by_speaker[name][queues[name].pop()][: int(LONGEST_TURN * RATE)]
        spans.append(Span(end, end + len(said) / RATE))
        parts += [said, np.zeros(int(PAUSE * RATE), np.float32)]
        end = spans[-1].end + PAUSE
    return Mixture(np.concatenate(parts), tuple(spans), tuple(map(str, turns)))


def pieces_of(samples: np.ndarray) -> list[Sound]:
    """Return a recording in pieces of a second, as a stream would bring them."""
    step = int(PIECE * RATE)
    return [
        Sound(Audio(samples[None, first : first + step], RATE), first / RATE) for first in range(0, len(samples), step)
    ]


def _told(mixture: Mixture, tracks: Sequence[Track]) -> Told:
    turns = [(turn.span, str(turn.speaker)) for turn in find_turns(tracks)]
    stretches = [(span, person) for person, span in _spans(tracks)]
    n_voices = len({person for _, person in stretches})
    return Told(_error(mixture, turns), _error(mixture, stretches), n_voices == len(set(mixture.speakers)))


def _spans(tracks: Sequence[Track]) -> Iterator[tuple[str, Span]]:
    for track in tracks:
        yield from ((track.person, affect.span) for affect in track.affects if affect.span is not None)


def _error(mixture: Mixture, found: Sequence[tuple[Span, str]]) -> DiarizationError:
    duration = len(mixture.samples) / RATE
    truth, _ = activity(mixture.spans, mixture.speakers, duration=duration)
    estimate, _ = activity([span for span, _ in found], [name for _, name in found], duration=duration)
    return diarization_error(truth, estimate)


def _mean(pick: Callable[[Told], float]) -> Callable[[Sequence[Told]], Interval]:
    def measure(told: Sequence[Told]) -> Interval:
        values = np.array([pick(one) for one in told], dtype=np.float64)
        return interval(lambda left, _: float(left.mean()), values, values)

    return measure


DIARIZATION: Mapping[str, Callable[[Sequence[Told]], Interval]] = {
    "diarization_error": _mean(lambda told: told.turns.total),
    "count_right": _mean(lambda told: float(told.right_count)),
    "missed": _mean(lambda told: told.turns.missed),
    "false_alarm": _mean(lambda told: told.turns.false_alarm),
    "confused": _mean(lambda told: told.turns.confused),
    "stretches_error": _mean(lambda told: told.stretches.total),
}
"""For `stretches_error` each pause of more than 0.4 s is missed; the others are of turns, which hold their pauses."""
