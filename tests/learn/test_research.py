"""The teacher for tweets, and the model whose trunk learns from it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from mien.cli.main import run as command  # noqa: E402
from mien.errors import InputError, OptionError  # noqa: E402
from mien.learn.heads import asset, research, teacher  # noqa: E402
from mien.learn.heads.material import COLUMNS, INTENSITIES, LABELS, VALENCE, tweets  # noqa: E402
from mien.learn.heads.net import HeadNet  # noqa: E402
from mien.learn.heads.teacher import TeacherOptions, TweetsSaid, read_answers, write_answers  # noqa: E402
from mien.learn.heads.whole import Objective, WholeOptions, answer, fit  # noqa: E402
from mien.learn.recipe import Recipe  # noqa: E402
from mien.learn.text import train  # noqa: E402
from mien.learn.text.batches import Rows, collate  # noqa: E402
from mien.learn.text.mpnet import MPNet  # noqa: E402
from mien.learn.text.net import Encoder, EncoderShape  # noqa: E402
from mien.perceive.text import TextPerceiver  # noqa: E402
from mien.runtime import find_asset  # noqa: E402
from mien.types.scales import INTENSITY4  # noqa: E402

from .tweets import CROSS, GLAD  # noqa: E402

TINY = EncoderShape(vocabulary=40, positions=16, width=32, layers=2, heads=2, inner=32)
WORDS = replace(TINY, vocabulary=30522, positions=64)
OPTIONS = WholeOptions(epochs=2, batch=4, dropout=0.1, checkpoint_every=3, half=False)


def tiny_net() -> HeadNet:
    torch.manual_seed(0)
    return HeadNet(Encoder(TINY, 0.1), 3, 0.1)


def tiny_rows(soft: np.ndarray | None = None) -> Rows:
    rng = np.random.default_rng(0)
    ids = tuple((1, *map(int, rng.integers(3, 40, 2 + k % 4)), 2) for k in range(12))
    truth = rng.random((12, 3)).astype(np.float32)
    truth[rng.random((12, 3)) < 0.4] = np.nan
    return Rows(ids, truth, soft)


def cross_entropy(logit: float, target: float) -> float:
    return float(target * np.log1p(np.exp(-logit)) + (1 - target) * np.log1p(np.exp(logit)))


def test_a_teacher_shares_what_was_rated_and_tells_the_rest() -> None:
    objective = Objective(torch.tensor([1.0, 2.0]), share=0.25, unknown=0.5)
    logits, truth = torch.tensor([[0.5, -1.0]]), torch.tensor([[1.0, float("nan")]])
    loss = objective(logits, truth, torch.tensor([[0.6, 0.3]]))
    assert float(loss) == pytest.approx(cross_entropy(0.5, 0.9) + 2 * 0.5 * cross_entropy(-1.0, 0.3), rel=1e-5)


def test_without_a_teacher_the_ratings_alone_count() -> None:
    objective = Objective(torch.tensor([1.0, 2.0]), share=0.25, unknown=0.5)
    logits = torch.tensor([[0.5, -1.0]], requires_grad=True)
    loss = objective(logits, torch.tensor([[1.0, float("nan")]]), None)
    loss.backward()
    assert loss.item() == pytest.approx(cross_entropy(0.5, 1.0), rel=1e-5)
    assert logits.grad.tolist()[0][1] == 0


def test_a_few_tweets_are_learnt_by_heart(tmp_path: Path) -> None:
    rows = replace(tiny_rows(), truth=np.round(np.random.default_rng(1).random((12, 3))).astype(np.float32))
    options = replace(OPTIONS, epochs=60, dropout=0.0, rate=5e-3, head_rate=5e-3, average=0.9)
    for net in fit(tiny_net(), rows, options, Objective(torch.ones(3)), out=tmp_path, seed=0):
        assert ((answer(net, rows, half=False) > 0.5) == rows.truth).all()


def test_an_interrupted_training_goes_on_to_the_same_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, objective = tiny_rows(np.full((12, 3), 0.5, np.float32)), Objective(torch.ones(3), 0.5, 0.5)
    (tmp_path / "again").mkdir()
    nets = fit(tiny_net(), rows, OPTIONS, objective, out=tmp_path, seed=0)
    save = train.State.save

    def save_and_stop(state: train.State, path: Path) -> None:
        save(state, path)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(train.State, "save", save_and_stop)
        with pytest.raises(KeyboardInterrupt):
            fit(tiny_net(), rows, OPTIONS, objective, out=tmp_path / "again", seed=0)
    for net, again in zip(nets, fit(tiny_net(), rows, OPTIONS, objective, out=tmp_path / "again", seed=0), strict=True):
        for one, other in zip(net.parameters(), again.parameters(), strict=True):
            assert torch.allclose(one, other, atol=1e-6)


def test_answers_come_in_the_order_of_the_texts() -> None:
    net, rows = tiny_net().eval(), tiny_rows()
    found = answer(net, rows, half=False)
    for row in range(12):
        ids, mask, _ = collate(rows, np.array([row]))
        with torch.no_grad():
            assert np.allclose(net(ids, mask).sigmoid().numpy(), found[row], atol=1e-5)


@pytest.mark.usefixtures("tweet_corpora")
def test_what_a_teacher_said_is_read_and_of_other_texts_refused(tmp_path: Path) -> None:
    texts = tweets("train").texts
    said = TweetsSaid(texts, np.full((len(texts), COLUMNS), 0.25), ("goemotions",))
    write_answers(tmp_path / "answers.npz", said)
    again = read_answers(tmp_path / "answers.npz")
    assert again.texts == texts
    assert again.corpora == ("goemotions",)
    assert (again.probs == 0.25).all()
    write_answers(tmp_path / "others.npz", replace(said, texts=texts[::-1]))
    with pytest.raises(InputError, match="are of other texts; run recipes/tweets-teacher again"):
        read_answers(tmp_path / "others.npz")
    with pytest.raises(InputError, match="run recipes/tweets-teacher first"):
        read_answers(tmp_path / "missing.npz")


@pytest.mark.usefixtures("tweet_corpora")
def test_comments_are_answered_for_but_those_that_are_test_tweets(tmp_path: Path) -> None:
    folder = tmp_path / "text" / "goemotions"
    folder.mkdir()
    lines = [f"{text}\t27\tid{k}" for k, text in enumerate(("How nice!", "fine by me", "see you there"))]
    (folder / "train.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert teacher.answered_texts(0) == tweets("train").texts
    assert teacher.answered_texts(1) == (*tweets("train").texts, "fine by me")
    texts = teacher.answered_texts(2)
    write_answers(tmp_path / "answers.npz", TweetsSaid(texts, np.zeros((len(texts), COLUMNS)), ()))
    assert read_answers(tmp_path / "answers.npz").texts == texts


@pytest.fixture
def published_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a tokenizer, and a tiny encoder in place of the larger one."""
    folder = tmp_path / "encoder"
    folder.mkdir()
    shutil.copy(find_asset("text-affect").file("tokenizer.json"), folder)
    monkeypatch.setattr(teacher, "teacher_folder", lambda out: folder)
    monkeypatch.setattr(teacher, "load_mpnet", lambda folder, dropout: MPNet(WORDS, dropout))
    return folder


