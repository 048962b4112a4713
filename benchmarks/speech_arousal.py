"""Whether excited voices are read better than calm ones, and whether a raised voice is found.

    MIEN_DATA=... python benchmarks/speech_arousal.py                                  # without a model of mien
    MIEN_DATA=... python benchmarks/speech_arousal.py --answers speech-base=build/speech-base --save

The gap: unweighted recall of the emotions of RAVDESS with a mean arousal above zero by published norms (happy, angry,
fearful, disgust, surprised) less that of the others (neutral, calm, sad), from answers of the six folds of unseen
speakers; for each system of `speech_systems.py` and for the models whose answers are named.

The raised voice: nobody shouts in the corpora at hand, so that the nearest is asked: of an emotion that an actor plays
at two strengths, is a clip the strong one? The area under the curve on speakers unheard, by a linear probe on each kind
of features, and by the level alone, which an unknown distance to the microphone would take away; mien's own traits do
without it. With `--save`, the
figures are also written to results/speech/arousal.json.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import speech_features
from speech_features import Table
from speech_rows import RESULTS, answers_of, options, paired, rounded, row, show
from speech_systems import CORPUS, OTHERS, logistic

from mien.bench.folds import FoldAnswers, arousal_gap, aroused, read_answers, seed_score
from mien.metrics.bootstrap import Interval, interval
from mien.metrics.categorical import uar
from mien.metrics.ranking import auc
from mien.types.taxonomies import RAVDESS8

SCRIPT = "speech_arousal.py"
PROBE_STRENGTH = 0.01
LEVEL = "rms_dbfs"


def gap_row(name: str, runs: Sequence[FoldAnswers]) -> dict[str, Any]:
    """Return the recall of both kinds of emotions, their difference, and that of each emotion."""
    began, high = time.perf_counter(), aroused(RAVDESS8)
    found: dict[str, Interval] = {}
    for kind, wanted in (("high", high), ("low", ~high)):
        found[f"uar_{kind}"] = recall_of(runs, wanted)
    found["gap"] = seed_score([(run.labels, run.said, run.speaker) for run in runs], arousal_gap(high))
    for place, label in enumerate(RAVDESS8.labels):
        found[f"recall_{label}"] = recall_of(runs, np.arange(len(RAVDESS8)) == place)
    own, ran = "" if name in OTHERS else name, (began, range(len(runs)))
    metrics = {key: rounded(score) for key, score in found.items()}
    return row(f"speech/arousal-{name}", metrics, len(runs[0].labels), ran, SCRIPT, model=own, in_corpus=True)


def recall_of(runs: Sequence[FoldAnswers], wanted: np.ndarray) -> Interval:
    """Return the unweighted recall over some labels; answers may be any label."""
    parts = []
    for run in runs:
        kept = wanted[run.labels]
        parts.append((run.labels[kept], run.said[kept], run.speaker[kept]))
    return seed_score(parts, uar)


def strength_row() -> dict[str, Any]:
    """Return how well the stronger of two clips of an emotion is found."""
    began = time.perf_counter()
    kinds = {"whisper": speech_features.states, "egemaps": speech_features.smile, "traits": speech_features.traits}
    tables = {name: features(CORPUS) for name, features in kinds.items()}
    facts = tables["egemaps"].facts
    if any((table.facts["clip_id"] != facts["clip_id"]).any() for table in tables.values()):
        raise SystemExit("the kept features are of other clips; remove build/speech and run again")
    tables["level"] = Table(facts[LEVEL].astype(np.float32)[:, None], facts)
    twice = facts["emotion"] != "neutral"  # which is played at one strength
    truth = (facts["intensity"] == "strong")[twice]
    emotion, speaker = facts["emotion"][twice], facts["speaker"][twice]
    said = {name: strengths(table)[twice] for name, table in tables.items()}
    metrics: dict[str, Any] = {}
    for name, scores in said.items():
        metrics[f"auc_{name}"] = rounded(interval(auc, truth, scores, groups=speaker, n=300))
        for label in np.unique(emotion).tolist():
            metrics[f"auc_{name}_{label}"] = round(auc(truth[emotion == label], scores[emotion == label]), 5)
    for name in kinds:
        metrics[f"auc_{name}_minus_level"] = rounded(paired(auc, [(truth, said["level"], said[name], speaker)]))
    note = (
        "partial: played strength in place of shouting, one studio and one distance. Area under the curve over all "
        "emotions but neutral, six folds of unseen speakers, whole speakers drawn. traits: mien's own, none of which "
        "depends on the gain. level: of the clip alone."
    )
    return row("speech/strength", metrics, len(truth), (began, [0]), SCRIPT, note=note, in_corpus=True)


def strengths(table: Table) -> np.ndarray:
    """Return how strong each clip sounds to a probe that has not heard its speaker."""
    fold, strong = table.facts["fold_emobox"], table.facts["intensity"] == "strong"
    twice = table.facts["emotion"] != "neutral"
    scores = np.zeros(len(strong))
    for one in np.unique(fold):
        inside = (fold != one) & twice
        model = logistic(PROBE_STRENGTH).fit(table.features[inside], strong[inside])
        scores[fold == one] = model.decision_function(table.features[fold == one])
    return scores


def main() -> None:
    given = options(__doc__).parse_args()
    rows = [strength_row()] + [gap_row(name, OTHERS[name]().folds()) for name in OTHERS]
    for model, paths in answers_of(given.answers).items():
        rows.append(gap_row(model, [read_answers(path) for path in paths]))
    show(rows, RESULTS / "arousal.json", save=given.save)


if __name__ == "__main__":
    main()
