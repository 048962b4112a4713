"""The trial of votes: what listeners of new actors vote, by how the votes of others were made into labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mien.learn.tables.net import chosen
from mien.learn.tables.votes import VoteOptions, guess, held, read_votes, unlikely_pairs
from mien.metrics.ambiguity import entropy_pearson, vote_agreement
from mien.metrics.bootstrap import Metric
from mien.metrics.categorical import multilabel_macro_f1

__all__ = ["VotesTrial", "possible_share"]


def possible_share(unlikely: ArrayLike, said: ArrayLike) -> float:
    """Return the share of the items to which no pair of labels is given that hardly ever holds together.

    Args:
        unlikely: Whether each pair of labels is unlikely, the same table for every item, ``(items, labels, labels)``.
        said: Which labels were given, shape ``(items, labels)``.
    """
    pairs, labels = np.asarray(unlikely, dtype=bool), np.asarray(said, dtype=bool)
    return 1.0 - float((pairs & labels[:, :, None] & labels[:, None, :]).any(axis=(1, 2)).mean())


class VotesTrial:
    """Learn from the actors of ``train`` and guess the votes on those of ``validation``."""

    metrics: Mapping[str, Metric] = {
        "vote_agreement": vote_agreement,
        "entropy_r": entropy_pearson,
        "macro_f1": multilabel_macro_f1,
        "possible_share": possible_share,
    }
    defaults: Mapping[str, Any] = asdict(VoteOptions())

    def run(self, options: Mapping[str, Any], seed: int) -> dict[str, tuple[np.ndarray, ...]]:
        """Train with the options over their defaults.

        Raises:
            OptionError: An option or a rule is unknown.
        """
        given = chosen(VoteOptions, options, "a trial of votes")
        learnt, judged = read_votes(["train"]), read_votes(["validation"])
        said = guess(learnt, judged, given, seed=seed)
        pairs = np.repeat(unlikely_pairs(learnt.shares)[None], len(said), axis=0)
        return {
            "vote_agreement": (judged.shares, said, judged.actor),
            "entropy_r": (judged.shares, said, judged.actor),
            "macro_f1": (held(judged.shares), held(said), judged.actor),
            "possible_share": (pairs, held(said), judged.actor),
        }
