"""The task on single words, with a model that answers as told, and the benchmark of their places."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

from mien.bench.tasks import WORDS, words
from mien.datasets import Sample
from mien.types import Affect, Dimension, Span, Utterance
from mien.types.norms import TERMS
from mien.types.taxonomies import PARROTT

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "word_places.py"


def sample(word: str, valence: float) -> Sample:
    truth = Affect(valence=Dimension(valence, 0.2), arousal=Dimension(0.1, 0.2), dominance=Dimension(0.1, 0.2))
    return Sample(word, Utterance(word, Span(0, len(word), "characters")), truth)


class Told(words.WordReader):
    """Says 0.4 of every word that no list knows."""

    def read_unlisted(self, words):
        return [Affect(valence=Dimension(0.4, 0.1)) for _ in words]


def test_listed_and_read_words_are_measured_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "WordReader", Told)
    found = WORDS.answer([sample("bored", -0.6), sample("table", 0.9), sample("Smirk", 0.35)], "any")
    assert found.truth["valence_listed"].tolist() == [-0.6]
    assert found.estimate["valence_listed"].tolist() == [TERMS["bored"][0]]
    assert found.estimate["valence_listed_read"].tolist() == [0.4]
    assert found.truth["valence_read"].tolist() == [0.9, 0.35]
    assert found.estimate["valence_read"].tolist() == [0.4, 0.4]
    assert found.estimate["arousal_read"].tolist() == [0, 0]  # not known
    assert found.estimate["valence_within"].tolist() == [True, False, True]
    assert set(WORDS.metrics) >= {
        "r_valence_listed",
        "r_arousal_read",
        "r_dominance_listed_read",
        "share_valence_within",
    }


def test_a_tier_counts_what_stands_below() -> None:
    pytest.importorskip("pyarrow", reason="the benchmark needs the extra bench")
    spec = spec_from_file_location("word_places", SCRIPT)
    benchmark = module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    shares = np.zeros((2, len(PARROTT)))
    shares[0, [PARROTT.index("joy/pride/triumph"), PARROTT.index("joy/pride")]] = 0.4, 0.6
    shares[1, PARROTT.index("fear")] = 1
    first, names = benchmark.firsts(shares, 1)
    assert len(names) == 6
    assert first[:, names.index("joy")].tolist() == [1, 0]
    second, names = benchmark.firsts(shares, 2)
    assert len(names) == 25
    assert second[:, names.index("joy/pride")].tolist() == [1, 0]
    assert second[1].sum() == 0  # the belief in fear says nothing of a second tier
