"""Own labels: a table in, a model folder out that everything takes."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("onnx")
pytest.importorskip("sklearn")

from mien import pipeline
from mien.agent import analyze, choose
from mien.cli.main import run
from mien.errors import AssetError, InputError, MienError, OptionError
from mien.learn.own import train
from mien.learn.own.fitting import fit_classes, fit_ratings, parts
from mien.learn.own.heads import taxonomy_of
from mien.learn.own.table import read_labels
from mien.perceive.text import TextPerceiver
from mien.runtime import find_asset
from mien.types import Span, Text, Utterance
from mien.types.taxonomies import EKMAN7

PRAISE = ["thank you", "lovely work", "great help", "so kind", "well done", "I like it", "perfect", "you were right"]
BLAME = [
    "this is broken",
    "far too late",
    "I want a refund",
    "so rude",
    "it failed again",
    "useless",
    "I am cross",
    "no",
]
ENDS = ["today", "with the order", "on the phone"]


def rows_of(good: str, bad: str) -> list[dict[str, str]]:
    """48 messages, each of four writers with both labels."""
    pairs = [
        (f"{start} {end}", label)
        for end in ENDS
        for starts, label in ((PRAISE, good), (BLAME, bad))
        for start in starts
    ]
    return [{"text": text, "label": label, "speaker": f"w{place % 4}"} for place, (text, label) in enumerate(pairs)]


def write(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with labels of nobody's taxonomy."""
    folder = tmp_path_factory.mktemp("own")
    train("text", write(folder / "desk.csv", rows_of("praise", "blame")), folder / "desk")
    return folder / "desk"


def said(text: str) -> Utterance:
    return Utterance(text, Span(0, len(text), "characters"))


def test_labels_are_learnt_and_calibrated(own: Path) -> None:
    perceiver = TextPerceiver(model=str(own))
    assert perceiver.taxonomy.labels == ("blame", "praise")
    praise, blame = perceiver.read([said("what kind words, thank you"), said("it is broken again, how useless")])
    assert praise is not None
    assert blame is not None
    assert perceiver.decide(praise) == ("praise",)
    assert perceiver.decide(blame) == ("blame",)
    assert praise.categories is not None
    assert praise.categories.probs.sum() == pytest.approx(1)
    # What the table does not teach stays as the base has it.
    base = TextPerceiver().read([said("what kind words, thank you")])[0]
    assert base is not None
    assert praise.valence is not None
    assert base.valence is not None
    assert praise.valence.mean == pytest.approx(base.valence.mean, abs=1e-6)
    assert praise.valence.std == pytest.approx(base.valence.std, abs=1e-6)


def test_card_tells_what_was_learnt(own: Path) -> None:
    info = find_asset(str(own)).info
    scores = {row.metric: row for row in info.scores}
    assert scores["macro_f1"].value > 0.8
    assert scores["macro_f1"].split == "validation"
    assert "by speaker" in scores["macro_f1"].note
    assert info.trained_on[-1].corpus == "desk.csv"
    assert info.line == "open"
    assert {row.head for row in info.calibration} == {"labels", "confidence"}
    assert "desk.csv" in (own / "CARD.md").read_text(encoding="utf-8")


def test_golden_answers_are_reproduced(own: Path) -> None:
    golden = np.load(own / "golden.npz")
    affects = TextPerceiver(model=str(own), threads=2).read([said(text) for text in golden["input_texts"]])
    probs = np.stack([affect.categories.probs for affect in affects if affect is not None and affect.categories])
    np.testing.assert_allclose(probs, golden["output_probs"], atol=1e-5)


def test_own_labels_take_part_in_an_analysis_as_words(own: Path) -> None:
    analysis = analyze(Text("Thank you, so kind!"), modalities=["text"], models=[str(own)])
    fused = analysis.fused[0].affects[0]
    assert analysis.tracks[0].affects[0].categories is not None
    assert analysis.tracks[0].affects[0].categories.taxonomy.labels == ("blame", "praise")
    assert "praise" in fused.labels
    assert fused.categories is not None
    assert fused.categories.taxonomy == EKMAN7
    assert any("no published map" in warning for warning in analysis.warnings)
    assert analysis.models[0].name == "desk"


