"""The task on sets of words, with a perceiver that answers as told."""

from __future__ import annotations

import numpy as np
import pytest

from mien.bench.tasks import GOEMOTIONS_WHEELS, wheels
from mien.datasets import Sample
from mien.metrics.open_vocabulary import wheel_f1
from mien.types import Affect, Distribution, Span, Utterance
from mien.types.taxonomies import GOEMOTIONS28


def affect(*labels: str) -> Affect:
    return Affect(Distribution(GOEMOTIONS28, np.array([float(label in labels) for label in GOEMOTIONS28.labels])))


class Told:
    """Says of two comments that they are amused and afraid, and nothing of the third."""

    def read(self, signals):
        return [affect("amusement"), affect("fear"), None]

    def decide(self, found):
        return tuple(label for label, p in found.categories.as_dict().items() if p)


def test_labels_are_compared_through_every_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "build", lambda kind, name, *, model: Told())
    truth = [("joy", "pride"), ("nervousness",), ("anger",)]
    samples = [Sample("a", Utterance("Hm", Span(0, 2, "characters")), affect(*labels)) for labels in truth]
    found = GOEMOTIONS_WHEELS.answer(samples, "any")
    for level in (1, 2):
        expected = wheel_f1(truth, [("amusement",), ("fear",), ()], level=level)
        assert GOEMOTIONS_WHEELS.metrics[f"f1_level{level}"](found).value == pytest.approx(expected)
    assert GOEMOTIONS_WHEELS.metrics["f1_parrott_level1"](found).value == pytest.approx(2 / 3)
    assert GOEMOTIONS_WHEELS.metrics["recall_level1"](found).low >= 0
