"""Own labels for speech: a table of recordings in, a model folder out that everything takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")
pytest.importorskip("sklearn")
pytest.importorskip("torch")

from mien import pipeline
from mien.agent import analyze
from mien.cli.main import run
from mien.errors import InputError, OptionError, UnknownNameError
from mien.learn.own import recordings, train
from mien.learn.own.fitting import Linear, bounds_of, parts
from mien.learn.own.heads import Input, write_classes
from mien.learn.own.table import read_labels
from mien.perceive.speech import SpeechPerceiver
from mien.runtime import find_asset
from mien.types import Affect, Audio, Sound
from mien.types.taxonomies import EKMAN7, RAVDESS8

from .voices import MOODS, RATE, SPEAKERS, Samples, hush, record, say, write_table, write_wave

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rows]:
    """A folder with a table and its recordings, and the rows."""
    folder = tmp_path_factory.mktemp("voices")
    rows = record(folder / "clips")
    write_table(folder / "moods.csv", rows)
    return folder, rows


@pytest.fixture(scope="module")
def own(recorded: tuple[Path, Rows]) -> Path:
    """A model of labels of nobody's taxonomy."""
    folder, _ = recorded
    return train("speech", folder / "moods.csv", folder / "moods").folder


def sound(samples: Samples) -> Sound:
    return Sound(Audio(samples[None], RATE))


def read(model: Path, sounds: Sequence[Samples]) -> list[Affect]:
    affects = SpeechPerceiver(model=str(model), threads=1).read([sound(samples) for samples in sounds])
    return [affect for affect in affects if affect is not None]


def test_labels_are_learnt_and_what_is_not_taught_is_the_bases(own: Path) -> None:
    fresh = [say(mood, "bo", 9) for mood in MOODS]
    lively, weary = read(own, fresh)
    assert lively.categories is not None
    assert weary.categories is not None
    assert (lively.categories.top[0], weary.categories.top[0]) == ("lively", "weary")
    assert lively.categories.taxonomy.labels == ("lively", "weary")
    assert lively.categories.probs.sum() == pytest.approx(1)
    assert lively.model == "moods"
    for affect, base in zip((lively, weary), read(Path("speech-base"), fresh), strict=True):
        for name in ("valence", "arousal", "dominance"):
            assert getattr(affect, name).mean == pytest.approx(getattr(base, name).mean, abs=1e-5)
        assert [one.note for one in affect.evidence] == [
            "valence, arousal and dominance are derived from the labels of ravdess8, not measured"
        ]


def test_card_tells_what_was_learnt(own: Path) -> None:
    info = find_asset(str(own)).info
    scores = {row.metric: row for row in info.scores}
    assert scores["macro_f1"].value > 0.8
    assert scores["accuracy"].split == "validation"
    assert scores["accuracy"].note == "rows that were left out, by speaker"
    assert info.trained_on[-1].corpus == "moods.csv"
    assert {row.head for row in info.calibration} == {"labels", "confidence"}
    # It keeps network and head of the shipped model, which are research: so is the whole, though files have lines.
    assert info.line == "research"
    lines = {"base-derived.onnx": "research", "own-labels.onnx": "open", "trunk.onnx": "research"}
    assert {row.name: row.line for row in info.files} == lines
    assert info.not_for == find_asset("speech-base").info.not_for
    assert "moods.csv" in (own / "CARD.md").read_text(encoding="utf-8")


def test_golden_answers_are_reproduced(own: Path) -> None:
    with np.load(own / "golden.npz") as golden:
        sounds, before = golden["input_sounds"].astype(np.float32), golden["output_probs"]
        valence = golden["output_valence"]
    affects = SpeechPerceiver(model=str(own), threads=2).read([sound(samples) for samples in sounds])
    nothing = np.zeros(before.shape[1])
    now = np.stack([nothing if a is None or a.categories is None else a.categories.probs for a in affects])
    np.testing.assert_allclose(now, before, atol=1e-5)
    assert not before[-1].any()  # the last is noise
    assert [0.0 if a is None or a.valence is None else a.valence.mean for a in affects] == pytest.approx(
        valence.tolist(), abs=1e-5
    )


