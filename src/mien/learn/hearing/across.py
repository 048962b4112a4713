"""Each corpus answered by a line that learnt from the others alone, and what makes the gap smaller.

The line reads statistics of the encoder's states as they are before any emotion was learnt, so that nothing in it has
seen the corpus that is left out, but for the pruning, which heard two of them without their labels.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Shaped
from numpy import ndarray

from mien.learn.hearing.material import Material
from mien.learn.hearing.report import write_results
from mien.learn.hearing.stages import LineTrainer
from mien.learn.hearing.states import open_states
from mien.learn.hearing.upper import line, said
from mien.metrics.bootstrap import difference, interval
from mien.metrics.categorical import uar
from mien.types.taxonomies import RAVDESS8

__all__ = ["WAYS", "Corpus", "answered", "write_across"]

NAMES: Mapping[str, Sequence[str]] = {
    "ravdess": ("ravdess",),
    "nemo": ("nemo",),
    "emodb": ("emodb", "emodb_cut2s"),
}
WAYS = ("plain", "copies", "speakers", "copies_speakers")
"""The clips as they are; with copies that sound otherwise; with each speaker against her own mean; with both."""
NEUTRAL, CALM = RAVDESS8.index("neutral"), RAVDESS8.index("calm")
KEPT = "copies"
"""The way whose answers to each clip are kept in a file."""
SPREAD_FLOOR = 1e-3
DRAWS = 300
OUT = -1e9


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """One corpus in numbers.

    Attributes:
        pooled: Statistics of each copy of the clips.
        labels: Places in ``RAVDESS8``; calm counts as neutral.
        speakers: Who speaks.
        clips: Names of the clips.
    """

    pooled: Sequence[Float[ndarray, "clips numbers"]]
    labels: Int[ndarray, " clips"]
    speakers: Shaped[ndarray, " clips"]
    clips: Shaped[ndarray, " clips"]


def write_across(
    corpora: Mapping[str, Material], trainer: LineTrainer, options: Mapping[str, Any], path: Path, model: str
) -> None:
    """Answer each corpus by what the others teach, and write the scores."""
    start = time.monotonic()
    opened = {name: _opened(corpora, parts, trainer, options) for name, parts in NAMES.items()}
    rows = []
    for name, tested in opened.items():
        others = [corpus for other, corpus in opened.items() if other != name]
        logits = {way: answered(others, tested, way) for way in WAYS}
        kept = {"labels": tested.labels, "speaker": tested.speakers, "clip_id": tested.clips, "logits": logits[KEPT]}
        np.savez(path.with_name(f"across-{name}-0.npz"), allow_pickle=False, **kept)
        rows.append(
            {
                "task": f"speech/across-{name}",
                "model": model,
                "n": len(tested.labels),
                "seconds": round(time.monotonic() - start, 1),
                "metrics": _scores(tested, logits),
                "version": "1.0.0",
                "seeds": [0],
                "command": f"python -m mien.learn recipes/{model}",
            }
        )
    write_results(path, rows)


def answered(others: Sequence[Corpus], tested: Corpus, way: str) -> Float[ndarray, "clips labels"]:
    """Return the logits of a line that learnt from other corpora; labels that the corpus has not are out of question.

    Args:
        others: What is learnt from; the clips of each corpus count as often as those of the largest.
        tested: What is answered; its labels are used for which there are, its speakers where a way needs them.
        way: One of `WAYS`.
    """
    numbers, labels = [], []
    largest = max(len(corpus.labels) for corpus in others)
    for corpus in others:
        times = max(1, round(largest / len(corpus.labels)))
        for copy in _copies(corpus, way):
            numbers += [copy] * times
            labels += [corpus.labels] * times
    joined = np.concatenate(labels)
    logits = said(line([np.concatenate(numbers)], joined), _copies(tested, way)[0])
    known = np.isin(np.arange(len(RAVDESS8)), np.intersect1d(tested.labels, joined))
    return np.asarray(np.where(known, logits, OUT))


def _opened(
    corpora: Mapping[str, Material], parts: Sequence[str], trainer: LineTrainer, options: Mapping[str, Any]
) -> Corpus:
    n = min(len(corpora[part].copies) for part in parts)
    found = []
    for part in parts:
        to = Path(options["material"]) / "states" / part
        layers = open_states(trainer.encoder, corpora[part].copies[:n], options["read"], to)
        pooled = [[copy.pooled() for copy in states] for states in layers]
        found.append([np.concatenate(tables, axis=1) for tables in zip(*pooled, strict=True)])
    labels = np.concatenate([corpora[part].labels for part in parts])
    return Corpus(
        [np.concatenate(tables) for tables in zip(*found, strict=True)],
        np.where(labels == CALM, NEUTRAL, labels),
        *(np.concatenate([corpora[part].facts[name] for part in parts]) for name in ("speaker", "clip_id")),
    )


def _copies(corpus: Corpus, way: str) -> list[Float[ndarray, "clips numbers"]]:
    chosen = corpus.pooled if way.startswith("copies") else corpus.pooled[:1]
    if not way.endswith("speakers"):
        return list(chosen)
    return [_against_own_mean(copy, corpus.speakers) for copy in chosen]


def _against_own_mean(
    numbers: Float[ndarray, "clips numbers"], speakers: Shaped[ndarray, " clips"]
) -> Float[ndarray, "clips numbers"]:
    found = np.empty_like(numbers)
    for speaker in np.unique(speakers):
        own = speakers == speaker
        found[own] = (numbers[own] - numbers[own].mean(axis=0)) / (numbers[own].std(axis=0) + SPREAD_FLOOR)
    return found


def _scores(tested: Corpus, logits: Mapping[str, Float[ndarray, "clips labels"]]) -> dict[str, Any]:
    """Return the recall of each way, and how much more than the plain one it finds; whole speakers are drawn."""
    groups, truth = tested.speakers, tested.labels
    said = {way: table.argmax(axis=1) for way, table in logits.items()}
    found = {f"uar_{way}": interval(uar, truth, answers, groups=groups, n=DRAWS) for way, answers in said.items()}
    for way in WAYS[1:]:
        pair = (said["plain"], said[way])
        found[f"gain_{way}"] = difference(uar, truth, pair, groups=groups, n=DRAWS)
    return {
        name: {bound: round(float(getattr(score, bound)), 4) for bound in ("value", "low", "high")}
        for name, score in found.items()
    }
