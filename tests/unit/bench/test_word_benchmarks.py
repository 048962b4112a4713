"""The benchmarks on single words, and on writers and readers, on small material of our own."""

from __future__ import annotations

import random
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from mien.metrics.dimensional import mean_pearson

pytest.importorskip("sklearn", reason="the benchmarks need the extra bench")

FOLDER = Path(__file__).parents[3] / "benchmarks"


def script(name: str) -> ModuleType:
    spec = spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def posts(count: int, seed: int) -> list[dict[str, Any]]:
    """Posts of six writers: who is angry and hides it says "grr", which no reader minds; open anger says "argh"."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        hidden, shown = chance.random() < 0.3, chance.random() < 0.1
        text = " ".join(chance.choices(("lorem", "ipsum", "dolor", "magna"), k=6))
        row = {
            "sentence": f"{text} {'grr' if hidden else ''} {'argh' if shown else ''}",
            "userid": f"{seed}-{number % 6}",
        }
        for emotion in ("joy", "sadness", "anticipation", "surprise", "anger", "fear", "disgust", "trust"):
            felt = chance.randrange(4) if emotion != "anger" else 2 * (hidden or shown)
            row[f"writer_{emotion}"] = felt
            for reader in (1, 2, 3):
                row[f"reader{reader}_{emotion}"] = felt if emotion != "anger" else 2 * shown
        rows.append(row)
    return rows


def test_hidden_is_what_no_reader_sees() -> None:
    rows = posts(200, 0)
    hidden = script("readers_writers").is_hidden(rows, "anger")
    assert hidden.tolist() == ["grr" in row["sentence"] and "argh" not in row["sentence"] for row in rows]


def test_agreement_is_perfect_where_readers_say_what_writers_do() -> None:
    found = script("readers_writers").agreement(posts(240, 1))
    assert found["kappa_joy"].value == pytest.approx(1)
    assert found["hidden_joy"].value == 0
    assert 0 < found["kappa_anger"].value < 1
    assert found["hidden_anger"].value > 0.5


def test_hidden_anger_is_found_on_other_writers() -> None:
    benchmark = script("readers_writers")
    found = benchmark.detection(posts(240, 2), posts(240, 3))
    assert found["auc_learned"].value > 0.95
    assert found["auc_words"].value == 0.5  # none of its words occur
    assert found["auc_learned_minus_words"].low > 0


def test_what_is_over_represented_is_found_and_chance_is_not() -> None:
    found = script("readers_writers").expressions(posts(600, 4))
    assert found["ngrams_over"] >= 1
    assert found["ngrams_over_shuffled"] < found["ngrams_over"]


def test_heads_are_measured_on_families_that_they_did_not_see() -> None:
    pytest.importorskip("torch", reason="the benchmark needs the extra learn")
    benchmark = script("norms")
    chance = np.random.default_rng(0)
    features = chance.normal(size=(600, 8))
    families = np.repeat(np.arange(150), 4)
    linear = features @ chance.normal(size=(8, 2))
    assert mean_pearson(linear, benchmark.predicted(features, linear, families)) > 0.99
    words = [f"{'ab' if value > 0 else 'cd'} {number}" for number, value in enumerate(linear[:, 0])]
    assert mean_pearson(linear[:, :1], benchmark.spelled(words, linear[:, :1], families)) > 0.5
    # Four words of a family are alike in all: who had seen three of them could tell the fourth.
    alike, truth = (np.repeat(chance.normal(size=size), 4, axis=0) for size in ((150, 200), (150, 1)))
    assert abs(mean_pearson(truth, benchmark.predicted(alike, truth, families))) < 0.3