def test_the_folder_goes_wherever_a_speech_model_goes(
    own: Path, recorded: tuple[Path, Rows], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    clip = recorded[0] / recorded[1][0]["file"]
    analysis = analyze(clip, modalities=["speech"], models=[str(own)])
    categories = analysis.tracks[0].affects[0].categories
    assert categories is not None
    assert categories.top[0] == "lively"
    fused = analysis.fused[0].affects[0]
    assert "lively" in fused.labels
    assert fused.categories is not None
    assert fused.categories.taxonomy == EKMAN7
    assert any("no published map" in warning for warning in analysis.warnings)
    assert analysis.models[0].name == "moods"
    assert run(["analyze", str(clip), "--model", str(own), "--out", str(tmp_path)]) == 0
    assert run(["perceive", "speech", str(clip), "--model", str(own)]) == 0
    assert '"lively"' in capfd.readouterr().out
    assert pipeline(str(own))(clip)[0]["label"] == "lively"


def test_a_task_of_other_labels_refuses_it(own: Path) -> None:
    from mien.bench.tasks.speech import RAVDESS
    from mien.datasets import Sample
    from mien.types import Distribution

    truth = Affect(Distribution(RAVDESS8, np.eye(8)[0]))
    sample = Sample("one", sound(say("weary", "bo", 1)), truth, {"speaker": "bo"})
    with pytest.raises(OptionError, match="the model answers in moods, but the task asks for ravdess8"):
        RAVDESS.answer([sample], str(own))


def test_labels_of_a_published_taxonomy_need_the_network_alone(recorded: tuple[Path, Rows], tmp_path: Path) -> None:
    folder, rows = recorded
    named = {"lively": "happy", "weary": "sad"}
    table = write_table(folder / "named.csv", [{**row, "label": named[row["label"]]} for row in rows])
    train("speech", table, tmp_path / "named")
    info = find_asset(str(tmp_path / "named")).info
    assert [row.name for row in info.files] == ["own-labels.onnx", "trunk.onnx"]
    assert info.line == "research"
    assert info.trained_on[-1].corpus == "named.csv"
    (affect,) = read(tmp_path / "named", [say("lively", "bo", 9)])
    assert affect.categories is not None
    assert affect.categories.taxonomy.name != "named"
    assert affect.categories.top[0] == "happy"
    assert affect.valence is not None
    assert "derived from the categories" in affect.evidence[0].note


def test_ratings_are_learnt_and_the_labels_stay(recorded: tuple[Path, Rows], tmp_path: Path) -> None:
    folder, rows = recorded
    rated = [
        {"file": row["file"], "valence": "0.6" if row["label"] == "lively" else "-0.4", "arousal": f"{place % 3 / 10}"}
        for place, row in enumerate(rows)
    ]
    report = train("speech", write_table(folder / "rated.csv", rated), tmp_path / "rated")
    assert {row.metric for row in report.scores} == {"r_valence", "r_arousal"}
    fresh = [say(mood, "cleo", 9) for mood in MOODS]
    lively, weary = read(tmp_path / "rated", fresh)
    assert lively.valence is not None
    assert weary.valence is not None
    assert lively.valence.mean > 0.2 > weary.valence.mean
    assert lively.valence.std > 0
    base = read(Path("speech-base"), fresh)[0]
    assert lively.categories is not None
    assert base.categories is not None
    np.testing.assert_allclose(lively.categories.probs, base.categories.probs, atol=1e-5)
    assert lively.dominance is not None
    assert [one.note for one in lively.evidence] == ["dominance is derived from the categories, not measured"]
    # What was learnt can be built on: labels of its own, with the ratings that it has.
    train("speech", folder / "moods.csv", tmp_path / "again", base=str(tmp_path / "rated"))
    (again,) = read(tmp_path / "again", fresh[:1])
    assert again.categories is not None
    assert again.categories.top[0] == "lively"
    assert again.valence is not None
    assert again.valence.mean == pytest.approx(lively.valence.mean, abs=1e-5)


def test_parts_of_long_recordings_are_learnt_without_speakers(tmp_path: Path) -> None:
    """Two stretches of one recording are never on both sides; what no row names is not heard."""
    rows: Rows = []
    for number, speaker in enumerate(list(SPEAKERS) * 2):
        pieces, time = [hush(0.6)], 0.6
        for mood in ("lively", "weary", "lively", "weary"):
            pieces += [say(mood, speaker, len(rows)), hush(0.6)]
            rows.append({"file": f"talk{number}.wav", "start": f"{time - 0.3}", "end": f"{time + 1.5}", "label": mood})
            time += 1.8
        write_wave(tmp_path / f"talk{number}.wav", np.concatenate(pieces))
    labels = read_labels(write_table(tmp_path / "talks.csv", rows), item="file", timed=True)
    for left in parts(len(labels), labels.codes, labels.groups, seed=0):
        inside = {labels.items[row] for row in left}
        assert not inside & {labels.items[row] for row in set(range(len(labels))) - set(left.tolist())}
    report = train("speech", tmp_path / "talks.csv", tmp_path / "talks")
    assert report.scores[1].value > 0.8
    assert report.scores[1].note == "rows that were left out, by recording"


def test_recordings_without_a_voice_are_named_and_left_out(recorded: tuple[Path, Rows], tmp_path: Path) -> None:
    folder, rows = recorded
    write_wave(folder / "clips" / "hush.wav", hush())
    silent = {"file": "clips/hush.wav", "label": "weary", "speaker": "bo"}
    told: list[str] = []
    train("speech", write_table(folder / "some.csv", [rows[0], silent, *rows[1:]]), tmp_path / "some", say=told.append)
    assert "no voice was heard in 1 of 25 recordings, which are left out: row 2 (clips/hush.wav)" in told
    assert told[0] == "25 rows, 2 labels (lively, weary), 4 speakers"
    info = find_asset(str(tmp_path / "some")).info
    assert info.scores[0].n == 24
    assert any("1 more rows of it were left out" in line for line in info.limits)
    few = write_table(folder / "few.csv", [*rows[:19], silent, silent])
    with pytest.raises(InputError, match=r"few.csv has 19 rows in which a voice is heard; a model needs 20 or more"):
        train("speech", few, tmp_path / "few")


def test_an_interrupted_run_goes_on_where_it_was(
    recorded: tuple[Path, Rows], own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = recorded
    read_parts, heard, told = recordings.read_parts, [], []

    def cut(path: Path, wanted: Sequence[tuple[float, float | None]]) -> list[Sound]:
        if len(heard) == 10:
            raise KeyboardInterrupt
        heard.append(path)
        return read_parts(path, wanted)

    monkeypatch.setattr(recordings, "read_parts", cut)
    with pytest.raises(KeyboardInterrupt):
        train("speech", folder / "moods.csv", tmp_path / "moods", say=told.append)
    assert told[-1] == "interrupted: no model was written; the same command goes on from here"
    assert not (tmp_path / "moods").exists()
    heard.clear()
    monkeypatch.setattr(recordings, "read_parts", lambda path, wanted: heard.append(path) or read_parts(path, wanted))
    train("speech", folder / "moods.csv", tmp_path / "moods")
    assert len(heard) == 24 - 10
    assert [path.name for path in tmp_path.iterdir()] == ["moods"]
    # What is written is the same, whether it was cut off or not.
    fresh = [say("weary", "ada", 9)]
    one, other = read(tmp_path / "moods", fresh)[0], read(own, fresh)[0]
    assert one.categories is not None
    assert other.categories is not None
    np.testing.assert_allclose(one.categories.probs, other.categories.probs, atol=1e-6)


def test_a_file_of_no_use_is_as_good_as_none(tmp_path: Path) -> None:
    for content in (b"no archive", b"", b"PK\x03\x04 an archive that was cut off"):
        (tmp_path / "kept").write_bytes(content)
        assert recordings._read(tmp_path / "kept") == {}


SPEECH = {"file": "a.wav", "label": "b"}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [{"text": "a", "label": "b"}] * 30,
            "has no column 'file'; its columns: text, label; allowed: file with label",
        ),
        ([{"file": "a", "mood": "b"}] * 30, "with label, or with .* and speaker, start, end"),
        ([{**SPEECH, "start": "soon"}] * 30, "row 1 of .* has the start 'soon'; allowed: seconds from 0 on"),
        ([{**SPEECH, "end": "-1"}] * 30, "row 1 of .* has the end '-1'; allowed: seconds from 0 on"),
        ([{**SPEECH, "start": "3", "end": "2"}] * 30, "row 1 of .* has the start 3 and the end 2; the end must lie"),
        ([SPEECH] * 19, "has 19 rows; a model needs 20 or more"),
        ([SPEECH] * 30, "has one label, 'b', in every row"),
    ],
)
def test_what_cannot_be_learnt_is_told(rows: Rows, told: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=told):
        read_labels(write_table(tmp_path / "a.csv", rows), item="file", timed=True)


