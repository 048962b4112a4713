"""The task on many languages, with a perceiver that answers as told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mien.bench.tasks import BRIGHTER_EMOTIONS, languages
from mien.datasets import Sample
from mien.datasets.brighter import LANGUAGES
from mien.errors import OptionError
from mien.types import Affect, Distribution, Span, Taxonomy, Utterance
from mien.types.scales import BRIGHTER
from mien.types.taxonomies import GOEMOTIONS28

SIX = BRIGHTER[""]


class Told:
    """Answers the same of every text, and asks more of German texts."""

    def __init__(self, taxonomy: Taxonomy, probs: list[float]) -> None:
        self.affect = Affect(Distribution(taxonomy, np.array(probs)))

    def read(self, signals: list[Any]) -> list[Affect]:
        return [self.affect] * len(signals)

    def in_language(self, language: str) -> Told:
        self.thresholds = np.full(6, 0.9 if language == "deu" else 0.5)
        return self


def samples(held: str) -> list[Sample]:
    """One text a language, each with one emotion."""
    found = []
    for language in LANGUAGES:
        taxonomy = BRIGHTER.get(language, SIX)
        truth = Affect(Distribution(taxonomy, np.array([float(label == held) for label in taxonomy.labels])))
        found.append(Sample(language, Utterance("Hm", Span(0, 2, "characters")), truth, {"language": language}))
    return found


def test_each_language_counts_what_was_asked_at_its_own_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(SIX, [0.0, 0.6, 0.0, 0.8, 0.0, 0.6])  # disgust, joy and surprise
    monkeypatch.setattr(languages, "build", lambda kind, name, *, model: told)
    answers = BRIGHTER_EMOTIONS.answer(samples("joy"), "any")
    assert set(answers.truth) == set(LANGUAGES)
    assert answers.estimate["rus"].tolist() == [[False, True, False, True, False, True]]
    assert answers.estimate["eng"].tolist() == [[False, False, True, False, True]]
    assert answers.estimate["afr"].tolist() == [[False, True, False, True, False]]
    assert not answers.estimate["deu"].any()
    assert answers.truth["eng"].tolist() == [[False, False, True, False, False]]
    assert BRIGHTER_EMOTIONS.metrics["macro_f1_eng"](answers).value == pytest.approx(1 / 5)
    mean = (26 - 1) / 6 / 28 + 2 / 5 / 28
    assert BRIGHTER_EMOTIONS.metrics["macro_f1"](answers).value == pytest.approx(mean)


def test_a_model_of_other_labels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "build", lambda kind, name, *, model: Told(GOEMOTIONS28, [0.0] * 28))
    with pytest.raises(OptionError, match="answers in goemotions28, but the task asks for brighter6"):
        BRIGHTER_EMOTIONS.answer(samples("joy"), "text-affect")