def test_the_command_and_the_pipeline_take_the_folder(own: Path, tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    (tmp_path / "letter.txt").write_text("Thank you, lovely work.\nIt is broken again.", encoding="utf-8")
    out = tmp_path / "out"
    assert run(["analyze", str(tmp_path / "letter.txt"), "--model", str(own), "--out", str(out)]) == 0
    assert '"praise"' in next(out.glob("*.json")).read_text(encoding="utf-8")
    assert run(["perceive", "text", str(tmp_path / "letter.txt"), "--model", str(own)]) == 0
    assert '"blame"' in capfd.readouterr().out
    assert pipeline(str(own))("Thank you, lovely work.")[0]["label"] == "praise"


def test_labels_of_a_published_taxonomy_are_fused(tmp_path: Path) -> None:
    train("text", write(tmp_path / "a.csv", rows_of("joy", "anger")), tmp_path / "moods")
    perceiver = TextPerceiver(model=str(tmp_path / "moods"))
    assert perceiver.taxonomy == EKMAN7
    affect = perceiver.read([said("thank you, lovely work")])[0]
    assert affect is not None
    assert affect.categories is not None
    assert affect.categories.as_dict()["joy"] > 0.5
    assert affect.categories.as_dict()["fear"] == 0
    assert not any(
        "no published map" in line for line in analyze(Text("Well done"), models=[str(tmp_path / "moods")]).warnings
    )


def test_ratings_are_learnt_and_the_labels_stay(tmp_path: Path) -> None:
    rows = [
        {"text": row["text"], "valence": "0.8" if row["label"] == "good" else "-0.6", "arousal": f"{place % 3 / 10}"}
        for place, row in enumerate(rows_of("good", "bad"))
    ]
    report = train("text", write(tmp_path / "rated.csv", rows), tmp_path / "rated")
    assert {row.metric for row in report.scores} == {"r_valence", "r_arousal"}
    perceiver = TextPerceiver(model=str(tmp_path / "rated"))
    kind, rude = perceiver.read([said("thank you, so kind"), said("so rude, it failed again")])
    assert kind is not None
    assert rude is not None
    assert kind.valence is not None
    assert rude.valence is not None
    assert kind.valence.mean > 0.2 > rude.valence.mean
    assert kind.valence.std > 0
    assert kind.dominance is None
    assert perceiver.taxonomy.name == "goemotions28"
    assert perceiver.decide(kind)[0] == "gratitude"


def test_the_whole_encoder_is_trained_and_goes_on_where_it_was_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = write(tmp_path / "desk.csv", rows_of("praise", "blame"))
    told: list[str] = []

    def cut(line: str) -> None:
        told.append(line)
        if line.startswith("epoch 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("text", labels, tmp_path / "cut", way="full", say=cut)
    assert not (tmp_path / "cut").exists()
    told.clear()
    train("text", labels, tmp_path / "cut", way="full", say=told.append)
    assert [line.split(":")[0] for line in told if line.startswith("epoch")] == ["epoch 3 of 4", "epoch 4 of 4"]
    whole = train("text", labels, tmp_path / "whole", way="full")
    assert whole.scores[1].value > 0.7
    assert "chose the epoch" in whole.scores[1].note
    # What is written is the same, whether it was cut off or not.
    ours, theirs = (TextPerceiver(model=str(tmp_path / name), threads=1) for name in ("cut", "whole"))
    pieces = [said("thank you, lovely work"), said("it is broken again, how useless")]
    for one, other in zip(ours.read(pieces), theirs.read(pieces), strict=True):
        assert one is not None
        assert other is not None
        assert one.categories is not None
        assert other.categories is not None
        np.testing.assert_allclose(one.categories.probs, other.categories.probs, atol=1e-6)
        # The base's ratings do not fit a trunk that was tuned, so there are none.
        assert one.valence is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut", "desk.csv", "whole"]


def test_the_whole_encoder_is_trained_on_ratings(tmp_path: Path) -> None:
    rows = [
        {"text": row["text"], "valence": "0.8" if row["label"] == "good" else "-0.6"} for row in rows_of("good", "bad")
    ]
    train("text", write(tmp_path / "rated.csv", rows), tmp_path / "rated", way="full")
    perceiver = TextPerceiver(model=str(tmp_path / "rated"))
    kind, rude = perceiver.read([said("thank you, so kind"), said("so rude, it failed again")])
    assert kind is not None
    assert rude is not None
    assert kind.categories is None
    assert kind.valence is not None
    assert rude.valence is not None
    assert kind.valence.mean > 0.2 > rude.valence.mean
    assert perceiver.taxonomy == EKMAN7
    fused = analyze(Text("Thank you, so kind!"), models=[str(tmp_path / "rated")]).fused[0].affects[0]
    assert fused.categories is not None
    assert fused.categories.as_dict()["joy"] > 10 * fused.categories.as_dict()["sadness"]
    assert pipeline(str(tmp_path / "rated"))("Thank you, so kind!")[0]["label"] in ("joy", "surprise")


def test_upper_blocks_are_trained_and_what_is_not_taught_stays(tmp_path: Path) -> None:
    labels = write(tmp_path / "desk.csv", rows_of("praise", "blame"))
    report = train("text", labels, tmp_path / "desk", way="upper")
    assert {row.metric for row in report.scores} == {"accuracy", "macro_f1"}
    assert "chose the epoch" in report.scores[1].note
    perceiver = TextPerceiver(model=str(tmp_path / "desk"), threads=1)
    base = TextPerceiver(threads=1)
    pieces = [said("thank you, lovely work"), said("it is broken again, how useless")]
    for one, other, label in zip(perceiver.read(pieces), base.read(pieces), ("praise", "blame"), strict=True):
        assert one is not None
        assert other is not None
        assert perceiver.decide(one) == (label,)
        assert one.valence is not None
        assert other.valence is not None
        assert one.valence.mean == pytest.approx(other.valence.mean, abs=1e-6)
    # The trunk is the base's; upper blocks of a base are not built on.
    trunks = [(folder / "trunk.onnx").read_bytes() for folder in (tmp_path / "desk", find_asset("text-affect").folder)]
    assert trunks[0] == trunks[1]
    train("text", labels, tmp_path / "again", base=str(tmp_path / "desk"), way="head")
    (again,) = TextPerceiver(model=str(tmp_path / "again")).read(pieces[:1])
    assert again is not None
    assert again.valence is None


def test_an_unknown_way_is_told(tmp_path: Path) -> None:
    labels = write(tmp_path / "a.csv", rows_of("a", "b"))
    with pytest.raises(OptionError, match="the way 'deep' was given; allowed: auto, head, upper, full"):
        train("text", labels, tmp_path / "m", way="deep")


def _row(**changes: str) -> list[dict[str, str]]:
    rows = rows_of("praise", "blame")
    rows[3] = {**rows[3], **changes}
    return rows


RATED = [{"text": f"text {place}", "valence": f"{place % 5 / 5}"} for place in range(30)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [{"words": "a", "label": "b"}] * 30,
            "has no column 'text'; its columns: words, label; allowed: text with label",
        ),
        ([{"text": "a", "mood": "b"}] * 30, "has no column with labels; its columns: text, mood"),
        (rows_of("a", "b")[:19], "has 19 rows; a model needs 20 or more"),
        (rows_of("praise", "praise"), "has one label, 'praise', in every row; a model needs two or more"),
        (_row(label="odd"), "the label 'odd' of .* stands in 1 rows; each needs 5 or more"),
        (_row(text=" "), "row 4 of .* has an empty text; every row needs one"),
        (_row(label=""), "row 4 of .* has an empty label"),
        ([{**row, "speaker": "me"} for row in rows_of("a", "b")], "names one speaker, 'me', in every row"),
        ([*RATED, {"text": "a", "valence": "7"}], "row 31 of .* has the valence '7'; allowed: a number from -1 to 1"),
        ([*RATED, {"text": "a", "valence": "nan"}], "row 31 of .* has the valence 'nan'"),
        ([{"text": "a", "valence": "0.5"}] * 30, "has the valence 0.5 in every row"),
    ],
)
def test_what_cannot_be_learnt_is_told(rows: list[dict[str, str]], told: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=told):
        read_labels(write(tmp_path / "a.csv", rows), item="text")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", b"", "are no table that can be read; allowed: .csv, .tsv"),
        ("a.csv", b"text,label\n\xff\xfe,b", "are not UTF-8; save them as UTF-8"),
        ("a.csv", b"text,label\na,b,c\n", "line 2 of .* does not have the columns of the first, which are 2"),
        ("a.csv", b"text,label\na\n", "line 2 of .* does not have the columns of the first"),
        ("a.csv", b"", "has no column 'text'; its columns: none"),
    ],
)
def test_no_table(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told):
        read_labels(tmp_path / name, item="text")