def test_an_empty_time_is_the_beginning_or_the_end(tmp_path: Path) -> None:
    rows = [{"file": "a.wav", "start": "", "end": "", "label": f"{place % 2}"} for place in range(20)]
    labels = read_labels(write_table(tmp_path / "a.csv", rows), item="file", timed=True)
    assert set(labels.stretches) == {(0.0, None)}
    assert labels.groups == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"file": "gone.wav"},
            r"row 4 of .* names the recording 'gone.wav', but there is no file .*gone.wav; a path is",
        ),
        ({"file": "clips/noise.wav"}, r"row 4 of .* cannot be heard: .*noise.wav cannot be decoded as audio or video"),
        ({"start": "7"}, r"row 4 of .* cannot be heard: .* holds no sound from 7 s on"),
    ],
)
def test_a_recording_that_cannot_be_heard_is_named(
    recorded: tuple[Path, Rows], changes: dict[str, str], told: str, tmp_path: Path
) -> None:
    folder, rows = recorded
    (folder / "clips" / "noise.wav").write_bytes(b"this is no sound at all")
    timed = [{**row, "start": ""} for row in rows]
    timed[3] |= changes
    with pytest.raises(InputError, match=told):
        train("speech", write_table(folder / "broken.csv", timed), tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_the_command(recorded: tuple[Path, Rows], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder, _ = recorded
    labels, out = str(folder / "moods.csv"), str(tmp_path / "moods")
    assert run(["train", "speech", labels, "--out", out]) == 0
    said = capfd.readouterr()
    assert "24 of 24 recordings heard" in said.err
    assert "macro_f1" in said.err
    assert f"use it with --model {out}" in said.out
    assert run(["train", "speech", labels, "--out", str(tmp_path / "m"), "--full"]) == 2
    assert capfd.readouterr().err == (
        "mien: the way 'full' is not offered for speech, of which a head alone is trained; allowed: head\n"
    )
    assert run(["train", "speech", labels, "--out", str(tmp_path / "m"), "--base", "text-affect"]) == 2
    assert "reads affect from text; mien train speech takes one that reads affect from speech" in capfd.readouterr().err
    assert run(["train", "smell", labels, "--out", str(tmp_path / "m")]) == 2
    assert "'smell' is not one of 'speech', 'text'" in capfd.readouterr().err


def test_a_head_takes_no_feature_further_than_the_table_went(tmp_path: Path) -> None:
    """Else what hardly varied among the rows would outweigh all else where it does."""
    from onnxruntime import InferenceSession

    features = np.random.default_rng(0).normal(size=(40, 3)) * [1.0, 1.0, 1e-6]
    bounds = bounds_of(features, 4.0)
    write_classes(Linear(np.array([[1.0], [0.0], [1e6]]), np.zeros(1)), tmp_path, Input("traits", bounds))
    session = InferenceSession(str(tmp_path / "own-labels.onnx"))
    rows = np.array([[0.5, 0.0, 1e-6], [0.5, 0.0, 3.0]], dtype=np.float32)
    near, far = session.run(None, {"traits": rows})[0][:, 0]
    assert near == pytest.approx(1.5, abs=1e-3)
    assert far < 6


def test_features_that_this_version_does_not_know_are_refused(own: Path, tmp_path: Path) -> None:
    import shutil

    copy = shutil.copytree(own, tmp_path / "copy")
    card = copy / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace('features = "states"', 'features = "waves"'), "utf-8")
    with pytest.raises(UnknownNameError, match="unknown kind of features 'waves'; known: states, traits"):
        SpeechPerceiver(model=str(copy))
