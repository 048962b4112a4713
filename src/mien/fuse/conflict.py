"""Where two modalities are each sure of something else."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from mien.fuse.pool import Belief
from mien.types.affect import Evidence
from mien.types.span import Span
from mien.types.taxonomy import Taxonomy

__all__ = ["CONFIDENT", "conflicts"]

CONFIDENT = 0.5
"""A modality is confident where its top label is more likely right than wrong."""

CALM = frozenset({"neutral", "calm"})
"""Showing nothing in one modality does not contradict showing something in another."""


def conflicts(beliefs: Mapping[str, Belief], taxonomy: Taxonomy, span: Span | None = None) -> list[Evidence]:
    """Return one piece of evidence for each pair of modalities that are confident and disagree.

    Two modalities disagree where their top labels differ and neither is neutral. The weight, in (0, 1], is how far the
    two distributions lie apart (total variation) times the lesser confidence.

    Args:
        beliefs: Modality to belief over the taxonomy.
        taxonomy: The common taxonomy.
        span: The stretch that the beliefs speak of.
    """
    found = []
    for one, two in combinations(sorted(beliefs), 2):
        tops = [_top(beliefs[name], taxonomy) for name in (one, two)]
        sure = min(beliefs[one].confidence, beliefs[two].confidence)
        sure = min(sure, beliefs[one].probs.max(), beliefs[two].probs.max())
        if tops[0] == tops[1] or CALM & set(tops) or sure < CONFIDENT:
            continue
        apart = 0.5 * float(np.abs(beliefs[one].probs - beliefs[two].probs).sum())
        said = [
            f"{name} says {top} ({beliefs[name].confidence:.2f})" for name, top in zip((one, two), tops, strict=True)
        ]
        note = ", ".join(said)
        found.append(Evidence("conflict", float(apart * sure), span=span, note=note))
    return sorted(found, key=lambda evidence: (-evidence.weight, evidence.note))


def _top(belief: Belief, taxonomy: Taxonomy) -> str:
    return taxonomy.labels[int(np.argmax(belief.probs))]
