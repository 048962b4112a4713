"""Heads on the frozen trunk of another model: what they learn from, and the folder that they become."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from mien.cli.main import run as command  # noqa: E402
from mien.learn.heads import answers, asset, material, perspective, tweets  # noqa: E402
from mien.learn.heads.net import masked_loss  # noqa: E402
from mien.learn.recipe import Recipe  # noqa: E402
from mien.perceive.text import TextPerceiver  # noqa: E402
from mien.types import Span, Utterance  # noqa: E402
from mien.types.scales import INTENSITY4, SEMEVAL_EC11  # noqa: E402

from .tweets import CROSS, GLAD, write  # noqa: E402


@pytest.mark.usefixtures("tweet_corpora")
def test_no_tweet_of_a_later_split_is_learnt_from() -> None:
    train, test = material.tweets("train"), material.tweets("test")
    assert "how dare they" in test.texts
    assert set(train.texts) == {*GLAD, *CROSS} - {"how dare they"}
    row = train.truth[train.texts.index("so happy today")]
    assert row[material.INTENSITIES].tolist() == [0.2, 0.2, 0.8, 0.2]
    assert row[material.VALENCE] == pytest.approx([0.8])
    assert row[material.LABELS].tolist() == [float(label == "joy") for label in SEMEVAL_EC11.labels]


def test_what_was_not_rated_does_not_count() -> None:
    logits, weights = torch.tensor([[0.0, 3.0], [1.0, -1.0]]), torch.tensor([1.0, 2.0])
    nan = float("nan")
    loss = masked_loss(logits, torch.tensor([[1.0, nan], [nan, 0.5]]), weights)
    known = np.log(2) + 2 * (0.5 * np.log1p(np.exp(1)) + 0.5 * np.log1p(np.exp(-1)))
    assert float(loss) == pytest.approx(known / 2, rel=1e-5)
    moved = logits.clone()
    moved[0, 1] = -7
    assert masked_loss(moved, torch.tensor([[1.0, nan], [nan, 0.5]]), weights) == loss


def test_one_threshold_parts_what_can_be_parted() -> None:
    truth = np.array([[1, 0], [0, 1], [1, 1]], float)
    assert 0.25 <= answers.best_threshold(truth, np.where(truth > 0, 0.405, 0.245)) <= 0.4


@pytest.mark.usefixtures("tweet_corpora")
def test_heads_for_tweets_become_a_model(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    options = {"blocks": 1, "epochs": 12, "batch": 4}
    tweets.run(Recipe("text-tweets", tmp_path, (0,), options), tmp_path / "out", 0)
    folder = tmp_path / "out" / "text-tweets"
    perceiver = TextPerceiver(model=str(folder), threads=1)
    assert [info.line for info in perceiver.infos] == ["research", "open"]
    glad, cross = perceiver.read([Utterance(text, Span(0, 9, "characters")) for text in ("so happy", "so furious")])
    assert glad.degrees[0].as_dict()["joy"] > cross.degrees[0].as_dict()["joy"]
    assert glad.valence.mean > cross.valence.mean
    assert glad.arousal is None
    golden = np.load(folder / "golden.npz")
    affects = asset.said_by(folder, [str(text) for text in golden["input_texts"]])
    np.testing.assert_allclose([one.degrees[0].probs for one in affects], golden["output_degrees"], atol=1e-5)
    (tmp_path / "a.txt").write_text("so happy \U0001f602\n", encoding="utf-8")
    assert command(["perceive", "text", str(tmp_path / "a.txt"), "--model", str(folder)]) == 0
    record = json.loads(capfd.readouterr().out)
    assert set(record["degrees"][0]["probs"]) == set(INTENSITY4.labels)
    assert record["categories"]["taxonomy"] == "semeval_ec11"


def test_a_side_tells_its_mean_and_the_spread_of_its_raters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "text" / "emobank"
    folder.mkdir(parents=True)
    monkeypatch.setenv("MIEN_DATA", str(tmp_path))
    rows = [(f"{k}", "train" if k < 8 else "dev" if k < 9 else "test", text) for k, text in enumerate(GLAD + CROSS)]
    rows += [("10", "dev", "what a nice day"), ("11", "test", "such a sweet song")]
    lines = [f'{name},{split},3,3,3,"{text}"' for name, split, text in rows]
    write(folder / "emobank.csv", "id,split,V,A,D,text", lines)
    rated = [
        f"{k},{4.5 if k < 5 or k > 9 else 1.5},3,{2 + k % 3},{0.2 if k < 5 else 0.9},0.5,{k % 2}" for k in range(12)
    ]
    write(folder / "reader.csv", "id,V,A,D,stdV,stdA,stdD", rated)
    monkeypatch.setattr(perspective, "interval", lambda *_: type("Found", (), {"value": 0.0, "low": 0.0, "high": 0.0}))
    perspective.run_readers(Recipe("text-readers", tmp_path, (0,), {}), tmp_path / "out", 0)
    glad, cross = asset.said_by(tmp_path / "out" / "text-readers", [GLAD[0], CROSS[0]])
    assert glad.kind == "induced"
    assert glad.valence.mean > 0 > cross.valence.mean
    assert glad.valence.std < cross.valence.std
    assert glad.categories.taxonomy.name == "goemotions28"
