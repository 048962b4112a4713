"""Laws of the losses and of further pre-training, on nets and texts of a few words."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mien.errors import OptionError  # noqa: E402
from mien.learn.text import losses, pretrain  # noqa: E402
from mien.learn.text.batches import Rows  # noqa: E402
from mien.learn.text.mpnet import BUCKETS, MPNet, buckets  # noqa: E402
from mien.learn.text.net import Encoder, EncoderShape  # noqa: E402

torch.set_num_threads(1)

WORDS = 1100
SHAPE = EncoderShape(vocabulary=WORDS, positions=20, width=16, layers=2, heads=2, inner=32)
TRUTH = torch.tensor([[1.0, 0, 0], [0, 1, 1], [0, 0, 1], [1, 0, 0]])
GOOD, BAD = 8 * TRUTH - 4, 4 - 8 * TRUTH
NAMES = ("binary", "asymmetric", "balanced", "soft_f1")


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_is_lower_where_the_answer_is_right_and_falls_along_its_gradient(name: str) -> None:
    loss = losses.category_loss(name, TRUTH.mean(0))
    assert loss(GOOD, TRUTH) < loss(BAD, TRUTH)
    logits = torch.zeros(4, 3, requires_grad=True)
    before = loss(logits, TRUTH)
    before.backward()
    assert loss(logits.detach() - 0.05 * logits.grad, TRUTH) < before


def test_an_unknown_loss_is_named_with_the_known_ones() -> None:
    with pytest.raises(OptionError, match="known: binary, asymmetric"):
        losses.category_loss("square", TRUTH.mean(0))


def test_asymmetric_without_its_asymmetry_is_cross_entropy() -> None:
    logits = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    truth = (logits > 0.3).float()
    assert losses.asymmetric(logits, truth, fall=0, margin=0).item() == pytest.approx(
        losses.binary(logits, truth).item(), rel=1e-5
    )


def test_balanced_weighs_a_rare_label_more() -> None:
    loss = losses.balanced(torch.tensor([0.5, 0.005]))
    missed = [loss(torch.tensor([row]), torch.tensor([[1.0, 1.0]])) for row in ([4.0, -4.0], [-4.0, 4.0])]
    assert missed[0] > 5 * missed[1]


def test_correlation_asks_that_absent_labels_stay_below_present_ones() -> None:
    assert (
        losses.correlation(GOOD, TRUTH) < losses.correlation(torch.zeros(4, 3), TRUTH) < losses.correlation(BAD, TRUTH)
    )
    assert losses.correlation(torch.zeros(1, 3), torch.zeros(1, 3)).item() == 0  # nothing to compare with


def test_contrast_is_lower_where_like_texts_lie_together() -> None:
    together = torch.tensor([[1.0, 0], [0, 1], [0, 1], [1, 0]])
    apart = torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1]])
    assert losses.contrast(together, TRUTH) < losses.contrast(apart, TRUTH)
    assert losses.contrast(together[:1], TRUTH[:1]).item() == 0  # alone in its batch


def test_a_teacher_takes_its_share() -> None:
    soft = torch.full_like(TRUTH, 0.5)
    sentences = torch.ones(4, 2)
    parts = [losses.Objective(soft_weight=share)(GOOD, sentences, TRUTH, soft).item() for share in (0.0, 0.5, 1.0)]
    assert parts[0] == pytest.approx(losses.binary(GOOD, TRUTH).item())
    assert parts[2] == pytest.approx(losses.binary(GOOD, soft).item())
    assert parts[1] == pytest.approx((parts[0] + parts[2]) / 2)
    assert losses.Objective(soft_weight=1.0)(GOOD, sentences, TRUTH, None).item() == pytest.approx(parts[0])


def test_buckets_tell_direction_and_grow_with_distance() -> None:
    found = buckets(200)
    assert torch.equal(found.diagonal(), torch.zeros(200, dtype=found.dtype))
    assert (found[0, 1:] >= BUCKETS // 2).all()
    assert (found[1:, 0] < BUCKETS // 2).all()
    assert (found[0, 1:].diff() >= 0).all()
    assert found.max() == BUCKETS - 1


def test_mpnet_does_not_look_at_padding() -> None:
    torch.manual_seed(0)
    net = MPNet(SHAPE).eval()
    ids = torch.randint(5, WORDS, (1, 6))
    padded = torch.cat([ids, torch.ones(1, 3, dtype=torch.int64)], dim=1)
    mask = torch.tensor([[1] * 6 + [0] * 3])
    assert torch.allclose(net(ids, torch.ones_like(ids)), net(padded, mask), atol=1e-5)


def rows(count: int = 40) -> Rows:
    """Texts in which the word 1001 stands in emotional ones alone, between words that stand anywhere."""
    rng = np.random.default_rng(0)
    neutral = np.arange(count) % 2
    ids = [(101, *rng.integers(1010, WORDS, 6).tolist(), *([] if even else [1001]), 102) for even in neutral]
    return Rows(tuple(ids), np.stack([1 - neutral, neutral], axis=1).astype(np.float32))


def test_emotion_words_are_those_that_tell_emotional_texts() -> None:
    chosen = pretrain.emotion_words(rows(), neutral=1, count=1, size=WORDS)
    assert np.flatnonzero(chosen).tolist() == [1001]


def test_preferred_words_are_hidden_more_often_and_signs_never() -> None:
    preferred = np.zeros(WORDS, bool)
    preferred[1001] = True
    task = pretrain.Masking(Encoder(SHAPE), preferred)
    torch.manual_seed(0)
    ids = torch.tensor([[101, 1001, 1050, 102]]).repeat(4000, 1)
    share = task._hide(ids, torch.ones_like(ids)).float().mean(0)
    assert share.tolist() == pytest.approx([0, pretrain.PREFERRED, pretrain.SHARE, 0], abs=0.03)


@pytest.mark.parametrize("task", ["masked", "emotion-masked", "replaced"])
def test_pretraining_changes_the_trunk_alike_for_one_seed(task: str) -> None:
    texts, ends = rows(), []
    options = pretrain.PretrainOptions(task=task, steps=4, batch=8, words=1)
    for _ in range(2):
        torch.manual_seed(1)
        trunk = Encoder(SHAPE)
        before = trunk.blocks[0].up.weight.clone()
        pretrain.pretrain(trunk, texts, texts, 1, options, seed=3)
        assert not torch.equal(before, trunk.blocks[0].up.weight)
        ends.append(trunk.blocks[0].up.weight)
    assert torch.equal(*ends)


def test_an_unknown_pretraining_is_named_with_the_known_ones() -> None:
    with pytest.raises(OptionError, match="known: none, masked"):
        pretrain.pretrain(Encoder(SHAPE), rows(), rows(), 1, pretrain.PretrainOptions(task="guess"), seed=0)
