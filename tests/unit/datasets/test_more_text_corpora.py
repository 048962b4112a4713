"""The readers of CARER, CrowdFlower, XED and the essays on news on small files of our own, in both layouts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mien.datasets import carer, crowdflower, empathy, semeval2007, xed
from mien.datasets.corpus import hashed_split
from mien.errors import InputError, OptionError
from mien.types.taxonomies import PARROTT

WORDS = [f"line {number}" for number in range(40)]


def held(sample: Any) -> list[str]:
    return [label for label, p in sample.truth.categories.as_dict().items() if p == 1]


def test_carer_in_both_layouts(tmp_path: Path, write_lines: Any, write_table: Any) -> None:
    assert set(carer.EMOTIONS) == {"love", "joy", "surprise", "anger", "sadness", "fear"}
    write_lines("val.txt", "i feel so so; really;love", "i feel fine;joy")
    first, second = carer.load("validation", tmp_path)
    assert (first.id, first.signal.text, held(first)) == ("validation-0", "i feel so so; really", ["love"])
    assert second.truth.categories.taxonomy == PARROTT
    write_table(tmp_path / "text/carer_emotion/test.parquet", [{"text": "i feel lost", "emotion": "fear"}])
    assert held(carer.load("test", tmp_path)[0]) == ["fear"]


def test_carer_broken(tmp_path: Path, write_lines: Any) -> None:
    write_lines("train.txt", "i feel fine")
    with pytest.raises(InputError, match="line 1 has no semicolon; needed: text;emotion"):
        carer.load("train", tmp_path)
    write_lines("train.txt", "i feel fine;joy/relief")
    with pytest.raises(InputError, match="CARER text train-0 has the label 'joy/relief'; allowed: love, joy"):
        carer.load("train", tmp_path)


def test_crowdflower_in_both_layouts(tmp_path: Path, write_lines: Any, write_table: Any) -> None:
    rows = [f'{number},worry,someone,"{text}, hm"' for number, text in enumerate(WORDS)]
    write_lines("text_emotion.csv", "tweet_id,sentiment,author,content", *rows)
    found = {split: crowdflower.load(split, tmp_path) for split in crowdflower.SPLITS}
    assert sorted(int(one.id) for part in found.values() for one in part) == list(range(40))
    assert all(hashed_split(one.signal.text) == split for split, part in found.items() for one in part)
    assert found["train"][0].truth.categories.top == ("worry", 1.0)
    row = {"tweet_id": 5, "emotion": "hate", "text": "No!"}
    write_table(tmp_path / "text/crowdflower/test.parquet", [row])
    assert held(crowdflower.load("test", tmp_path)[0]) == ["hate"]


def test_crowdflower_broken(tmp_path: Path, write_table: Any) -> None:
    write_table(tmp_path / "text/crowdflower/test.parquet", [{"tweet_id": 5, "emotion": "glee", "text": "No!"}])
    with pytest.raises(InputError, match="CrowdFlower tweet 5 has the label 'glee'; allowed: anger, boredom"):
        crowdflower.load("test", tmp_path)


@pytest.mark.parametrize(("language", "load"), [("en", xed.load_english), ("fi", xed.load_finnish)])
@pytest.mark.parametrize("folder", ["", "AnnotatedData/"])
def test_xed_as_published(tmp_path: Path, write_lines: Any, language: str, load: Any, folder: str) -> None:
    annotated = [f"{text}\t5, 8" for text in WORDS[:20]]
    write_lines(f"{folder}{language}-annotated.tsv", *annotated, annotated[0], f"{WORDS[0]}\t1")
    neutral = [f"{number}\t{text}\t2\tfilm 7" for number, text in enumerate(WORDS[20:])]
    write_lines(f"{folder}neu_{language}.txt", *neutral, "\t\t\t", f"9\t{WORDS[3]}", "9\tlast line", "")
    found = [one for split in xed.SPLITS for one in load(split, tmp_path)]
    assert {one.signal.text for one in found} == {*WORDS, "last line"}
    assert len(found) == len({one.id for one in found}) == 41
    assert {tuple(held(one)) for one in found if one.signal.text in WORDS[:20]} == {("joy", "trust")}
    assert {tuple(held(one)) for one in found if one.signal.text not in WORDS[:20]} == {("neutral",)}
    for split in xed.SPLITS:
        assert all(hashed_split(one.signal.text) == split for one in load(split, tmp_path))


def test_xed_as_table(tmp_path: Path, write_table: Any) -> None:
    write_table(tmp_path / "text/xed_fi/test.parquet", [{"text": "Hyvä!", "emotions": ["joy", "surprise"]}])
    (sample,) = xed.load_finnish("test", tmp_path)
    assert (sample.id, sample.signal.text, held(sample)) == ("fi-test-0", "Hyvä!", ["joy", "surprise"])


@pytest.mark.parametrize("line", ["Well\t9", "Well\t", "Well", "Well\t1,,2"])
def test_xed_broken(tmp_path: Path, write_lines: Any, line: str) -> None:
    write_lines("neu_en.txt", "9\tYes")
    write_lines("en-annotated.tsv", "Good\t5", line)
    with pytest.raises(InputError, match=r"line 2 ends in .*; allowed: a tab and numbers from 1 to 8"):
        xed.load_english("train", tmp_path)


def test_xed_with_a_broken_neutral_line(tmp_path: Path, write_lines: Any) -> None:
    write_lines("en-annotated.tsv", "Good\t5")
    write_lines("neu_en.txt", "9\tYes", "Well")
    with pytest.raises(InputError, match=r"neu_en\.txt, line 2 has no tab; needed: a number, a tab and the text"):
        xed.load_english("train", tmp_path)


def test_xed_needs_both_files(tmp_path: Path, write_lines: Any) -> None:
    write_lines("neu_en.txt", "9\tYes")
    with pytest.raises(InputError, match=r"only one of two files; needed: en-annotated\.tsv and neu_en\.txt"):
        xed.load_english("train", tmp_path)


ESSAY = "message_id,response_id,article_id,empathy,distress,empathy_bin,distress_bin,essay"


@pytest.mark.parametrize("folder", ["", "data/responses/data/"])
def test_essays_as_published(tmp_path: Path, write_lines: Any, folder: str) -> None:
    rows = [f'w{number}_1,w{number},9,4,7,1,1,"It is sad, {number}"' for number in range(40)]
    write_lines(f"{folder}messages.csv", ESSAY, *rows, "w0_2,w0,8,1,2.5,0,0,Hm")
    found = empathy.load("all", tmp_path)
    assert len(found) == 41
    assert found[0].truth.categories.as_dict() == {"empathy": 0.5, "distress": 1.0}
    assert (found[0].truth.kind, found[0].signal.text) == ("felt", "It is sad, 0")
    assert (found[-1].id, found[-1].group) == ("w0_2", {"writer": "w0", "article": "8"})
    parts = [{one.id for one in empathy.load(split, tmp_path)} for split in ("train", "validation", "test")]
    assert sum(map(len, parts)) == 41
    assert any({"w0_1", "w0_2"} <= part for part in parts)


def test_essays_as_table(tmp_path: Path, write_table: Any) -> None:
    row = {"message_id": "w1_1", "response_id": "w1", "article_id": 3, "empathy": 2.5, "distress": 1.0, "text": "Hm"}
    write_table(tmp_path / "text/empathic_reactions/all.parquet", [row])
    assert empathy.load("all", tmp_path)[0].truth.categories.probs.tolist() == [0.25, 0]


WASSA = "message_id\tresponse_id\tarticle_id\tessay\tgender\teducation\trace"


def test_wassa_as_published(tmp_path: Path, write_lines: Any) -> None:
    write_lines("messages_dev_features_ready_for_WS_2022.tsv", WASSA, 'w1_1\tw1\t3\t"He said ""no"""\t1.0\t4\t')
    write_lines("goldstandard_dev_2022.tsv", "7\t4\tanger\t5.5\t3")
    (sample,) = empathy.load_wassa2022("validation", tmp_path)
    assert sample.signal.text == 'He said "no"'
    assert sample.truth.categories.as_dict() == {"empathy": 1.0, "distress": 0.5}
    assert (sample.truth.labels, sample.truth.kind) == (("anger",), "felt")
    assert sample.group == {"writer": "w1", "article": "3", "gender": "1", "education": "4"}
    header = f"{WASSA}\tempathy\tdistress\temotion"
    write_lines("messages_train_ready_for_WS.tsv", header, "w2_1\tw2\t3\tHm\t2\t4\t1\t1\t1\tjoy")
    assert empathy.load_wassa2022("train", tmp_path)[0].truth.labels == ("joy",)


