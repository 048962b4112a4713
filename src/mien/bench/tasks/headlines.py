"""The task on the headlines of SemEval-2007, of which those that EmoBank teaches do not count."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from mien.bench.answers import Answers, mean_score, means, perceived, probabilities, score
from mien.bench.task import Task
from mien.datasets import Sample, emobank
from mien.datasets.written import letters
from mien.metrics.dimensional import pearson
from mien.types.project import project
from mien.types.scales import SEMEVAL2007_INTENSITY6
from mien.types.taxonomies import EKMAN7

__all__ = ["SEMEVAL2007"]

EMOTIONS = SEMEVAL2007_INTENSITY6.labels


@cache
def _learnt() -> frozenset[str]:
    """Return the sentences of EmoBank that a model may have learnt from or been chosen by."""
    samples = (sample for split in ("train", "validation") for sample in emobank.load(split))
    return frozenset(letters(sample.signal.text) for sample in samples)


def _is_new(sample: Sample) -> bool:
    return letters(sample.signal.text) not in _learnt()


def _answer(samples: Sequence[Sample], model: str) -> Answers:
    """Answer how probable each basic emotion is, and valence."""
    affects, truths = perceived(samples, model), [sample.truth for sample in samples]
    shares = probabilities([None if affect is None else project(affect, EKMAN7) for affect in affects], EKMAN7)
    intensities = probabilities(truths, SEMEVAL2007_INTENSITY6)
    rated = {emotion: intensities[:, SEMEVAL2007_INTENSITY6.index(emotion)] for emotion in EMOTIONS}
    said = {emotion: shares[:, EKMAN7.index(emotion)] for emotion in EMOTIONS}
    return Answers(
        {"valence": means(truths, "valence"), **rated},
        {"valence": means(affects, "valence"), **said},
    )


SEMEVAL2007 = Task(
    name="text/semeval2007",
    summary="How intense are six emotions of a headline, and how pleasant is it? The headlines of the test split that "
    "are not in the training or validation split of EmoBank; an emotion's probability answers for its intensity.",
    corpus="semeval2007",
    split="test",
    model="text-affect",
    answer=_answer,
    metrics={
        "r_valence": score(pearson, "valence", "valence"),
        "r_mean": mean_score(pearson, EMOTIONS),
        **{f"r_{emotion}": score(pearson, emotion, emotion) for emotion in EMOTIONS},
    },
    keep=_is_new,
    n=140,
)
