"""Own labels on a speech model that brings a network: the network goes along, the rest is as with any base."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")
pytest.importorskip("sklearn")
pytest.importorskip("torch")

from mien.learn.own import train
from mien.perceive.speech import SpeechPerceiver
from mien.runtime import find_asset
from mien.types import Affect, Audio, Sound

from .voices import MOODS, RATE, Samples, hush, record, say, write_table

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rows]:
    """A folder with a table and its recordings, and the rows."""
    folder = tmp_path_factory.mktemp("voices")
    rows = record(folder / "clips")
    write_table(folder / "moods.csv", rows)
    return folder, rows


@pytest.fixture(scope="module")
def own(recorded: tuple[Path, Rows], states_model: Path) -> Path:
    """A model of labels of nobody's taxonomy; the folder that it was learnt on is gone by now."""
    folder, _ = recorded
    base = Path(shutil.copytree(states_model, folder / "base"))
    made = train("speech", folder / "moods.csv", folder / "moods", base=str(base)).folder
    shutil.rmtree(base)
    return made


def sound(samples: Samples) -> Sound:
    return Sound(Audio(samples[None], RATE))


def read(model: Path, mood: str) -> Affect:
    (affect,) = SpeechPerceiver(model=str(model), threads=1).read([sound(say(mood, "bo", 9))])
    assert affect is not None
    return affect


def test_labels_are_learnt_and_the_network_goes_along(own: Path, states_model: Path) -> None:
    for mood in MOODS:
        affect = read(own, mood)
        assert affect.categories is not None
        assert affect.categories.top[0] == mood
        assert affect.valence is not None  # as it follows from the base's labels
    info, base = find_asset(str(own)).info, find_asset(str(states_model)).info
    assert {row.name for row in info.files} == {"own-labels.onnx", "trunk.onnx", "base-derived.onnx"}
    hashes = [next(row.sha256 for row in one.files if row.name == "trunk.onnx") for one in (info, base)]
    assert hashes[0] == hashes[1]
    assert info.options["features"] == "states"
    assert next(row for row in info.scores if row.metric == "macro_f1").value > 0.8
    # What the base's card tells of its network is repeated; what is said of measured traits is not.
    assert [row.corpus for row in info.trained_on] == ["none", "moods.csv"]
    assert "It knows nothing." in info.limits
    assert not any("gain" in line for line in info.limits)


def test_the_line_of_the_network_holds_for_the_whole(
    recorded: tuple[Path, Rows], states_model: Path, tmp_path: Path
) -> None:
    base = Path(shutil.copytree(states_model, tmp_path / "base"))
    card = base / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace('line = "open"', 'line = "research"'), encoding="utf-8")
    train("speech", recorded[0] / "moods.csv", tmp_path / "moods", base=str(base))
    info = find_asset(str(tmp_path / "moods")).info
    assert info.line == "research"
    assert {row.name: row.line for row in info.files}["own-labels.onnx"] == "open"


def test_golden_answers_are_reproduced(own: Path) -> None:
    with np.load(own / "golden.npz") as golden:
        sounds, before = golden["input_sounds"].astype(np.float32), golden["output_probs"]
    affects = SpeechPerceiver(model=str(own), threads=2).read([sound(samples) for samples in sounds])
    nothing = np.zeros(before.shape[1])
    now = np.stack([nothing if a is None or a.categories is None else a.categories.probs for a in affects])
    np.testing.assert_allclose(now, before, atol=1e-4)


def test_ratings_alone_leave_labels_and_their_confidence(
    recorded: tuple[Path, Rows], states_model: Path, tmp_path: Path
) -> None:
    folder, rows = recorded
    rated = [{"file": row["file"], "valence": "0.6" if row["label"] == "lively" else "-0.4"} for row in rows]
    train("speech", write_table(folder / "rated.csv", rated), tmp_path / "rated", base=str(states_model))
    known = find_asset(str(states_model)).info.options["confidence_heard"]
    assert find_asset(str(tmp_path / "rated")).info.options["confidence_heard"] == known
    one, other = read(tmp_path / "rated", "lively"), read(states_model, "lively")
    assert one.categories is not None
    assert other.categories is not None
    np.testing.assert_allclose(one.categories.probs, other.categories.probs, atol=1e-5)
    assert one.confidence == pytest.approx(other.confidence, abs=1e-4)
    assert one.valence is not None
    assert one.valence.mean > 0.2
    # What was learnt can be built on, network and all.
    train("speech", folder / "moods.csv", tmp_path / "again", base=str(tmp_path / "rated"))
    again = read(tmp_path / "again", "weary")
    assert again.categories is not None
    assert again.categories.top[0] == "weary"
    assert again.valence is not None
    assert again.valence.mean < 0
    assert "confidence_heard" not in find_asset(str(tmp_path / "again")).info.options  # it was the other labels'


def test_a_stream_is_answered_while_somebody_speaks(own: Path) -> None:
    fold = SpeechPerceiver(model=str(own), threads=1).fold()
    updates = fold.push(sound(np.concatenate([say("weary", "ada", 5, seconds=3.0), hush()])))
    assert [update.final for update in updates].count(True) == 1
    assert len(updates) >= 4
    assert all(update.affect.categories and update.affect.categories.top[0] == "weary" for update in updates[1:])
