"""The readers of DailyDialog, MELD, EmoryNLP and EmoContext on small files of our own, in both layouts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mien.datasets import dailydialog, emocontext, emorynlp, meld
from mien.errors import InputError, OptionError


def test_dailydialog_as_published(tmp_path: Path, write_lines: Any) -> None:
    write_lines("test/dialogues_test.txt", "Hi there . __eou__ Go away ! __eou__", "Good news ? __eou__")
    write_lines("test/dialogues_emotion_test.txt", "0 1 ", "4 ")
    first, second, third = dailydialog.load("test", tmp_path)
    assert [one.signal.text for one in (first, second, third)] == ["Hi there .", "Go away !", "Good news ?"]
    assert [one.truth.categories.top[0] for one in (first, second, third)] == ["neutral", "anger", "joy"]
    assert (second.id, second.group) == ("test_0_1", {"dialogue": "test_0", "turn": "1"})
    assert third.truth.labels == ("happiness",)


def test_dailydialog_as_table_keeps_words_that_are_not_its_own_open(tmp_path: Path, write_table: Any) -> None:
    row = {"dialogue_id": "tr_1", "turn": 0, "utterance": "At last!", "emotion": "excited"}
    write_table(tmp_path / "text/dailydialog/train.parquet", [row, {**row, "turn": 1, "emotion": "surprise"}])
    excited, surprise = dailydialog.load("train", tmp_path)
    assert (excited.truth.categories, excited.truth.labels) == (None, ("excited",))
    assert surprise.truth.categories.top == ("surprise", 1.0)


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        (["0"], "line 1 has '0' for 2 turns; needed: 0 to 6 for each"),
        (["0 7"], "line 1 has '0 7' for 2 turns"),
        (["0 1", "2"], "has 2 lines for the 1 of dialogues_train.txt"),
    ],
)
def test_dailydialog_broken(tmp_path: Path, write_lines: Any, marks: list[str], told: str) -> None:
    write_lines("train/dialogues_train.txt", "Hi . __eou__ Bye . __eou__")
    write_lines("train/dialogues_emotion_train.txt", *marks)
    with pytest.raises(InputError, match=told):
        dailydialog.load("train", tmp_path)


MELD = "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID"


@pytest.mark.parametrize("folder", ["", "data/", "data/MELD/"])
def test_meld_as_published(tmp_path: Path, write_lines: Any, folder: str) -> None:
    write_lines(f"{folder}dev_sent_emo.csv", MELD, '1,"It\x92s, well, over\x85",Ada,sadness,negative,3,1')
    (sample,) = meld.load("validation", tmp_path)
    assert (sample.id, sample.signal.text, sample.signal.speaker) == ("dia3_utt1", "It’s, well, over…", "Ada")
    assert sample.truth.categories.top == ("sadness", 1.0)
    assert sample.group == {"dialogue": "3", "turn": "1", "speaker": "Ada"}


def test_meld_as_table(tmp_path: Path, write_table: Any) -> None:
    row = {"utterance": "Oh!", "speaker": "Ben", "emotion": "surprise", "dialogue_id": 3, "utterance_id": 0}
    write_table(tmp_path / "text/meld/test.parquet", [row])
    (sample,) = meld.load("test", tmp_path)
    assert (sample.id, sample.truth.categories.top[0]) == ("dia3_utt0", "surprise")


def test_meld_broken(tmp_path: Path, write_lines: Any) -> None:
    write_lines("test_sent_emo.csv", MELD, "1,Hm,Ada,bored,neutral,0,0")
    with pytest.raises(InputError, match="MELD utterance dia0_utt0 has the label 'bored'; allowed: anger, disgust"):
        meld.load("test", tmp_path)


def scene(**changes: Any) -> str:
    turn = {
        "utterance_id": "s01_e02_c03_u004",
        "speakers": ["Ada", "Ben"],
        "transcript": "Hurrah!",
        "emotion": "Joyful",
    }
    turns = [{key: value for key, value in {**turn, **changes}.items() if value is not None}]
    return json.dumps({"episodes": [{"scenes": [{"scene_id": "s01_e02_c03", "utterances": turns}]}]})


@pytest.mark.parametrize("folder", ["", "json/"])
def test_emorynlp_as_published(tmp_path: Path, write_lines: Any, folder: str) -> None:
    write_lines(f"{folder}emotion-detection-tst.json", scene())
    (sample,) = emorynlp.load("test", tmp_path)
    assert (sample.id, sample.signal.text, sample.signal.speaker) == ("s01_e02_c03_u004", "Hurrah!", "Ada, Ben")
    assert sample.truth.categories.top == ("joyful", 1.0)
    assert sample.group == {"dialogue": "s01_e02_c03", "speaker": "Ada, Ben"}


def test_emorynlp_as_both_kinds_of_table(tmp_path: Path, write_table: Any) -> None:
    early = {"utterance": "No!", "speaker": "Ada", "emotion": "Mad"}
    later = {"utterance": "No!", "speaker": "['Ada', 'Ben']", "emotion": "Scared", "season": 1, "episode": 2}
    write_table(tmp_path / "text/emorynlp/test.parquet", [{**early, "scene_id": "s01_e02_c03", "utterance_id": "u9"}])
    write_table(tmp_path / "text/emorynlp/train.parquet", [{**later, "scene_id": 3, "utterance_id": 4}])
    (test,), (train,) = emorynlp.load("test", tmp_path), emorynlp.load("train", tmp_path)
    assert (test.id, test.truth.categories.top[0]) == ("u9", "mad")
    assert (train.id, train.group["dialogue"]) == ("s01_e02_c03_u004", "s01_e02_c03")
    assert (train.signal.speaker, train.truth.categories.top[0]) == ("Ada, Ben", "scared")


def test_emorynlp_broken(tmp_path: Path, write_lines: Any) -> None:
    write_lines("emotion-detection-dev.json", scene(emotion="Bored"))
    with pytest.raises(InputError, match="EmoryNLP utterance s01_e02_c03_u004 has the label 'bored'; allowed: joyful"):
        emorynlp.load("validation", tmp_path)
    write_lines("emotion-detection-dev.json", scene(transcript=None))
    with pytest.raises(InputError, match=r"cannot be read \(KeyError: 'transcript'\); needed: episodes of scenes"):
        emorynlp.load("validation", tmp_path)
    write_lines("emotion-detection-dev.json", "[")
    with pytest.raises(InputError, match="cannot be read"):
        emorynlp.load("validation", tmp_path)


def test_emocontext_in_both_layouts(tmp_path: Path, write_lines: Any, write_table: Any) -> None:
    write_lines("dev.txt", "id\tturn1\tturn2\tturn3\tlabel", '7\tWhat\tWhy\t"Go\tangry')
    (published,) = emocontext.load("validation", tmp_path)
    assert (published.id, published.signal.text, published.extra) == ("7", '"Go', {"context": ("What", "Why")})
    assert published.truth.categories.top == ("angry", 1.0)
    row = {"id": "8", "turn1": "Hi", "turn2": "Hello", "turn3": "Bye", "label": "others"}
    write_table(tmp_path / "text/emocontext/test.parquet", [row])
    (prepared,) = emocontext.load("test", tmp_path)
    assert prepared.truth.categories.top == ("others", 1.0)


def test_emocontext_broken(tmp_path: Path, write_lines: Any) -> None:
    write_lines("train.txt", "id\tturn1\tturn2\tturn3\tlabel", "7\tWhat\tWhy\tGo\tcross")
    with pytest.raises(InputError, match="EmoContext dialogue 7 has the label 'cross'; allowed: happy, sad, angry"):
        emocontext.load("train", tmp_path)


@pytest.mark.parametrize("corpus", [dailydialog, meld, emorynlp, emocontext])
def test_unknown_split(corpus: Any, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="'dev' was asked for; allowed: train, validation, test"):
        corpus.load("dev", tmp_path)


@pytest.mark.data
@pytest.mark.parametrize(("corpus", "n"), [(dailydialog, 7740), (meld, 2610), (emorynlp, 1328), (emocontext, 5509)])
def test_the_prepared_test_splits_are_whole(corpus: Any, n: int) -> None:
    assert len(corpus.load("test")) == n


@pytest.mark.data
@pytest.mark.parametrize("corpus", [dailydialog, emorynlp])
def test_no_dialogue_is_in_two_splits(corpus: Any) -> None:
    found = [{sample.group["dialogue"] for sample in corpus.load(split)} for split in corpus.SPLITS]
    assert all(not left & right for left, right in ((found[0], found[1]), (found[0], found[2]), (found[1], found[2])))