def test_wassa_as_table(tmp_path: Path, write_table: Any) -> None:
    row = {"message_id": "w1_1", "response_id": "w1", "article_id": 3, "empathy": 1.0, "distress": 7.0, "text": "Hm"}
    write_table(tmp_path / "text/wassa2022_empathy/train.parquet", [{**row, "emotion": "fear", "gender": 2.0}])
    (sample,) = empathy.load_wassa2022("train", tmp_path)
    assert (sample.truth.labels, sample.group["gender"]) == (("fear",), "2")


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (["7\t4\tanger", "1\t1\tjoy"], "has 2 lines for the 1 essays of messages_dev"),
        (["7\t4"], "line 1 has 2 columns; needed: empathy, distress and emotion"),
        (["7.5\t4\tanger"], "essay w1_1 has the empathy '7.5'; allowed: 1 to 7"),
        (["7\t4\tboredom"], "essay w1_1 has the emotion 'boredom'; allowed: anger"),
    ],
)
def test_wassa_broken(tmp_path: Path, write_lines: Any, answers: list[str], told: str) -> None:
    write_lines("messages_dev_features_ready_for_WS_2022.tsv", WASSA, "w1_1\tw1\t3\tHm\t1\t4\t1")
    write_lines("goldstandard_dev_2022.tsv", *answers)
    with pytest.raises(InputError, match=told):
        empathy.load_wassa2022("validation", tmp_path)


