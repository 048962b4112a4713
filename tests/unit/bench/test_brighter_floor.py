"""The floor on BRIGHTER, on a small language of our own."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from mien.datasets import Sample, brighter
from mien.errors import InputError
from mien.types import Affect, Distribution, Span, Utterance
from mien.types.scales import BRIGHTER

pytest.importorskip("sklearn", reason="the floor needs the extra bench")

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "brighter_floor.py"
WORDS = {"anger": "grumble", "fear": "tremble", "joy": "sparkle", "sadness": "sorrow", "surprise": "startle"}
FILLER = ("lorem", "ipsum", "dolor", "amet", "magna")


@pytest.fixture
def floor() -> ModuleType:
    spec = spec_from_file_location("brighter_floor", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made(split: str, root: Path | None = None, *, languages: Iterable[str]) -> list[Sample]:
    """Texts whose words give away the labels; nobody is ever surprised in training."""
    taxonomy = BRIGHTER["eng"]
    chance = random.Random(f"{split} {list(languages)}")
    samples = []
    for number in range(60):
        held = [label for label in WORDS if chance.random() < 0.4 and (split, label) != ("train", "surprise")]
        text = " ".join([chance.choice(FILLER), *(WORDS[label] for label in held), chance.choice(FILLER)])
        probs = np.array([float(label in held) for label in taxonomy.labels])
        truth = Affect(Distribution(taxonomy, probs))
        samples.append(Sample(f"{split}-{number}", Utterance(text, Span(0, len(text), "characters")), truth))
    return samples


def test_thresholds_are_the_best_of_the_split_that_they_are_given(floor: ModuleType) -> None:
    truth = np.array([[1, 0], [1, 0], [0, 0], [0, 0]], dtype=bool)
    probs = np.array([[0.32, 0.9], [0.31, 0.2], [0.28, 0.1], [0.1, 0.1]])
    assert floor.best_thresholds(truth, probs).tolist() == [0.3, 0.5]


def test_a_label_that_training_never_saw_is_never_answered(floor: ModuleType) -> None:
    found = floor.measure({split: made(split, languages=["x"]) for split in brighter.SPLITS})
    truth, estimate = np.array(found["truth"]), np.array(found["estimate"])
    assert truth.shape == estimate.shape == (60, 5)
    assert not estimate[:, 4].any()
    assert truth[:, 4].any()
    assert np.mean(truth[:, :4] == estimate[:, :4]) > 0.9
    assert found["strength"] in floor.STRENGTHS


def test_what_is_chosen_does_not_depend_on_the_test_split(floor: ModuleType) -> None:
    splits = {split: made(split, languages=["x"]) for split in brighter.SPLITS}
    first, second = floor.measure(splits), floor.measure({**splits, "test": splits["test"][:7]})
    assert first["thresholds"] == second["thresholds"]
    assert first["strength"] == second["strength"]
    assert first["estimate"][:7] == second["estimate"]


def test_a_language_without_training_data_is_named(
    floor: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floor.brighter, "load", lambda split, languages: [] if split == "train" else [0])
    with pytest.raises(InputError, match="the corpus has no train texts in zul; needed: train, validation, test"):
        floor.language("zul", tmp_path)


def test_a_run_that_was_cut_off_goes_on(
    floor: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured: list[str] = []
    measure = floor.measure

    def watched(splits):
        if len(measured) == 1 and "again" not in measured:
            measured.append("again")
            raise KeyboardInterrupt
        measured.append("whole")
        return measure(splits)

    monkeypatch.setattr(floor, "measure", watched)
    monkeypatch.setattr(floor.brighter, "load", made)
    monkeypatch.setattr(floor.brighter, "LANGUAGES", ("afr", "amh"))
    monkeypatch.setattr(floor, "RESULT", tmp_path / "floor.json")
    monkeypatch.setattr(floor, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["brighter_floor.py", "--save"])
    assert floor.main() == 130
    assert "goes on from here" in capsys.readouterr().err
    assert floor.main() == 0
    assert measured == ["whole", "again", "whole"]
    (row,) = json.loads((tmp_path / "floor.json").read_text(encoding="utf-8"))
    assert (row["n"], set(row["metrics"])) == (120, {"macro_f1", "macro_f1_afr", "macro_f1_amh"})
    mean = (row["metrics"]["macro_f1_afr"]["value"] + row["metrics"]["macro_f1_amh"]["value"]) / 2
    assert row["metrics"]["macro_f1"]["value"] == pytest.approx(mean, abs=1e-4)
    kept = floor.language("afr", tmp_path / "build" / "brighter-floor")
    assert len(measured) == 3
    monkeypatch.setattr(floor, "STRENGTHS", (1.0,))
    assert floor.language("afr", tmp_path / "build" / "brighter-floor")["mark"] != kept["mark"]
    assert len(measured) == 4
