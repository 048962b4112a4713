"""Speech corpora in both layouts, from tiny made files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.datasets import emodb, librispeech, nemo, ravdess
from mien.errors import InputError, OptionError

soundfile = pytest.importorskip("soundfile")
TONE = 0.1 * np.sin(2 * np.pi * 200 * np.arange(4800) / 48_000)


def write(path: Path, rate: int = 48_000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, TONE, rate)


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    data = io.BytesIO()
    soundfile.write(data, TONE[::3], 16_000, format="FLAC")
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pyarrow.Table.from_pylist([row | {"audio": data.getvalue()} for row in rows]), path)


def test_ravdess_as_published(tmp_path: Path) -> None:
    write(tmp_path / "Actor_02" / "03-01-05-02-01-01-02.wav")
    write(tmp_path / "Actor_21" / "03-01-08-01-01-01-21.wav")
    (sample,) = ravdess.load("train", tmp_path)
    assert sample.id == "03-01-05-02-01-01-02"
    assert sample.truth is not None
    assert sample.truth.categories is not None
    assert sample.truth.categories.top == ("angry", 1.0)
    assert sample.group == {"speaker": "02", "sex": "female", "intensity": "strong"}
    assert sample.signal.audio.rate == 16_000
    assert sample.signal.audio.duration == pytest.approx(0.1, abs=0.01)
    assert [one.group["sex"] for one in ravdess.load("test", tmp_path)] == ["male"]


def test_ravdess_as_a_table(tmp_path: Path) -> None:
    row = {"clip_id": "a", "speaker": "21", "sex": "male", "intensity": "normal", "emotion": "calm", "fold_emobox": 2}
    write_table(tmp_path / "speech" / "ravdess" / "r.parquet", [row | {"split": "test"}, row | {"split": "train"}])
    (sample,) = ravdess.load("test", tmp_path)
    assert sample.truth is not None
    assert sample.truth.categories is not None
    assert sample.truth.categories.top[0] == "calm"
    assert sample.group["fold_emobox"] == "2"


def test_a_strange_name_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "Actor_02" / "03-01-09-02-01-01-02.wav")
    with pytest.raises(InputError, match="is no name of a RAVDESS clip"):
        ravdess.load("train", tmp_path)


def test_nemo_as_published(tmp_path: Path) -> None:
    write(tmp_path / "samples" / "AB0_fear_1.wav", 24_000)
    columns = "file_id\temotion\traw_text\tspeaker_id\tgender\tage\n"
    (tmp_path / "data.tsv").write_text(columns + "AB0_fear_1.wav\tfear\ttak\tAB0\tfemale\t30\n", encoding="utf-8")
    (sample,) = nemo.load("train", tmp_path)
    assert sample.truth is not None
    assert sample.truth.categories is not None
    assert sample.truth.categories.top == ("fear", 1.0)
    assert sample.truth.labels == ("fear",)
    assert sample.group == {"speaker": "AB0", "sex": "female"}


def test_nemo_without_a_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data.tsv").write_text("file_id\temotion\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column 'speaker_id'"):
        nemo.load("train", tmp_path)


def test_emodb_as_published(tmp_path: Path) -> None:
    for name in ("03a01Wa", "14b02Lb", "16a04Fc"):
        write(tmp_path / "wav" / f"{name}.wav", 16_000)
    (anger,) = emodb.load("train", tmp_path)
    assert anger.truth is not None
    assert anger.truth.categories is not None
    assert anger.truth.categories.top[0] == "anger"
    assert anger.group == {"speaker": "03", "sex": "male"}
    (boredom,) = emodb.load("val", tmp_path)
    assert boredom.truth is not None
    assert boredom.truth.categories is None
    assert boredom.truth.labels == ("boredom",)
    assert len(emodb.load("test", tmp_path)) == 1


def test_librispeech_as_published(tmp_path: Path) -> None:
    write(tmp_path / "367" / "130732" / "367-130732-0000.flac", 16_000)
    (sample,) = librispeech.load("test", tmp_path)
    assert sample.truth is None
    assert sample.group == {"speaker": "367"}


def test_readers_who_disturb_training_disturb_no_measurement(tmp_path: Path) -> None:
    assert not set(librispeech.BABBLE["train"]) & set(librispeech.BABBLE["test"])
    for reader in librispeech.BABBLE["test"]:
        for number in range(2):
            write(tmp_path / reader / "1" / f"{reader}-1-000{number}.flac", 16_000)
    voices = librispeech.load_babble("test", tmp_path)
    assert [len(voice) for voice in voices] == [2 * len(TONE)] * 5
    with pytest.raises(InputError, match="LibriSpeech lacks the reader 2414; babble for train needs 2414, 2609"):
        librispeech.load_babble("train", tmp_path)
    with pytest.raises(OptionError, match="'val' was asked for; allowed: train, test"):
        librispeech.load_babble("val", tmp_path)


@pytest.mark.parametrize("corpus", [ravdess, nemo, emodb, librispeech])
def test_splits_and_folders_are_checked(corpus: Any, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="'dev' was asked for; allowed:"):
        corpus.load("dev", tmp_path)
    with pytest.raises(InputError, match="holds neither Parquet tables nor the published files"):
        corpus.load("test", tmp_path)


def test_bytes_that_are_no_sound_are_refused(tmp_path: Path) -> None:
    from mien.datasets.recordings import decode

    with pytest.raises(InputError, match="clip a cannot be decoded"):
        decode(b"no sound", "a")
