"""Measure how fast a speech model is on one core, and how soon a partial answer comes while a segment grows.

    python benchmarks/speech_latency.py [--model speech-base] [--repeat 3] [--save]

The sound is made: five voices that speak without a pause. Real-time factors are seconds of work for a second of sound:

- `model`: what the model alone does with the finished segments, one by one: its features and its heads.
- `perceiver`: a stream with its partial answers, whole: measurement of frames, segments, model, whose voice it is, and
  the quality of the voice.
- `perceiver_final`: the same with the final answers alone, as `mien analyze` reads a file.

The latency of a partial answer runs from the moment a piece of 100 ms is given to the stream until the answer to the
segment so far is there; it is told by how much of the segment was heard by then, up to 1, 2, 4 and 6 s. With `--save`,
the row is also written to results/speech/latency.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mien.learn.speech.publish import golden_sounds
from mien.perceive.speech import DEFAULT, SpeechPerceiver
from mien.perceive.speech.activity import ActivityOptions
from mien.perceive.speech.fold import SpeechFold
from mien.perceive.speech.frames import RATE, Measurer
from mien.perceive.speech.heads import heads_of
from mien.perceive.speech.reader import Reader
from mien.perceive.speech.segments import SECONDS, Segment, Segmenter, SegmentOptions
from mien.runtime import load
from mien.types import Audio, Sound

SAVED = Path(__file__).resolve().parents[1] / "results" / "speech" / "latency.json"
LENGTH = 26.0
"""Seconds that each voice speaks: some segments of the longest kind."""
PIECE = 0.1
EVERY = 0.5
HEARD = (1, 2, 4, 6)
"""Seconds of a segment up to which an answer is told; one each half second lies between two of them."""
Latencies = dict[int, list[float]]


def voices() -> list[Sound]:
    """The made voices, without the noise that comes after them."""
    return [Sound(Audio(samples[None], RATE)) for samples in golden_sounds(seconds=LENGTH)[:-1]]


def segments_of(model: str, sounds: Sequence[Sound]) -> list[Segment]:
    """The finished segments, as the card of the model cuts them."""
    options = load(model).info.options
    found: list[Segment] = []
    for sound in sounds:
        activity, cut = ActivityOptions.read(options["activity"]), SegmentOptions.read(options["segments"])
        segmenter, measurer = Segmenter(cut, activity, partial=False), Measurer()
        for block in [*measurer.push(sound.audio.mono()), *measurer.finish()]:
            found += segmenter.push(block)
        found += segmenter.finish()
    return found


def model_factor(model: str, segments: Sequence[Segment]) -> float:
    """Seconds that the model takes for one second of its segments, one by one as in a stream."""
    opened = load(model, threads=1)
    reader = Reader(opened, load("speech-voices", threads=1), heads_of(opened.info))
    reader.read(segments[:1])  # the graph is opened when first run
    seconds = _timed(lambda: [reader.read([segment]) for segment in segments])
    return seconds / sum(len(segment.frames) * SECONDS for segment in segments)


def stream_factor(perceiver: SpeechPerceiver, sounds: Sequence[Sound], *, partial: bool) -> float:
    """Seconds that a stream takes for one second of sound."""

    def play() -> None:
        for sound in sounds:
            fold = perceiver.fold(partial=partial, every=EVERY)
            for piece in pieces(sound):
                fold.push(piece)
            fold.finish()

    return _timed(play) / sum(sound.audio.duration for sound in sounds)


def latencies(perceiver: SpeechPerceiver, sounds: Sequence[Sound]) -> Latencies:
    """Seconds until each partial answer, by how much of the segment it had heard."""
    found: Latencies = {heard: [] for heard in HEARD}
    for sound in sounds:
        fold = perceiver.fold(every=EVERY)
        for piece in pieces(sound):
            for heard, seconds in _answered(fold, piece):
                found[heard].append(seconds)
    return found


def _answered(fold: SpeechFold, piece: Sound) -> Iterator[tuple[int, float]]:
    """Give one piece to a stream; yield the time that its partial answer took, where there is one that counts."""
    began = time.perf_counter()
    updates = fold.push(piece)
    seconds = time.perf_counter() - began
    if len(updates) == 1 and not updates[0].final and updates[0].affect.span is not None:
        length = updates[0].affect.span.duration
        yield from ((heard, seconds) for heard in HEARD if heard - EVERY < length <= heard)


def pieces(sound: Sound) -> Iterator[Sound]:
    """A sound as a live source gives it."""
    samples, size = sound.audio.samples, round(PIECE * RATE)
    for start in range(0, samples.shape[1], size):
        yield Sound(Audio(samples[:, start : start + size], RATE), start / RATE)


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(model: str, repeat: int) -> dict[str, Any]:
    """Measure a model so many times and return a row; of factors the median and the range."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    began, sounds = time.perf_counter(), voices()
    perceiver = SpeechPerceiver(model=model, threads=1)
    segments = segments_of(model, sounds)
    stream_factor(perceiver, sounds[:1], partial=True)  # graphs are opened and caches are filled
    factors: dict[str, list[float]] = {"model": [], "perceiver": [], "perceiver_final": []}
    waited: Latencies = {heard: [] for heard in HEARD}
    for _ in range(repeat):
        factors["model"].append(model_factor(model, segments))
        factors["perceiver"].append(stream_factor(perceiver, sounds, partial=True))
        factors["perceiver_final"].append(stream_factor(perceiver, sounds, partial=False))
        for heard, found in latencies(perceiver, sounds).items():
            waited[heard] += found
    metrics = {f"{name}_real_time_factor": _spread(values) for name, values in factors.items()}
    metrics |= {name: value for heard in HEARD for name, value in _ranks(heard, waited[heard]).items()}
    return _row(perceiver, repeat, time.perf_counter() - began, metrics)


