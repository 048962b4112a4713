"""Answers of folds: what is read, what is scored, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.bench.folds import FoldAnswers, arousal_gap, aroused, read_answers, seed_score, silence_scores
from mien.errors import InputError, OptionError
from mien.metrics.categorical import accuracy
from mien.types.taxonomies import RAVDESS8


def columns(right: float = 1.0, seed: int = 0, n: int = 64) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % len(RAVDESS8)
    said = np.where(rng.random(n) < right, labels, (labels + 1) % len(RAVDESS8))
    sure = np.where(said == labels, 3.0, 1.0)
    return {
        "labels": labels,
        "logits": (np.eye(len(RAVDESS8))[said] * sure[:, None]).astype(np.float32),
        "speaker": np.array([f"{place // 16}" for place in range(n)]),
        "clip_id": np.array([f"clip {place}" for place in range(n)]),
    }


def answers(**given: Any) -> FoldAnswers:
    held = columns(**given)
    return FoldAnswers(held["labels"], held["logits"], held["speaker"], {"clip_id": held["clip_id"]})


def test_what_a_recipe_leaves_is_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "folds-0.npz", allow_pickle=False, **columns())
    found = read_answers(tmp_path / "folds-0.npz")
    assert np.array_equal(found.said, found.labels)
    assert np.allclose(found.probs.sum(axis=1), 1)
    assert found.facts["clip_id"][3] == "clip 3"


def test_labels_out_of_the_question_get_no_probability(tmp_path: Path) -> None:
    held = columns()
    held["logits"][:, 1] = -1e9
    np.savez(tmp_path / "a.npz", **held)
    assert read_answers(tmp_path / "a.npz").probs[:, 1].max() == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": None}, "lack labels; needed: labels, logits, speaker"),
        ({"speaker": np.array(["ada"])}, "all must have the same, one or more"),
        ({"logits": np.zeros(64)}, "all must have the same, one or more"),
    ],
)
def test_broken_answers_are_refused(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    held = {name: array for name, array in {**columns(), **change}.items() if array is not None}
    np.savez(tmp_path / "a.npz", **held)
    with pytest.raises(InputError, match=words):
        read_answers(tmp_path / "a.npz")


def test_a_missing_file_and_one_that_is_none_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_answers(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("no archive")
    with pytest.raises(InputError, match="cannot be read"):
        read_answers(tmp_path / "text.npz")


def test_excited_labels_follow_the_norms() -> None:
    high = {label for label, one in zip(RAVDESS8.labels, aroused(RAVDESS8), strict=True) if one}
    assert high == {"happy", "angry", "fearful", "disgust", "surprised"}


def test_the_gap_is_of_recalls() -> None:
    high = aroused(RAVDESS8)
    truth = np.arange(8)
    said = np.where(high[truth], truth, (truth + 1) % 8)
    assert arousal_gap(high)(truth, said) == 1.0
    assert arousal_gap(high)(truth, truth) == 0.0
    with pytest.raises(OptionError, match="needs items of both"):
        arousal_gap(high)(truth[high], truth[high])


def test_silence_leaves_the_answers_that_are_right() -> None:
    found = silence_scores([answers(right=0.7, seed=seed) for seed in range(2)])
    assert found["accuracy_at_50%"].value == 1.0
    assert 0.5 < found["accuracy_at_100%"].value < 0.9
    assert found["area_under_risk_coverage"].value < 1 - found["accuracy_at_100%"].value


def test_the_score_is_the_mean_over_seeds() -> None:
    runs = [answers(right=right) for right in (1.0, 0.5)]
    parts = [(run.labels, run.said, run.speaker) for run in runs]
    each = [accuracy(truth, said) for truth, said, _ in parts]
    found = seed_score(parts, accuracy)
    assert found.value == pytest.approx(np.mean(each), abs=1e-5)
    assert found.low <= found.value <= found.high
