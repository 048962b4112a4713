"""The shipped expression model answers as it did when it was made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mien
from mien.perceive.face import ExpressionReader
from mien.runtime import Model, open_asset

FOLDER = Path(mien.__file__).parent / "assets" / "face-expression"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(open_asset(FOLDER))


@pytest.fixture(scope="module")
def golden() -> dict[str, np.ndarray]:
    with np.load(FOLDER / "golden.npz") as arrays:
        return dict(arrays)


@pytest.mark.parametrize("head", ["ferplus", "fer2013"])
def test_answers_are_as_they_were(model: Model, golden: dict[str, np.ndarray], head: str) -> None:
    before = golden[f"output_{head}"]
    now = ExpressionReader(model, head=head).probabilities(golden["input_crops"])  # type: ignore[arg-type]
    assert np.abs(now - before).max() <= 0.02
    sure = np.sort(before, axis=1)[:, -1] - np.sort(before, axis=1)[:, -2] > 0.02
    assert np.array_equal(now.argmax(axis=1)[sure], before.argmax(axis=1)[sure])


def test_the_batch_does_not_matter(model: Model, golden: dict[str, np.ndarray]) -> None:
    reader, crops = ExpressionReader(model), golden["input_crops"]
    alone = np.concatenate([reader.probabilities(crop[None]) for crop in crops])
    assert np.abs(alone - reader.probabilities(crops)).max() <= 1e-4


def test_the_card_states_its_line_and_scores(model: Model) -> None:
    info = model.info
    assert info.line == "research"
    assert {row.head for row in info.calibration} == {"ferplus", "fer2013"}
    scores = {(row.task, row.metric, row.note): row.value for row in info.scores}
    assert scores["face/ferplus", "accuracy", ""] >= 0.82
    assert sum(file.bytes for file in info.files) <= 3_000_000
