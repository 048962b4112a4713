"""The trials of text: what is fitted on one half of the items decides the other, and options are checked."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from mien.errors import OptionError
from mien.learn.heads import context_trial
from mien.learn.text import trial


@pytest.mark.parametrize("maker", [trial.TextTrial, context_trial.ContextTrial])
def test_an_unknown_option_is_named_with_the_known_ones(maker: type) -> None:
    with pytest.raises(OptionError, match="has no option 'colour'; known: "):
        maker().run({"colour": "red"}, 0)


def test_thresholds_of_an_item_do_not_come_from_its_own_half() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, (80, 2)).astype(float)
    logits = 2 * truth - 1 + rng.normal(size=truth.shape)
    own = trial.TrialOptions()
    _, decided = trial._decided(truth, logits, own)
    changed = truth.copy()
    changed[::2] = 1 - changed[::2]  # other truth in one half may change decisions in the other alone
    _, after = trial._decided(changed, logits, own)
    assert np.array_equal(decided[::2], after[::2])
    assert not np.array_equal(decided[1::2], after[1::2])


def test_shares_of_labels_come_from_the_other_half() -> None:
    truth = np.array([0, 1] * 40)  # each half holds one label only
    said = context_trial._decided(np.zeros((80, 2)), truth, np.array([0, 1]))
    assert np.array_equal(said, 1 - truth)
