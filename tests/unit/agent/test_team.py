"""Which perceivers take part, where the models are named once and used for long."""

from __future__ import annotations

from pathlib import Path

import pytest

from mien.agent import choose, fitting, settle
from mien.errors import AssetError, MienError, OptionError, UnknownNameError


def test_models_are_settled_as_folders(mood: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mood.parent)
    own, installed = settle(["mood", "face-expression"])
    assert own == str(mood)
    assert Path(installed).is_absolute()
    assert choose(["text"], models=[own]).infos("text")[0].name == "mood"


@pytest.mark.parametrize(
    ("models", "kind", "told"),
    [
        (["nobody"], UnknownNameError, "unknown model 'nobody'; known: "),
        (["text-affect", "text-affect"], OptionError, "two models were given for text; allowed: one a modality"),
        (["face-finder"], OptionError, "the model 'face-finder' reads no affect of its own"),
    ],
)
def test_models_that_cannot_be_settled(models: list[str], kind: type[MienError], told: str) -> None:
    with pytest.raises(kind, match=told):
        settle(models)


def test_an_altered_model_is_not_settled(mood: Path) -> None:
    with (mood / "vad.onnx").open("ab") as stream:
        stream.write(b"!")
    with pytest.raises(AssetError, match=r"vad\.onnx has the sha256"):
        settle([str(mood)])


def test_models_that_fit_what_is_asked_for(mood: Path) -> None:
    models = (str(mood), "face-expression")
    assert fitting(models, None) == models
    assert fitting(models, ["face", "speech"]) == ("face-expression",)
    assert fitting(models, ["speech"]) == ()
    with pytest.raises(OptionError, match="the modality 'smell' was asked for"):
        fitting(models, ["smell"])


def test_a_part_of_a_team_is_what_would_have_been_built() -> None:
    whole = choose()
    for modalities, open_only in ((["text"], False), (["face", "speech"], True), (None, True)):
        part, built = whole.only(modalities, open_only=open_only), choose(modalities, open_only=open_only)
        assert part.left_out == built.left_out
        assert list(part.perceivers) == list(built.perceivers)
        assert all(part.perceivers[name] is whole.perceivers[name] for name in part.perceivers)
    with pytest.raises(OptionError, match="the modality 'smell' was asked for"):
        whole.only(["smell"])
