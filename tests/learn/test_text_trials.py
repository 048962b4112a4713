"""The trials of text: what is fitted on one half of the items decides the other, and options are checked."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mien.errors import OptionError  # noqa: E402
from mien.learn.heads import context_trial  # noqa: E402
from mien.learn.text import scratch_trial, trial  # noqa: E402


@pytest.mark.parametrize("maker", [trial.TextTrial, context_trial.ContextTrial, scratch_trial.ScratchTrial])
def test_an_unknown_option_is_named_with_the_known_ones(maker: type) -> None:
    with pytest.raises(OptionError, match="has no option 'colour'; known: "):
        maker().run({"colour": "red"}, 0)


def test_thresholds_of_an_item_do_not_come_from_its_own_half() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, (80, 2)).astype(float)
    logits = 2 * truth - 1 + rng.normal(size=truth.shape)
    own = trial.TrialOptions()
    _, decided = trial.decided(truth, logits, own)
    changed = truth.copy()
    changed[::2] = 1 - changed[::2]  # other truth in one half may change decisions in the other alone
    _, after = trial.decided(changed, logits, own)
    assert np.array_equal(decided[::2], after[::2])
    assert not np.array_equal(decided[1::2], after[1::2])


def test_shares_of_labels_come_from_the_other_half() -> None:
    truth = np.array([0, 1] * 40)  # each half holds one label only
    said = context_trial._decided(np.zeros((80, 2)), truth, np.array([0, 1]))
    assert np.array_equal(said, 1 - truth)


def test_attention_knows_distances_alone() -> None:
    net = scratch_trial.small_net(scratch_trial.ScratchOptions("disentangled", width=16, layers=2), 40, 0.0).eval()
    states, mask = torch.randn(1, 5, 16), torch.ones(1, 9, dtype=torch.int64)
    moved = torch.cat([torch.randn(1, 4, 16), states], dim=1)
    only = mask.clone()
    only[:, :4] = 0
    with torch.no_grad():
        here = net.trunk.climb(states, mask[:, :5])
        there = net.trunk.climb(moved, only)[:, 4:]
        turned = net.trunk.climb(states.flip(1), mask[:, :5]).flip(1)
    assert torch.allclose(here, there, atol=1e-5)  # the same words further behind
    assert not torch.allclose(here, turned, atol=1e-3)  # the same words in another order


def test_both_kinds_of_attention_are_about_as_large() -> None:
    sizes = [
        sum(one.numel() for one in scratch_trial.small_net(scratch_trial.ScratchOptions(kind), 1000, 0.0).parameters())
        for kind in scratch_trial.ENCODERS
    ]
    assert sizes[1] <= sizes[0] <= 1.1 * sizes[1]


def test_an_unknown_attention_is_refused() -> None:
    with pytest.raises(OptionError, match="no attention is called 'linear'; known: absolute, disentangled"):
        scratch_trial.small_net(scratch_trial.ScratchOptions("linear"), 40, 0.0)
