"""Nothing is missing: every model has its card, hashes, golden file, recipe and results; every name its page."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from mien.bench import Task
from mien.fuse.reliability import METRICS
from mien.registry import find, names
from mien.runtime import find_assets, open_asset

ROOT = Path(__file__).parents[2]
RESULTS = sorted((ROOT / "results").rglob("*.json"))
OWN = sorted(card.parent for card in (ROOT / "src" / "mien" / "assets").glob("*/card.toml"))
PACKAGES = sorted(path.parent for path in (ROOT / "packages").glob("*/pyproject.toml"))
FOLDERS = [*OWN, *sorted(card.parent for card in (ROOT / "packages").glob("*/src/*/*/card.toml"))]


def test_there_are_models() -> None:
    assert {folder.name for folder in OWN} >= {"text-affect", "speech-base", "face-finder", "face-expression"}
    assert set(find_assets()) >= {folder.name for folder in OWN}


def test_there_are_packages() -> None:
    assert {folder.name for folder in PACKAGES} >= {"mien-multilingual", "mien-research"}


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_package_is_found_by_its_entry_point(folder: Path) -> None:
    stated = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    (module,) = stated["project"]["entry-points"]["mien.assets"].values()
    assert stated["project"]["name"] == folder.name
    assert stated["project"]["dependencies"] == ["mien"]
    assert stated["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [f"src/{module}"]
    assert (folder / "src" / module / "__init__.py").is_file()
    assert {card.parents[1].name for card in folder.glob("src/*/*/card.toml")} <= {module}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_model_is_whole(folder: Path) -> None:
    asset = open_asset(folder)
    assert asset.info.name == folder.name
    for item in asset.info.files:
        assert asset.file(item.name).stat().st_size == item.bytes
    listed = {item.name for item in asset.info.files} | {"card.toml", "CARD.md", "golden.npz"}
    assert {path.name for path in folder.iterdir()} <= listed
    assert (folder / "golden.npz").is_file()
    assert (ROOT / asset.info.recipe / "recipe.toml").is_file()
    assert (ROOT / asset.info.recipe / "README.md").is_file()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_card_says_what_it_must(folder: Path) -> None:
    info = open_asset(folder).info
    assert info.trained_on
    assert info.scores
    assert info.not_for
    assert all(row.low is not None and row.high is not None for row in info.scores if row.n)
    if any(not row.commercial for row in info.trained_on):
        assert info.line == "research"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_card_text_is_generated_from_the_card(folder: Path) -> None:
    markdown = pytest.importorskip("mien.learn.card", reason="the text is written by the learning side")
    assert (folder / "CARD.md").read_text(encoding="utf-8") == markdown.card_markdown(open_asset(folder).info)


@pytest.mark.parametrize("name", names("task"))
def test_task_has_results(name: str) -> None:
    task = find("task", name)
    assert isinstance(task, Task)
    assert task.name == name
    rows = json.loads((ROOT / "results" / f"{name}.json").read_text(encoding="utf-8"))
    assert rows
    assert {row["task"] for row in rows} == {name}


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: str(path.relative_to(ROOT / "results")))
def test_results_have_their_shape(path: Path) -> None:
    for row in json.loads(path.read_text(encoding="utf-8")):
        assert {"model", "n", "seconds", "metrics", "version", "seeds", "command"} <= set(row)
        for metric in row["metrics"].values():  # a count or a size is a plain number
            low, value, high = (
                (metric["low"], metric["value"], metric["high"]) if isinstance(metric, dict) else (metric,) * 3
            )
            assert low <= value <= high


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_main_scores_of_the_card_are_the_results(folder: Path) -> None:
    info = open_asset(folder).info
    for task in {score.task for score in info.scores} & set(names("task")):
        rows = json.loads((ROOT / "results" / f"{task}.json").read_text(encoding="utf-8"))
        found = next(row["metrics"] for row in rows if (row["model"], row["version"]) == (info.name, info.version))
        scores = [score for score in info.scores if (score.task, score.split) == (task, "test")]
        stated = {score.metric: score.value for score in reversed(scores)}
        for metric in set(stated) & set(found):
            assert stated[metric] == pytest.approx(found[metric]["value"], abs=6e-4), (task, metric)


@pytest.mark.parametrize("name", ["text-affect", "speech-base", "face-expression"])
def test_what_fusing_rests_on_was_measured_on_validation(name: str) -> None:
    score = next(score for score in find_assets()[name].info.scores if score.split == "validation")
    rows = json.loads((ROOT / "results" / f"{score.task}-validation.json").read_text(encoding="utf-8"))
    found = next(row["metrics"] for row in rows if row["model"] == name)
    assert score.metric in METRICS
    assert score.value == pytest.approx(found[score.metric]["value"], abs=6e-4)


@pytest.mark.parametrize("name", names("recipe"))
def test_recipe_has_folder(name: str) -> None:
    assert (ROOT / "recipes" / name / "recipe.toml").is_file()
