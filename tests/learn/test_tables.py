"""Small networks over tables: losses, what is learnt from votes and ratings, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pyarrow = pytest.importorskip("pyarrow")

from pyarrow import parquet  # noqa: E402

from mien.errors import OptionError  # noqa: E402
from mien.learn.tables import ratings, votes  # noqa: E402
from mien.learn.tables.losses import concordance, penalty, rating_loss, soft_cross_entropy  # noqa: E402
from mien.learn.tables.net import Plan, fit, predict  # noqa: E402
from mien.learn.tables.votes_trial import VotesTrial, possible_share  # noqa: E402
from mien.metrics.dimensional import mean_ccc  # noqa: E402

LETTERS = "ADFHNS"
INTENDED = ("ANG", "DIS", "FEA", "HAP", "NEU", "SAD")


def cast(folder: Path, actors: int = 91) -> None:
    """Write a table of votes: listeners hear what is meant, and every second actor as neutral too."""
    rows = []
    for actor in range(actors):
        for place, intended in enumerate(INTENDED):
            for kind in ("voice", "face", "audiovisual"):
                counts = dict.fromkeys(LETTERS, 0)
                counts[LETTERS[place]] += 4 if actor % 2 else 9
                counts["N"] += 6 if actor % 2 else 1
                about = {"modality": kind, "actor": f"{actor}", "sentence": "IEO", "intended": intended, "level": "XX"}
                person = {"Age": 20 + 30 * (actor % 2), "Sex": "Female" if actor % 3 else "Male"}
                rows.append({"fileName": f"{actor}_{intended}", **counts, **about, **person})
    (folder / "speech" / "cremad_votes").mkdir(parents=True)
    parquet.write_table(pyarrow.Table.from_pylist(rows), folder / "speech" / "cremad_votes" / "cremad_votes.parquet")


def rated(folder: Path) -> None:
    """Write a table of features of which the first three are the ratings, with noise."""
    rng, rows = np.random.default_rng(0), []
    for number in range(600):
        truth = rng.uniform(1, 5, 3)
        features = {f"f{place:02d}": float(rng.normal()) for place in range(ratings.N_FEATURES)}
        features |= {f"f{place:02d}": float(truth[place] + 0.3 * rng.normal()) for place in range(3)}
        split = ("train", "train", "val", "test")[number % 4]
        rows.append({**features, **dict(zip(ratings.DIMENSIONS, truth.tolist(), strict=True)), "split": split})
    (folder / "speech" / "quechua_vad_features").mkdir(parents=True)
    path = folder / "speech" / "quechua_vad_features" / "quechua_vad_features.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)


@pytest.fixture
def corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    cast(tmp_path)
    rated(tmp_path)
    monkeypatch.setenv("MIEN_DATA", str(tmp_path))
    return tmp_path


def test_concordance_is_nothing_where_both_agree_and_counts_shift_and_scale() -> None:
    truth = torch.randn(50, 3, generator=torch.Generator().manual_seed(0))
    assert float(concordance(truth, truth)) == pytest.approx(0, abs=1e-6)
    for changed in (truth + 1, 2 * truth, -truth):
        expected = 1 - mean_ccc(truth.numpy(), changed.numpy())
        assert float(concordance(changed, truth)) == pytest.approx(expected, abs=1e-5)
    guess = torch.zeros(4, 1, requires_grad=True)
    concordance(guess, truth[:4, :1]).backward()
    assert bool(torch.isfinite(guess.grad).all())


def test_a_one_hot_share_makes_the_common_cross_entropy() -> None:
    logits = torch.randn(6, 4, generator=torch.Generator().manual_seed(1))
    places = torch.arange(6) % 4
    hard = torch.nn.functional.cross_entropy(logits, places)
    assert torch.allclose(soft_cross_entropy(logits, torch.eye(4)[places]), hard)


def test_the_penalty_is_on_what_does_not_go_together() -> None:
    unlikely = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    shares = torch.tensor([[1.0, 0.0]])
    apart, together = torch.tensor([[-9.0, 9.0]]), torch.tensor([[9.0, -9.0]])
    assert float(penalty(apart, shares, unlikely)) == pytest.approx(1, abs=1e-4)
    assert float(penalty(together, shares, unlikely)) == pytest.approx(0, abs=1e-4)


def test_a_network_learns_and_is_the_same_for_a_seed() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(200, 4)).astype(np.float32)
    inputs[:, 3] = 7.0  # a column that says nothing
    targets = inputs[:, :1] * 2
    plan = Plan(members=2, inner=16, dropout=0.0, epochs=60, batch=50, rate=0.01)
    one, two, other = (
        predict(fit(inputs, targets, torch.nn.functional.mse_loss, plan, seed=s), inputs) for s in (0, 0, 1)
    )
    assert np.abs(one - targets).mean() < 0.2
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_no_actor_is_in_two_parts(corpora: Path) -> None:
    actors = [set(votes.read_votes([part]).actor.tolist()) for part in votes.PARTS]
    assert [len(part) for part in actors] == [46, 22, 23]
    assert len(set.union(*actors)) == 91


def test_rules_make_labels_of_votes() -> None:
    shares = np.array([[0.6, 0.4, 0], [0.5, 0.5, 0], [0.4, 0.3, 0.3]], dtype=np.float32)
    assert votes._targets(shares, "soft") is shares
    assert votes._targets(shares, "plurality").tolist() == [[1, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert votes._targets(shares, "majority").tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert votes.held(shares).tolist() == [[True, True, False], [True, True, False], [True, False, False]]


def test_pairs_that_never_hold_together_are_unlikely() -> None:
    shares = np.array([[0.5, 0.5, 0], [1, 0, 0], [0, 0, 1.0]] * 10, dtype=np.float32)
    pairs = votes.unlikely_pairs(shares)
    assert not pairs[0, 1]
    assert pairs[0, 2]
    assert not pairs.diagonal().any()
    said = np.array([[True, True, False], [True, False, True]])
    assert possible_share(np.repeat(pairs[None], 2, axis=0), said) == 0.5


def test_listeners_of_new_actors_are_guessed_and_soft_labels_keep_their_doubt(corpora: Path) -> None:
    trial = VotesTrial()
    found = {rule: trial.run({"targets": rule, "epochs": 30}, 0) for rule in ("soft", "plurality")}
    scores = {
        rule: {name: trial.metrics[name](*columns[:2]) for name, columns in answers.items()}
        for rule, answers in found.items()
    }
    assert scores["soft"]["vote_agreement"] > scores["plurality"]["vote_agreement"]
    assert scores["soft"]["vote_agreement"] > 0.9
    assert set(found["soft"]["macro_f1"][2].tolist()) == set(votes.read_votes(["validation"]).actor.tolist())


def test_ratings_are_learnt_with_either_loss(corpora: Path) -> None:
    for loss in ("ccc", "mse"):
        truth, said = ratings.RatingsTrial().run({"loss": loss, "members": 1, "inner": 32, "batch": 50}, 0)["mean_ccc"]
        assert truth.shape == said.shape == (150, 3)
        assert mean_ccc(truth, said) > 0.6
        assert np.abs(said).max() <= 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (lambda: VotesTrial().run({"colour": 1}, 0), "a trial of votes has no option 'colour'; known: targets"),
        (lambda: VotesTrial().run({"targets": "loudest"}, 0), "no rule of targets is called 'loudest'; known: soft"),
        (
            lambda: ratings.RatingsTrial().run({"colour": 1}, 0),
            "a trial of ratings has no option 'colour'; known: loss",
        ),
        (lambda: rating_loss("mae"), "no loss of ratings is called 'mae'; known: ccc, mse"),
        (lambda: votes.read_votes(["dev"]), "the part 'dev' was asked for; allowed: train, validation, test"),
        (lambda: ratings.read_rated(["dev"]), "the split 'dev' was asked for; allowed: train, validation, test"),
    ],
)
def test_what_a_user_may_get_wrong_is_named(corpora: Path, asked: Callable[[], Any], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        asked()
