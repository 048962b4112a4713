"""The reader of BRIGHTER on small files of our own, in both layouts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mien.datasets import brighter
from mien.errors import InputError, OptionError
from mien.types.scales import BRIGHTER, BRIGHTER_INTENSITY, SIX

HEADER = "id,text,anger,disgust,fear,joy,sadness,surprise"
ENGLISH = "id,text,anger,fear,joy,sadness,surprise"


def row(**more: Any) -> dict[str, Any]:
    return {"id": "a1", "lang": "deu", "text": "Wie schön", **dict.fromkeys(SIX, 0), **more}


def test_labels_as_published(tmp_path: Path, write_lines: Any) -> None:
    write_lines("track_a/dev/deu.csv", HEADER, 'd1,"Ja, gern",0,0,0,1,0,1', "d2,Na ja,0,0,0,0,0,0")
    write_lines("track_a/dev/tat.csv", HEADER, "t1,Әйе,1.0,0.0,0.0,0.0,0.0,0.0")
    write_lines("track_a/dev/deu_track1_test.csv", HEADER, "x,not of the split,1,1,1,1,1,1")
    first, second, third = brighter.load("validation", tmp_path)
    assert (first.id, first.signal.text, first.group) == ("d1", "Ja, gern", {"language": "deu"})
    assert first.truth.categories.taxonomy == BRIGHTER[""]
    assert [label for label, p in first.truth.categories.as_dict().items() if p == 1] == ["joy", "surprise"]
    assert not second.truth.categories.probs.any()
    assert third.truth.categories.as_dict()["anger"] == 1
    assert [sample.id for sample in brighter.load("validation", tmp_path, languages=["tat"])] == ["t1"]


def test_a_label_that_a_language_was_not_asked_for_is_not_in_its_truth(
    tmp_path: Path, write_lines: Any, write_table: Any
) -> None:
    write_lines("track_a/train/eng.csv", ENGLISH, "e1,Well done,0,0,1,0,0")
    (published,) = brighter.load("train", tmp_path)
    assert published.truth.categories.taxonomy == BRIGHTER["eng"]
    write_table(tmp_path / "text/brighter_track_a/train.parquet", [row(lang="afr", surprise=None, fear=1)])
    (prepared,) = brighter.load("train", tmp_path)
    assert prepared.truth.categories.as_dict() == {"anger": 0, "disgust": 0, "fear": 1, "joy": 0, "sadness": 0}


def test_a_blank_test_file_takes_its_labels_from_the_track_of_intensities(tmp_path: Path, write_lines: Any) -> None:
    write_lines("track_a/test/eng.csv", ENGLISH, "e1,Well done,,,,,")
    with pytest.raises(InputError, match=r"eng\.csv has no labels; needed: labels there or in .*track_b"):
        brighter.load("test", tmp_path)
    write_lines("track_b/test/eng.csv", ENGLISH, "e1,Well done,0,1,3,0,0")
    (sample,) = brighter.load("test", tmp_path)
    assert [label for label, p in sample.truth.categories.as_dict().items() if p == 1] == ["fear", "joy"]


def test_intensities_are_thirds(tmp_path: Path, write_lines: Any, write_table: Any) -> None:
    write_lines("track_b/train/ron.csv", HEADER, "r1,Bine,0,1,2,3,0,0")
    (published,) = brighter.load_intensity("train", tmp_path)
    assert published.truth.categories.taxonomy == BRIGHTER_INTENSITY[""]
    assert published.truth.categories.probs.tolist() == [0, 1 / 3, 2 / 3, 1, 0, 0]
    write_table(tmp_path / "text/brighter_track_b_intensity/test.parquet", [row(joy=3), row(lang="eng", disgust=None)])
    prepared, english = brighter.load_intensity("test", tmp_path)
    assert prepared.truth.categories.as_dict()["joy"] == 1
    assert english.truth.categories.taxonomy == BRIGHTER_INTENSITY["eng"]


@pytest.mark.parametrize("value", ["2", "0.5", "yes", "nan"])
def test_a_broken_label_is_named(tmp_path: Path, value: str, write_lines: Any) -> None:
    write_lines("track_a/train/deu.csv", HEADER, f"d1,Hm,0,0,{value},0,0,1")
    with pytest.raises(InputError, match=f"BRIGHTER text d1 has the fear '{value}'; allowed: 0 to 1"):
        brighter.load("train", tmp_path)


def test_what_is_missing_is_named(tmp_path: Path, write_lines: Any) -> None:
    with pytest.raises(InputError, match=r"holds neither train\.parquet nor track_a/train/<language>\.csv for any of"):
        brighter.load("train", tmp_path)
    write_lines("track_a/train/deu.csv", "id,text,anger", "d1,Hm,0")
    with pytest.raises(InputError, match="lacks the column 'disgust'"):
        brighter.load("train", tmp_path)


def test_unknown_options_are_named(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="'dev' was asked for; allowed: train, validation, test"):
        brighter.load("dev", tmp_path)
    with pytest.raises(OptionError, match="the language 'en' was asked for; allowed: afr, amh"):
        brighter.load("test", tmp_path, languages=["en"])
    with pytest.raises(OptionError, match="the language 'swe' was asked for; allowed: amh, arq"):
        brighter.load_intensity("test", tmp_path, languages=["swe"])


@pytest.mark.data
@pytest.mark.parametrize(("split", "n", "degrees"), [("validation", 8505, 2662)])
def test_the_prepared_corpus_is_whole(split: str, n: int, degrees: int) -> None:
    samples = brighter.load(split)
    assert len(samples) == n
    assert {sample.group["language"] for sample in samples} == set(brighter.LANGUAGES)
    assert len(brighter.load_intensity(split)) == degrees
