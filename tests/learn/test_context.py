"""The head that hears turns: what it learns from, its loss, and the folder that it becomes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from mien.cli.main import run as command  # noqa: E402
from mien.errors import OptionError  # noqa: E402
from mien.learn.heads import asset, context, hearing  # noqa: E402
from mien.learn.heads.turns import Heard, held_out, turns_of  # noqa: E402
from mien.learn.recipe import Recipe  # noqa: E402
from mien.perceive.text import TextPerceiver  # noqa: E402
from mien.types import Span, Utterance  # noqa: E402
from mien.types.taxonomies import EKMAN7  # noqa: E402

GLAD, SAD = "They gave us the house, the {} house is ours!", "The doctor says that {} will not live."
WORDS = ("small", "old", "blue", "stone", "corner", "garden")
NAMES = ("Mia", "Tom", "grandpa", "the cat", "Lea", "my sister")
SAID = "So that is it."


def heard(text: str, *before: str, label: str = "joy") -> Heard:
    return Heard(text, tuple((turn, False) for turn in before), np.array(EKMAN7.labels) == label, "d")


def published(folder: Path) -> None:
    """Write three corpora of our own, in which one sentence has the emotion of what was said before it."""
    dialogues = [[(GLAD.format(word), "joy"), (SAID, "joy")] for word in WORDS]
    dialogues += [[(SAD.format(name), "sadness"), (SAID, "sadness")] for name in NAMES]
    parts = {"train": dialogues[1:-1], "validation": dialogues[:1] + dialogues[-1:], "test": dialogues[:1]}
    for split, name in (("train", "train"), ("validation", "dev"), ("test", "test")):
        numbered = list(enumerate(parts[split]))
        lines = [
            f'{k}{place},"{text}",{"AB"[place]},{label},{label},{k},{place}'
            for k, turns in numbered
            for place, (text, label) in enumerate(turns)
        ]
        header = "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID"
        write(folder / "meld" / f"{name}_sent_emo.csv", [header, *lines])
        place = folder / "dailydialog" / split
        write(
            place / f"dialogues_{split}.txt",
            ["".join(f"{text} __eou__ " for text, _ in turns) for _, turns in numbered],
        )
        codes = {"joy": "4", "sadness": "5"}
        write(
            place / f"dialogues_emotion_{split}.txt",
            [" ".join(codes[label] for _, label in turns) for _, turns in numbered],
        )
        chats = [
            f"{k}\t{turns[0][0]}\tHm.\t{SAID}\t{'happy' if turns[0][1] == 'joy' else 'sad'}" for k, turns in numbered
        ]
        rows = ["id\tturn1\tturn2\tturn3\tlabel", *chats, "99\tHello.\tHi.\tThe shop opens at nine.\tothers"]
        write(folder / "emocontext" / f"{name}.txt", rows)


def write(path: Path, lines: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path / "text")
    monkeypatch.setenv("MIEN_DATA", str(tmp_path))


@pytest.mark.usefixtures("corpora")
def test_turns_come_with_those_before_and_who_spoke() -> None:
    for corpus in ("meld", "dailydialog"):
        first, second = turns_of(corpus, "test")
        assert (first.text, first.before) == (GLAD.format("small"), ())
        assert second.before == ((first.text, False),)
        assert [EKMAN7.labels[int(turn.allowed.argmax())] for turn in (first, second)] == ["joy", "joy"]
    happy, others = turns_of("emocontext", "test")
    assert happy.before == (("Hm.", False), (GLAD.format("small"), True))
    assert [EKMAN7.labels[place] for place in np.flatnonzero(happy.allowed)] == ["joy"]
    assert [EKMAN7.labels[place] for place in np.flatnonzero(others.allowed)] == [
        "disgust",
        "fear",
        "surprise",
        "neutral",
    ]


def test_what_a_later_split_holds_is_not_learnt_from() -> None:
    long = "I have never in my life seen anything like this."
    later = [heard(long, "Look!"), heard("Yes.", "Are you coming?")]
    kept = [heard("Yes.", "Is it raining?"), heard("Yes."), heard("No.", "Are you coming?"), heard("Look!")]
    gone = [heard(long.upper()), heard(long, "Look!"), heard("So?", long), heard("yes", "Are you coming")]
    assert held_out([*gone, *kept], later) == kept


def test_loss_is_that_of_the_labels_that_may_be_true() -> None:
    logits = torch.tensor([[2.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    allowed = torch.tensor([[True, False, False], [True, True, False]])
    weights = torch.tensor([3.0, 1.0])
    first = float(np.log(np.exp([2, 0, 1]).sum()) - 2)
    loss = hearing.allowed_loss(logits, allowed, weights)
    assert float(loss) == pytest.approx((3 * first + np.log(3 / 2)) / 4, rel=1e-6)
    assert float(hearing.allowed_loss(logits, torch.ones(2, 3, dtype=torch.bool), weights)) == pytest.approx(
        0, abs=1e-6
    )


def test_labels_count_as_often_as_they_occur_elsewhere() -> None:
    turns = [heard("a", label="joy")] * 30 + [heard("b", label="neutral")] * 10
    like = [heard("a", label="joy")] * 9 + [heard("b", label="neutral")] * 89
    weights = context._weights(turns, like, 1.0)
    assert weights.sum() == pytest.approx(40)
    assert weights[:30].sum() / weights.sum() == pytest.approx(0.1)
    assert context._weights(turns, like, 0.0) == pytest.approx(np.ones(40))


def test_forgotten_turns_leave_nothing_behind() -> None:
    rows = hearing.rows_of([heard("b", "a")] * 200, {"a": 0, "b": 1}, np.ones(200))
    table = torch.tensor([[5.0], [7.0], [0.0]])
    assert rows.features(table, torch.tensor([0])).tolist() == [[7, 5, 1, 0, 0, 0, 0]]
    assert rows.alone().features(table, torch.tensor([0])).tolist() == [[7, 0, 0, 0, 0, 0, 0]]
    forgotten = hearing._forgotten(rows, context.ContextOptions(forget=0.5, nameless=0.5))
    seen = {tuple(row) for row in forgotten.features(table, torch.arange(200)).tolist()}
    assert seen == {(7, 5, 1, 0, 0, 0, 0), (7, 5, 0, 0, 0, 0, 0), (7, 0, 0, 0, 0, 0, 0)}


@pytest.mark.usefixtures("corpora")
def test_the_head_becomes_a_model(
    tmp_path: Path, capfd: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = type("Found", (), {"value": 0.0, "low": 0.0, "high": 0.0})
    monkeypatch.setattr(context, "interval", lambda *_, **__: found)
    options = {"epochs": 60, "batch": 8, "inner": 16, "forget": 0.2}
    context.run(Recipe("text-context", tmp_path, (0,), options), tmp_path / "out", 0)
    folder = tmp_path / "out" / "text-context"
    perceiver = TextPerceiver(model=str(folder), threads=1)
    assert [info.line for info in perceiver.infos] == ["research", "open"]
    assert (perceiver.context, perceiver.taxonomy) == (2, EKMAN7)
    said, before = Utterance(SAID, Span(0, 14, "characters"), "B"), [GLAD.format("huge"), SAD.format("Ben")]
    turns = [[Utterance(text, Span(0, 9, "characters"), "A")] for text in before]
    glad, sad = (affect.categories.as_dict() for affect in perceiver.read([said, said], before=turns))
    assert glad["joy"] > 0.5 > glad["sadness"]
    assert sad["sadness"] > 0.5 > sad["joy"]
    golden = np.load(folder / "golden.npz")
    affects = asset.said_by(folder, [str(text) for text in golden["input_texts"]])
    np.testing.assert_allclose([one.categories.probs for one in affects], golden["output_probs"], atol=1e-5)
    write(tmp_path / "chat.csv", ["speaker,text", f"A,{before[1]}", f"B,{SAID}"])
    asked = ["analyze", str(tmp_path / "chat.csv"), "--model", str(folder), "--out", str(tmp_path), "--formats", "json"]
    assert command(asked) == 0
    capfd.readouterr()
    analysis = json.loads((tmp_path / "chat.csv.json").read_text(encoding="utf-8"))
    (track,) = (track for track in analysis["tracks"] if track["person"] == "B")
    assert track["affects"][0]["categories"]["probs"]["sadness"] == pytest.approx(sad["sadness"], abs=0.05)


def test_an_unknown_corpus_is_named() -> None:
    with pytest.raises(
        OptionError, match="no conversations are called 'letters'; known: meld, dailydialog, emocontext"
    ):
        turns_of("letters", "train")
