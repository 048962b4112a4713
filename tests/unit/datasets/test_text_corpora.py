"""The readers of GoEmotions, EmoBank and SemEval-2018 on small files of our own, in both layouts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mien.datasets import emobank, goemotions, semeval2018
from mien.errors import InputError, OptionError
from mien.types import Span


def write_goemotions(folder: Path, lines: str, *, names: str | None = None) -> Path:
    data = folder / "data"
    data.mkdir(parents=True)
    for name in ("train", "dev", "test"):
        (data / f"{name}.tsv").write_text(lines, encoding="utf-8")
    if names is not None:
        (data / "emotions.txt").write_text(names, encoding="utf-8")
    return folder


def write_emobank(folder: Path, rows: list[str], header: str = "id,split,V,A,D,text") -> Path:
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / "emobank.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return folder


def test_goemotions_as_published(tmp_path: Path) -> None:
    root = write_goemotions(tmp_path, 'Nice "work\t0,15\tc1\nThe bus is late\t27\tc2\n')
    for split in goemotions.SPLITS:
        first, second = goemotions.load(split, root)
        assert first.id == "c1"
        assert first.signal.text == 'Nice "work'
        assert first.signal.span == Span(0, 10, "characters")
        assert [name for name, p in first.truth.categories.as_dict().items() if p == 1] == ["admiration", "gratitude"]
        assert second.truth.categories.top == ("neutral", 1.0)


def test_goemotions_takes_the_order_of_its_label_file(tmp_path: Path) -> None:
    root = write_goemotions(tmp_path, "Hello\t1\tc1\n", names="joy\nsadness\n")
    assert goemotions.load("test", root)[0].truth.categories.top[0] == "sadness"


def test_goemotions_as_table(tmp_path: Path, write_table: Any) -> None:
    row = {"id": "c1", "text": "Thanks!", "labels": [15]}
    write_table(tmp_path / "text" / "goemotions" / "test.parquet", [row])
    assert goemotions.load("test", tmp_path)[0].truth.categories.top[0] == "gratitude"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("no labels\tc1", "has 2 columns; allowed: 3"),
        ("text\tjoy\tc1", "has the labels 'joy'; allowed: numbers"),
        ("text\t28\tc1", "has the label 28; allowed: 0 to 27"),
    ],
)
def test_goemotions_broken(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        goemotions.load("train", write_goemotions(tmp_path, line + "\n"))


def test_emobank_as_published(tmp_path: Path) -> None:
    rows = ["a,train,5,3,1,Great news", 'b,dev,3,3,3,"Well, so what"', "c,test,2.5,3.5,3,Hm"]
    root = write_emobank(tmp_path, rows)
    (sample,) = emobank.load("train", root)
    assert (sample.truth.valence.mean, sample.truth.arousal.mean, sample.truth.dominance.mean) == (1, 0, -1)
    assert sample.truth.valence.std == emobank.RATERS_STD
    assert [sample.signal.text for sample in emobank.load("validation", root)] == ["Well, so what"]
    assert emobank.load("test", root)[0].truth.valence.mean == -0.25


def test_emobank_as_table_knows_spread_and_genre(tmp_path: Path, write_table: Any) -> None:
    row = {"id": "a", "V": 4.0, "A": 3.0, "D": 3.0, "text": "Good", "category": "blog"}
    stds = {f"{side}_std{letter}": 0.5 for side in ("reader", "writer") for letter in "VAD"} | {"reader_stdA": None}
    write_table(tmp_path / "text" / "emobank" / "test.parquet", [row | stds])
    (sample,) = emobank.load("test", tmp_path)
    assert sample.truth.valence.mean == 0.5
    assert sample.truth.valence.std == sample.truth.arousal.std == 0.25
    assert sample.group == {"genre": "blog"}


@pytest.mark.parametrize("rating", ["6", "high", "nan"])
def test_emobank_broken_rating(tmp_path: Path, rating: str) -> None:
    with pytest.raises(InputError, match=r"has the V rating .*; allowed: 1 to 5"):
        emobank.load("train", write_emobank(tmp_path, [f"a,train,{rating},3,3,x"]))


def test_emobank_without_a_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lacks the column 'text'"):
        emobank.load("train", write_emobank(tmp_path, [], header="id,split,V,A,D"))


def write_tweets(folder: Path, rating: str, column: str = "Intensity Score") -> Path:
    lines = f'ID\tTweet\tAffect Dimension\t{column}\nt1\tSo "happy\tvalence\t{rating}\n'
    (folder / "2018-Valence-reg-En-dev.txt").write_text(lines, encoding="utf-8")
    return folder


def test_tweets_in_both_layouts(tmp_path: Path, write_table: Any) -> None:
    (sample,) = semeval2018.load("validation", write_tweets(tmp_path, "0.75"))
    assert (sample.id, sample.signal.text, sample.truth.valence.mean) == ("t1", 'So "happy', 0.5)
    write_table(tmp_path / "text" / "semeval2018_v_en" / "test.parquet", [{"id": "t2", "text": "Hm", "valence": 0.0}])
    assert semeval2018.load("test", tmp_path)[0].truth.valence.mean == -1


def test_tweets_broken(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tweet t1 has the valence '1.5'; allowed: 0 to 1"):
        semeval2018.load("validation", write_tweets(tmp_path, "1.5"))
    with pytest.raises(InputError, match="lacks the column 'Intensity Score'"):
        semeval2018.load("validation", write_tweets(tmp_path, "0.5", column="Score"))


@pytest.mark.parametrize("corpus", [goemotions, emobank, semeval2018])
def test_unknown_split(corpus: Any, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="'dev' was asked for; allowed: train, validation, test"):
        corpus.load("dev", tmp_path)


@pytest.mark.parametrize("year", ["", "2018-"])
def test_tweets_with_intensity_as_published(tmp_path: Path, write_lines: Any, year: str) -> None:
    header = "ID\tTweet\tAffect Dimension\tIntensity Score"
    decoy = "2018-En-mystery-1\tMy friend is here.\tfear\t0.000"
    for emotion in ("anger", "fear", "joy", "sadness"):
        name = f"English/EI-reg/{emotion}/{year}EI-reg-En-{emotion}-test-gold.txt"
        write_lines(name, header, f't1\tSo "{emotion}\t{emotion}\t0.25', decoy)
    found = semeval2018.load_intensity("test", tmp_path)
    assert [sample.group["emotion"] for sample in found] == ["anger", "fear", "joy", "sadness"]
    assert (found[1].id, found[1].signal.text) == ("t1-fear", 'So "fear')
    assert found[1].truth.categories.as_dict() == {"fear": 0.25}


def test_tweets_with_intensity_need_a_file_for_each_emotion(tmp_path: Path, write_lines: Any) -> None:
    write_lines("EI-reg-En-joy-train.txt", "ID\tTweet\tAffect Dimension\tIntensity Score")
    with pytest.raises(InputError, match=r"lacks EI-reg-En-anger-train\.txt; needed: one for each emotion"):
        semeval2018.load_intensity("train", tmp_path)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"intensity": 1.5}, r"tweet t1 has the intensity 1\.5; allowed: 0 to 1"),
        ({"emotion": "trust"}, "tweet t1 has the emotion 'trust'; allowed: anger, fear, joy, sadness"),
    ],
)
def test_tweets_with_intensity_as_table(tmp_path: Path, write_table: Any, changes: dict[str, Any], told: str) -> None:
    path, row = (
        tmp_path / "text/semeval2018_ei_en/test.parquet",
        {"id": "t1", "text": "Hm", "emotion": "joy", "intensity": 0.5},
    )
    write_table(path, [row])
    assert semeval2018.load_intensity("test", tmp_path)[0].truth.categories.as_dict() == {"joy": 0.5}
    write_table(path, [{**row, **changes}])
    with pytest.raises(InputError, match=told):
        semeval2018.load_intensity("test", tmp_path)


ELEVEN = (
    *("anger", "anticipation", "disgust", "fear", "joy", "love"),
    *("optimism", "pessimism", "sadness", "surprise", "trust"),
)


def test_tweets_with_emotions_in_both_layouts(tmp_path: Path, write_lines: Any, write_table: Any) -> None:
    header = "\t".join(["ID", "Tweet", *ELEVEN])
    write_lines("2018-E-c-En-dev.txt", header, "t1\tHm\t0\t0\t0\t0\t1\t0\t1\t0\t0\t0\t0", "t2\tSo" + 11 * "\t0")
    joyful, silent = semeval2018.load_emotions("validation", tmp_path)
    assert [name for name, p in joyful.truth.categories.as_dict().items() if p == 1] == ["joy", "optimism"]
    assert not silent.truth.categories.probs.any()
    row = {"id": "t3", "text": "Hm", **dict.fromkeys(ELEVEN, 0), "trust": 1}
    write_table(tmp_path / "text/semeval2018_ec_en/test.parquet", [row])
    assert semeval2018.load_emotions("test", tmp_path)[0].truth.categories.as_dict()["trust"] == 1


def test_tweets_with_broken_emotions(tmp_path: Path, write_lines: Any) -> None:
    write_lines("E-c-En-train.txt", "\t".join(["ID", "Tweet", *ELEVEN]), "t1\tHm\tNONE" + 10 * "\t0")
    with pytest.raises(InputError, match="tweet t1 has the anger 'NONE'; allowed: 0 to 1"):
        semeval2018.load_emotions("train", tmp_path)


@pytest.mark.data
def test_the_prepared_tweets_are_whole_and_shared_within_the_splits_only() -> None:
    parts = {load: load("test") for load in (semeval2018.load, semeval2018.load_intensity, semeval2018.load_emotions)}
    assert [len(part) for part in parts.values()] == [937, 4068, 3259]
    valence, intensity, emotions = ({sample.signal.text for sample in part} for part in parts.values())
    assert emotions <= intensity
    assert len(valence & intensity) > len(valence) / 2
    trained = {sample.signal.text for load in parts for sample in load("train")}
    assert not trained & (valence | intensity | emotions)