def test_missing_table_and_tabs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the labels .*nowhere.csv cannot be read: No such file"):
        read_labels(tmp_path / "nowhere.csv", item="text")
    lines = ["\ufeffText\tLABEL", *(f"{row['text']}, yes\t{row['label']}" for row in rows_of("a", "b"))]
    (tmp_path / "a.tsv").write_text("\n".join(lines), encoding="utf-8")
    table = read_labels(tmp_path / "a.tsv", item="text")
    assert len(table) == 48
    assert table.classes == ("a", "b")


def test_nothing_is_overwritten_or_left_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = write(tmp_path / "a.csv", rows_of("a", "b"))
    (tmp_path / "there").mkdir()
    with pytest.raises(OptionError, match=r"there is there already; give a folder that is not"):
        train("text", labels, tmp_path / "there")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mien.learn.own.text.write_golden", fails)
    with pytest.raises(MienError, match="cannot be written: No space left on device"):
        train("text", labels, tmp_path / "full")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "there"]


def test_the_command_tells_a_wrong_input_in_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    labels = write(tmp_path / "a.csv", rows_of("a", "b")[:5])
    assert run(["train", "text", str(labels), "--out", str(tmp_path / "m")]) == 2
    assert capfd.readouterr().err == f"mien: {labels} has 5 rows; a model needs 20 or more\n"
    assert run(["train", "text", str(labels), "--out", str(tmp_path / "m"), "--base", "nothing"]) == 2
    assert "unknown model 'nothing'" in capfd.readouterr().err