def test_a_teacher_begins_from_what_it_was_fine_tuned_to(tmp_path: Path, published_encoder: Path) -> None:
    nets = {name: HeadNet(MPNet(WORDS, 0.0), 28, 0.0) for name in teacher.WEIGHTS}
    torch.save({name: net.state_dict() for name, net in nets.items()}, tmp_path / train.CHECKPOINT)
    for name, net in nets.items():
        trunk = teacher.load_trunk(published_encoder, TeacherOptions(start=str(tmp_path), weights=name))
        assert torch.equal(trunk.apart.weight, net.trunk.apart.weight)
        assert not trunk.words.weight.requires_grad
        assert trunk.places.weight.requires_grad
    frozen = teacher.load_trunk(published_encoder, TeacherOptions(frozen_blocks=1))
    assert [block.up.weight.requires_grad for block in frozen.blocks] == [False, True]
    assert not frozen.places.weight.requires_grad
    with pytest.raises(InputError, match="run recipes/text-teacher first, or leave the option start out"):
        teacher.load_trunk(published_encoder, TeacherOptions(start=str(tmp_path / "nowhere")))
    with pytest.raises(OptionError, match="'best'; allowed: net, averaged"):
        teacher.load_trunk(published_encoder, TeacherOptions(weights="best"))


@pytest.mark.usefixtures("tweet_corpora", "published_encoder")
def test_a_trunk_learns_from_ratings_and_a_teacher(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    teacher.run(Recipe("tweets-teacher", tmp_path, (0,), {"epochs": 1, "batch": 4}), tmp_path, 0)
    (tmp_path / train.CHECKPOINT).unlink()
    said = read_answers(tmp_path / "answers.npz")
    assert said.probs.shape == (len(tweets("train").texts), COLUMNS)
    assert said.corpora == ()
    options = {"teacher": str(tmp_path / "answers.npz"), "soft_weight": 0.2, "epochs": 8, "batch": 4}
    research.run(Recipe("text-research", tmp_path, (0,), options), tmp_path, 0)
    folder = tmp_path / "text-research"
    perceiver = TextPerceiver(model=str(folder), threads=1)
    assert [info.name for info in perceiver.infos] == ["text-research"]  # no trunk but its own
    assert perceiver.info.line == "research"
    assert [row.corpus for row in perceiver.info.trained_on if row.commercial] == ["goemotions", "emobank"]
    assert "all-mpnet-base-v2 (teacher only)" in {row.name for row in perceiver.info.base}
    glad, cross = asset.said_by(folder, [GLAD[0], CROSS[0]])
    assert glad.degrees[0].as_dict()["joy"] > cross.degrees[0].as_dict()["joy"]
    assert glad.valence.mean > cross.valence.mean
    golden = np.load(folder / "golden.npz")
    affects = asset.said_by(folder, [str(text) for text in golden["input_texts"]])
    np.testing.assert_allclose([one.categories.probs for one in affects], golden["output_probs"], atol=1e-5)
    (tmp_path / "a.txt").write_text("so happy \U0001f602\n", encoding="utf-8")
    assert command(["perceive", "text", str(tmp_path / "a.txt"), "--model", str(folder)]) == 0
    record = json.loads(capfd.readouterr().out)
    assert set(record["degrees"][0]["probs"]) == set(INTENSITY4.labels)


@pytest.mark.usefixtures("tweet_corpora")
def test_what_only_a_teacher_knows_stands_after_the_tweets() -> None:
    part = tweets("train")
    reader = research.Lower.of(find_asset("text-affect"), dropout=0.0)
    said = TweetsSaid((*part.texts, "see you there"), np.full((len(part.texts) + 1, COLUMNS), 0.5, np.float32), ())
    rows = research._rows(reader, said, 96)
    assert len(rows) == len(part.texts) + 1
    for columns in (INTENSITIES, VALENCE, LABELS):
        np.testing.assert_allclose(rows.truth[:-1, columns], part.truth[:, columns], rtol=1e-6)
        assert np.isnan(rows.truth[-1, columns]).all()
