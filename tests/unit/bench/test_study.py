"""Studies: what is read, what is compared, what is kept, and what a user sees."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from click.testing import CliRunner

from mien import registry
from mien.bench import study as studying
from mien.bench.study import Finding, compare, read_studies, read_study
from mien.bench.trial import run_study
from mien.cli.main import app
from mien.errors import InputError, OptionError
from mien.metrics.bootstrap import Interval
from mien.metrics.categorical import accuracy

ROOT = Path(__file__).parents[3]
DECLARED = """
kind = "study"
name = "{name}"
summary = "Does guessing better help?"
mechanism = "a better guess"
trial = "test/guess"
data = []
metric = "accuracy"
seeds = {seeds}
expected = "a gain"
references = ["our own (2026)"]
[options]
items = 200
[without]
right = 0.5
[with]
right = {right}
"""


class Guess:
    """Guesses of which a stated share is right."""

    metrics: ClassVar[dict[str, Any]] = {"accuracy": accuracy}
    defaults: ClassVar[dict[str, Any]] = {"items": 200, "shown": True}
    ran: ClassVar[list[tuple[float, int]]] = []

    def run(self, options: Mapping[str, Any], seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        Guess.ran.append((options["right"], seed))
        rng = np.random.default_rng(seed)
        truth = np.random.default_rng(9).integers(0, 2, options["items"])
        return {"accuracy": (truth, np.where(rng.random(options["items"]) < options["right"], truth, 1 - truth))}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(registry.TABLE["trial"], "test/guess", f"{__name__}:Guess")  # type: ignore[arg-type]
    monkeypatch.setattr(Guess, "ran", [])
    return declare(tmp_path / "studies")


def declare(root: Path, name: str = "guess", right: float = 0.9, seeds: str = "[0, 1, 2]") -> Path:
    (root / name).mkdir(parents=True)
    (root / name / "study.toml").write_text(DECLARED.format(name=name, right=right, seeds=seeds), encoding="utf-8")
    return root


def test_every_declared_study_can_be_read_and_its_trial_knows_its_metric() -> None:
    for study in read_studies(ROOT / "studies"):
        assert study.name == study.folder.name
        assert study.trial in registry.names("trial")
        assert study.without != study.with_
        finding = study.finding()
        if finding is not None:
            assert finding.metric == study.metric
            assert len(finding.without) == len(finding.with_) == len(study.seeds)
            means = np.mean(finding.with_) - np.mean(finding.without)
            assert finding.difference.value == pytest.approx(means, abs=2e-5)


def test_a_true_gain_is_found_and_no_gain_is_null() -> None:
    rng = np.random.default_rng(0)
    truth = [rng.integers(0, 2, 300)] * 3

    def guess(right: float) -> list[np.ndarray]:
        return [np.where(rng.random(300) < right, one, 1 - one) for one in truth]

    before, after, gap = compare(accuracy, truth, guess(0.6), guess(0.8))
    assert 0.1 < gap.low <= gap.value <= gap.high < 0.3
    assert gap.value == pytest.approx(np.mean(after) - np.mean(before), abs=1e-5)
    _, _, none = compare(accuracy, truth, guess(0.7), guess(0.7))
    assert none.low < 0 < none.high
    same = guess(0.7)
    assert compare(accuracy, truth, same, same)[2] == Interval(0.0, 0.0, 0.0)


def test_fewer_than_three_seeds_or_other_items_are_refused() -> None:
    two = [np.zeros(4)] * 2
    with pytest.raises(OptionError, match="2 seeds; allowed: 3"):
        compare(accuracy, two, two, two)
    three = [np.zeros(4)] * 3
    with pytest.raises(OptionError, match="different numbers of items"):
        compare(accuracy, three, three, [np.zeros(5)] * 3)


def test_whole_groups_are_drawn() -> None:
    truth, groups = [np.zeros(400, dtype=int)] * 3, np.repeat(["ada", "bo", "cleo", "dan"], 100)
    without, with_ = [(groups == "bo").astype(int)] * 3, [(groups == "dan").astype(int)] * 3
    by_item = compare(accuracy, truth, without, with_)[2]
    by_group = compare(accuracy, truth, without, with_, groups=groups)[2]
    assert by_item.value == by_group.value == 0.0
    assert by_group.high - by_group.low > 3 * (by_item.high - by_item.low)
    with pytest.raises(OptionError, match=r"groups has the shape \(2,\); allowed: \(400,\)"):
        compare(accuracy, truth, without, with_, groups=groups[:2])


def test_the_groups_of_a_trial_are_kept_and_used(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, alone = read_study(folder / "guess"), Guess.run
    plain = run_study(study, tmp_path / "plain")

    def grouped(self: Guess, options: Mapping[str, Any], seed: int) -> dict[str, tuple[np.ndarray, ...]]:
        (truth, guess), owner = alone(self, options, seed)["accuracy"], np.arange(options["items"]) // 100
        return {"accuracy": (truth, guess, owner)}

    monkeypatch.setattr(Guess, "run", grouped)
    found = run_study(study, tmp_path / "kept")
    assert found.with_ == plain.with_
    assert found.difference != plain.difference
    assert run_study(study, tmp_path / "kept") == found


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.01, 0.2, "gain"), (-0.2, -0.01, "loss"), (-0.1, 0.1, "null"), (0.0, 0.1, "null")]
)
def test_verdict(low: float, high: float, verdict: str) -> None:
    assert Finding("accuracy", 1, [0], [0], Interval(0, low, high)).verdict == verdict


def test_arms_that_have_run_are_not_run_again(folder: Path, tmp_path: Path) -> None:
    study = read_study(folder / "guess")
    finding = run_study(study, tmp_path / "kept")
    assert len(Guess.ran) == 6
    assert finding.verdict == "gain"
    other = read_study(declare(folder, "other", right=0.8) / "other")
    run_study(other, tmp_path / "kept")
    assert sorted(Guess.ran[6:]) == [(0.8, 0), (0.8, 1), (0.8, 2)]  # the arm without is shared
    shown = read_study(declare(folder, "shown", right=0.8) / "shown")
    run_study(replace(shown, options={**shown.options, "shown": True}), tmp_path / "kept")
    assert len(Guess.ran) == 9  # an option as it is by default makes no other arm
    again = run_study(study, tmp_path / "kept")
    assert again == finding == study.finding()
    assert not list(folder.rglob("*.tmp"))


def test_command_shows_what_ran_and_what_did_not(folder: Path, tmp_path: Path) -> None:
    declare(folder, "later", right=0.5001)
    run = CliRunner().invoke
    options = ["studies", "--folder", str(folder)]
    shown = run(app, [*options, "guess", "--run", "--kept", str(tmp_path / "kept")])
    assert shown.exit_code == 0, shown.output
    assert "3 seeds: gain" in shown.output
    every = run(app, [*options, "--json"]).output.splitlines()
    assert {json.loads(line)["study"]: json.loads(line)["found"] is None for line in every} == {
        "guess": False,
        "later": True,
    }
    assert "not run yet" in run(app, options).output


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace("expected", "hoped"), "unknown key 'hoped'"),
        (lambda text: text.replace('summary = "Does guessing better help?"', ""), "lacks summary"),
        (lambda text: text.replace("[0, 1, 2]", "[0]"), "has 1 seeds; allowed: 3"),
        (lambda text: text.replace("=", ":", 1), "cannot be read"),
    ],
)
def test_a_broken_study_is_one_clear_sentence(folder: Path, change: Any, sentence: str) -> None:
    path = folder / "guess" / studying.FILE
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises((InputError, OptionError), match=sentence):
        read_study(path.parent)


def test_a_broken_result_is_one_clear_sentence(folder: Path) -> None:
    (folder / "guess" / studying.RESULT).write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="result"):
        read_study(folder / "guess").finding()


def test_no_study_and_an_unknown_metric(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no study"):
        read_studies(tmp_path / "nothing")
    path = folder / "guess" / studying.FILE
    path.write_text(path.read_text(encoding="utf-8").replace('"accuracy"', '"beauty"'), encoding="utf-8")
    with pytest.raises(OptionError, match="metric 'beauty'; known to test/guess: accuracy"):
        run_study(read_study(folder / "guess"), tmp_path / "kept")