def _spread(values: Sequence[float]) -> dict[str, float]:
    middle, low, high = statistics.median(values), min(values), max(values)
    return {name: round(value, 5) for name, value in (("value", middle), ("low", low), ("high", high))}


def _ranks(heard: int, waited: Sequence[float]) -> dict[str, Any]:
    """Median and 95th percentile in milliseconds, and of how many answers."""
    if not waited:
        raise SystemExit(f"no partial answer came after {heard} s; the segments of the model are too short")
    middle, late = (round(1000 * float(np.percentile(waited, rank)), 2) for rank in (50, 95))
    return {
        f"partial_{heard}s_p50_milliseconds": middle,
        f"partial_{heard}s_p95_milliseconds": late,
        f"partial_{heard}s_answers": len(waited),
    }


def _row(perceiver: SpeechPerceiver, repeat: int, seconds: float, metrics: dict[str, Any]) -> dict[str, Any]:
    info = perceiver.info
    return {
        "task": "speech/latency",
        "model": info.name,
        "n": repeat,
        "seconds": round(seconds, 1),
        "metrics": metrics,
        "version": info.version,
        "seeds": [],
        "command": f"python benchmarks/speech_latency.py --model {info.name} --repeat {repeat} --save",
        "note": (
            f"One core; five made voices of {LENGTH:.0f} s each. Factors are seconds of work for a second of sound: of "
            "the model alone on finished segments, of a stream with an answer each half second and the measures of the "
            "voice, and of one with final answers alone. Latency runs from the giving of 100 ms of sound to the "
            "partial answer, when up to 1, 2, 4 and 6 s of the segment were heard."
        ),
    }


def save(row: dict[str, Any]) -> None:
    """Write the row in place of an earlier one of the same model."""
    kept = json.loads(SAVED.read_text(encoding="utf-8")) if SAVED.is_file() else []
    rows = [one for one in kept if one["model"] != row["model"]] + [row]
    SAVED.parent.mkdir(parents=True, exist_ok=True)
    SAVED.write_text(json.dumps(sorted(rows, key=lambda one: one["model"]), indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=DEFAULT, help="name or folder")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--save", action="store_true", help="also write results/speech/latency.json")
    given = parser.parse_args()
    row = measure(given.model, given.repeat)
    print(json.dumps(row))
    if given.save:
        save(row)


if __name__ == "__main__":
    main()
