from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from mien.errors import AssetError, OptionError, UnknownNameError
from mien.runtime import Model, find_asset, find_assets, find_fitting, load, open_asset

CARD = """
name = "toy"
version = "1.0.0"
modality = "text"
line = "open"
licence = "Apache-2.0"
summary = "A toy."
recipe = "recipes/toy"
[[files]]
name = "toy.bin"
sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
bytes = 4
licence = "Apache-2.0"
line = "open"
"""


def toy(folder: Path, card: str = CARD, content: bytes = b"test") -> Path:
    folder.mkdir()
    (folder / "card.toml").write_text(card)
    (folder / "toy.bin").write_bytes(content)
    return folder


def test_file_with_its_hash(tmp_path: Path) -> None:
    asset = open_asset(toy(tmp_path / "toy"))
    assert asset.file("toy.bin").read_bytes() == b"test"
    with pytest.raises(AssetError, match=r"lists no file 'other'; listed: toy\.bin"):
        asset.file("other")


def test_altered_file(tmp_path: Path) -> None:
    asset = open_asset(toy(tmp_path / "toy", content=b"tost"))
    with pytest.raises(AssetError, match=r"toy\.bin has the sha256 .*, but its card says 9f86d081884c7d65"):
        asset.file("toy.bin")


def test_what_a_card_does_not_list_is_that_of_the_model_whose_trunk_it_names(tmp_path: Path) -> None:
    trunk = next(item.sha256 for item in find_asset("text-affect").info.files if item.name == "trunk.onnx")
    named = f'trunk = "text-affect"\ntrunk_sha256 = "{trunk}"\n'
    model = load(str(toy(tmp_path / "toy", named + CARD)))
    assert model.file("toy.bin").parent == tmp_path / "toy"
    assert model.file("trunk.onnx").parent.name == "text-affect"
    assert [info.name for info in model.infos] == ["toy", "text-affect"]
    with pytest.raises(AssetError, match="model text-affect lists no file 'other'"):
        model.file("other")


def test_heads_of_another_trunk_are_refused(tmp_path: Path) -> None:
    card = 'trunk = "text-affect"\ntrunk_sha256 = "0123456789abcdef0"\n' + CARD
    with pytest.raises(
        AssetError, match=r"toy was fitted on the trunk 0123456789abcdef\.\.\. of text-affect, which now"
    ):
        load(str(toy(tmp_path / "toy", card)))
    with pytest.raises(UnknownNameError, match="unknown model 'nothing'"):
        load(str(toy(tmp_path / "other", CARD.replace('line = "open"', 'line = "open"\ntrunk = "nothing"', 1))))


def test_only_the_wanted_outputs_are_computed() -> None:
    model = load("text-affect", threads=1)
    feeds = {"ids": np.array([[101, 2307, 102]]), "mask": np.ones((1, 3), np.int64)}
    states, sentence = model.run("trunk", feeds, ["states5", "sentence"])
    assert states.shape == (1, 3, 384)
    assert sentence.shape == (1, 384)
    with pytest.raises(AssetError, match="the graph trunk of text-affect lacks the output 'states9'; make it again"):
        model.run("trunk", feeds, ["states9"])


def test_missing_file(tmp_path: Path) -> None:
    asset = open_asset(toy(tmp_path / "toy"))
    (tmp_path / "toy" / "toy.bin").unlink()
    with pytest.raises(AssetError, match="lacks its file"):
        asset.file("toy.bin")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('version = "1.0.0"\n', ""), "lacks the key 'version'"),
        (('line = "open"\nlicence', 'line = "closed"\nlicence'), "has the line 'closed'; allowed: open, research"),
        (('summary = "A toy."', 'summry = "A toy."'), "has the unknown key 'summry'; known: name"),
        (("[[files]]", "[[files]"), "cannot be read"),
        (("bytes = 4\n", "bytes = 4\nsize = 4\n"), "has the unknown key 'size'"),
    ],
)
def test_bad_card(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert change[0] in CARD
    with pytest.raises(AssetError, match=message):
        open_asset(toy(tmp_path / "toy", CARD.replace(*change, 1)))


def test_folder_without_card(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"has no card\.toml"):
        open_asset(tmp_path)


def test_unknown_model_lists_the_known() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown model 'nobody'; known: .*text-affect"):
        find_asset("nobody")


def test_model_from_a_folder(tmp_path: Path) -> None:
    name, asset = next(iter(find_assets().items()))
    shutil.copytree(asset.folder, tmp_path / "copy")
    assert load(str(tmp_path / "copy")).info.name == name


def test_graph_that_is_none(tmp_path: Path) -> None:
    model = Model(open_asset(toy(tmp_path / "toy", CARD.replace("toy.bin", "toy.onnx"))))
    shutil.copy(tmp_path / "toy" / "toy.bin", tmp_path / "toy" / "toy.onnx")
    with pytest.raises(AssetError, match="cannot be opened"):
        model.run("toy", {})


class Entry:
    """An entry point of another distribution."""

    def __init__(self, value: str) -> None:
        self.value = value


def test_models_of_another_distribution_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "more_models"
    package.mkdir()
    (package / "__init__.py").touch()
    toy(package / "toy")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("mien.runtime.assets.entry_points", lambda group: [Entry("more_models")])
    assert find_asset("toy").file("toy.bin").read_bytes() == b"test"
    assert {"toy", "text-affect"} <= set(find_assets())


def test_broken_distribution_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mien.runtime.assets.entry_points", lambda group: [Entry("gone_models")])
    with pytest.raises(AssetError, match="the models of 'gone_models' cannot be found"):
        find_assets()


@pytest.mark.parametrize(
    ("name", "modality", "affect", "told"),
    [
        ("face-expression", "text", True, "reads affect from face; a task takes one that reads affect from text"),
        ("speech-voices", "speech", True, "reads speech but no affect; a task takes one that reads affect from speech"),
        ("face-expression", "face", False, "reads affect from face; a task takes one that reads face but no affect"),
    ],
)
def test_a_model_of_another_kind(name: str, modality: str, affect: bool, told: str) -> None:
    with pytest.raises(OptionError, match=f"the model '{name}' {told}"):
        find_fitting(name, modality=modality, taker="a task", affect=affect)


def test_a_model_that_fits() -> None:
    assert find_fitting("text-affect", modality="text", taker="a task").info.name == "text-affect"
    assert find_fitting("face-finder", modality="face", taker="a task", affect=False).info.name == "face-finder"