def test_a_missing_extra_is_told(tmp_path: Path, capfd: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = write(tmp_path / "a.csv", rows_of("a", "b"))
    monkeypatch.setattr(sys.modules["mien.learn.own.train"], "find_spec", lambda name: None if name == "onnx" else name)
    assert run(["train", "text", str(labels), "--out", str(tmp_path / "m")]) == 2
    assert capfd.readouterr().err == (
        "mien: training on own labels (onnx) needs the extra 'learn'; install it with: pip install 'mien[learn]'\n"
    )


def test_an_altered_folder_is_refused(own: Path, tmp_path: Path) -> None:
    import shutil

    copy = shutil.copytree(own, tmp_path / "copy")
    with (copy / "own-labels.onnx").open("ab") as stream:
        stream.write(b"\0")
    with pytest.raises(AssetError, match=r"own-labels\.onnx has the sha256"):
        TextPerceiver(model=str(copy)).read([said("thank you")])


@pytest.mark.parametrize(
    ("models", "told"),
    [
        (["text-affect", "text-affect"], "two models were given for text; allowed: one a modality"),
        (["face-expression"], "the model 'face-expression' reads face; the modalities read: text"),
    ],
)
def test_models_that_do_not_fit(models: list[str], told: str) -> None:
    with pytest.raises(OptionError, match=told):
        choose(["text"], models=models)


@settings(max_examples=40, deadline=None)
@given(
    speakers=st.lists(st.sampled_from("abcdefg"), min_size=20, max_size=60).filter(lambda names: len(set(names)) > 1),
    seed=st.integers(0, 9),
)
def test_no_speaker_is_in_two_parts(speakers: list[str], seed: int) -> None:
    codes = np.arange(len(speakers)) % 3
    left = parts(len(speakers), codes, speakers, seed=seed)
    assert sorted(np.concatenate(left)) == list(range(len(speakers)))
    owners = [{speakers[row] for row in rows} for rows in left]
    assert sum(map(len, owners)) == len(set(speakers))


def test_scores_are_of_rows_that_were_left_out() -> None:
    """Noise is learnt by heart by a head that has seen it, not by the one that the scores are of."""
    rng = np.random.default_rng(0)
    features, codes = rng.normal(size=(60, 80)), rng.integers(0, 2, 60)
    head = fit_classes(features, codes, parts(60, codes, (), seed=0))
    assert (head.held_out.argmax(axis=1) == codes).mean() < 0.75
    assert (head.linear(features).argmax(axis=1) == codes).mean() > 0.9
    ratings = rng.normal(size=(60, 1))
    rated = fit_ratings(features, ratings, parts(60, np.zeros(0), (), seed=0))
    assert rated.stds[0] > 0.8


def test_a_label_that_a_part_lacks_never_wins_there() -> None:
    rng = np.random.default_rng(1)
    codes = np.repeat([0, 1, 2], 10)
    features = np.eye(3)[codes] + 0.1 * rng.normal(size=(30, 3))
    head = fit_classes(features, codes, [np.arange(20, 30), np.arange(20)])
    assert not (head.held_out[20:].argmax(axis=1) == 2).any()
    assert (head.held_out[:20].argmax(axis=1) == 2).all()
    assert (head.linear(features).argmax(axis=1) == codes).all()


def test_labels_find_their_published_taxonomy() -> None:
    assert taxonomy_of("mine", ("anger", "joy")) == EKMAN7
    assert taxonomy_of("mine", ("anger", "joy", "boredom")).name == "mine"