@pytest.mark.parametrize("load", [carer.load, crowdflower.load, xed.load_english, xed.load_finnish, empathy.load])
def test_unknown_split(load: Any, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="'dev' was asked for; allowed: train, validation, test"):
        load("dev", tmp_path)


def test_wassa_has_no_test_split(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="'test' was asked for; allowed: train, validation"):
        empathy.load_wassa2022("test", tmp_path)


@pytest.mark.data
@pytest.mark.parametrize(
    ("load", "n"),
    [
        (carer.load, (16000, 2000, 2000)),
        (crowdflower.load, (31997, 3915, 4088)),
        (xed.load_english, (21046, 2661, 2600)),
        (xed.load_finnish, (20196, 2495, 2552)),
    ],
    ids=["carer", "crowdflower", "xed-en", "xed-fi"],
)
def test_the_prepared_splits_are_whole_and_where_the_hash_puts_them(load: Any, n: tuple[int, ...]) -> None:
    splits = {split: load(split) for split in carer.SPLITS}
    assert tuple(map(len, splits.values())) == n
    if load is not carer.load:
        assert all(hashed_split(one.signal.text) == split for split, part in splits.items() for one in part)


@pytest.mark.data
def test_no_writer_is_in_two_splits_and_the_two_corpora_share_their_essays() -> None:
    parts = [empathy.load(split) for split in ("train", "validation", "test")]
    parts.append(empathy.load_wassa2022("validation"))
    writers = [{one.group["writer"] for one in part} for part in parts]
    assert sum(map(len, writers)) == len(set.union(*writers))
    assert [len(part) for part in parts[-1:]] == [270]
    shared = {one.signal.text for one in empathy.load_wassa2022("train")}
    assert shared == {one.signal.text for one in empathy.load("all")}


HEADLINES = (
    '<corpus task="affective text"><instance id="7">Bees return</instance>'
    '<instance id="8">Dam &amp; road</instance></corpus>'
)


def write_headlines(write_lines: Any) -> None:
    write_lines("test/affectivetext_test.xml", HEADLINES)
    write_lines("test/affectivetext_test.emotions.gold", "8 0 0 50 0 100 10", "7 0 0 0 80 0 20")
    write_lines("test/affectivetext_test.valence.gold", "7 60", "8 -40")


def test_headlines_as_published(tmp_path: Path, write_lines: Any) -> None:
    write_headlines(write_lines)
    first, second = semeval2007.load("test", tmp_path)
    assert (first.id, first.signal.text, first.truth.valence.mean) == ("7", "Bees return", pytest.approx(0.6))
    assert first.truth.categories.as_dict()["joy"] == pytest.approx(0.8)
    assert (second.signal.text, second.truth.valence.mean) == ("Dam & road", pytest.approx(-0.4))
    assert second.truth.categories.as_dict() == pytest.approx(
        {"anger": 0, "disgust": 0, "fear": 0.5, "joy": 0, "sadness": 1, "surprise": 0.1}
    )


def test_headlines_as_table(tmp_path: Path, write_table: Any) -> None:
    ratings = dict.fromkeys(semeval2007.EMOTIONS, 25.0)
    row = {"id": 9, "text": "Rain ends", "valence": 100.0, **ratings}
    write_table(tmp_path / "text/semeval2007_affective_text/test.parquet", [row])
    (sample,) = semeval2007.load("test", tmp_path)
    assert sample.truth.valence.mean == 1
    assert set(sample.truth.categories.probs) == {0.25}


def test_headlines_broken(tmp_path: Path, write_lines: Any) -> None:
    with pytest.raises(OptionError, match="train"):
        semeval2007.load("train", tmp_path)
    write_headlines(write_lines)
    write_lines("test/affectivetext_test.valence.gold", "7 60")
    with pytest.raises(InputError, match=r"headline 8 of .* has no rating"):
        semeval2007.load("test", tmp_path)
    write_lines("test/affectivetext_test.valence.gold", "7 160", "8 0")
    with pytest.raises(InputError, match="headline 7 has the valence '160'; allowed: -100 to 100"):
        semeval2007.load("test", tmp_path)
    write_lines("test/affectivetext_test.valence.gold", "7 60 3")
    with pytest.raises(InputError, match="line 1 has 2 ratings; needed: valence"):
        semeval2007.load("test", tmp_path)
    write_headlines(write_lines)
    write_lines("test/affectivetext_test.xml", "<corpus>")
    with pytest.raises(InputError, match=r"affectivetext_test\.xml cannot be read"):
        semeval2007.load("test", tmp_path)
