"""Tasks on speech."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mien.bench.answers import Answers, places, probabilities, score
from mien.bench.task import Task
from mien.bench.tasks.crosstalk import OVERLAP, crosstalk_answer
from mien.bench.tasks.robust import ROBUSTNESS, robust_answer
from mien.bench.tasks.voices import DIARIZATION, mixtures_answer
from mien.datasets import Sample
from mien.metrics.calibration import ece
from mien.metrics.categorical import accuracy, uar
from mien.registry import build
from mien.types.taxonomies import RAVDESS8

__all__ = ["CROSSTALK", "RAVDESS", "ROBUST", "VOICES"]


def _ravdess(samples: Sequence[Sample], model: str) -> Answers:
    affects = build("perceiver", "speech/affect", model=model).read([sample.signal for sample in samples])
    return Answers(
        {"label": places([sample.truth for sample in samples])},
        {"label": places(affects), "probs": probabilities(affects, RAVDESS8)},
        groups=np.array([sample.group["speaker"] for sample in samples]),
    )


RAVDESS = Task(
    name="speech/ravdess",
    summary="Which of eight emotions does an actor speak with? Four speakers that no training saw.",
    corpus="ravdess",
    split="test",
    model="speech-base",
    answer=_ravdess,
    metrics={
        "uar": score(uar, "label", "label"),
        "accuracy": score(accuracy, "label", "label"),
        "ece": score(ece, "label", "probs"),
    },
    n=240,
)

ROBUST = Task(
    name="speech/robust",
    summary=(
        "How much of speech/ravdess is left in noise, among other voices, in rooms, on the telephone and after Opus? "
        "The babble is four readers of LibriSpeech; rooms are simulated."
    ),
    corpus="ravdess",
    split="test",
    model="speech-base",
    answer=robust_answer,
    metrics=ROBUSTNESS,
    n=240,
)

VOICES = Task(
    name="speech/voices",
    summary="Who speaks when, in conversations made of two or three readers' sentences?",
    corpus="librispeech",
    split="test",
    model="speech-voices",
    answer=mixtures_answer,
    metrics=DIARIZATION,
    n=100,
    count=len,
)

CROSSTALK = Task(
    name="speech/crosstalk",
    summary=(
        "Who speaks when, where changes the reader and when do two speak at once, if readers begin at once or before "
        "another ends?"
    ),
    corpus="librispeech",
    split="test",
    model="speech-voices",
    answer=crosstalk_answer,
    metrics=OVERLAP,
    n=100,
    count=len,
)
