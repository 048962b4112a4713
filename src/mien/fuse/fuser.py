"""One timeline a person out of all that was perceived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np

from mien.errors import OptionError
from mien.fuse.conflict import conflicts
from mien.fuse.persons import persons
from mien.fuse.pool import Belief, pool
from mien.fuse.reliability import EVEN, check, reliabilities
from mien.fuse.timeline import Cell, cells
from mien.runtime import find_assets
from mien.types.affect import Affect, Evidence
from mien.types.analysis import Link, Track
from mien.types.taxonomies import EKMAN7
from mien.types.taxonomies import taxonomy as named
from mien.types.taxonomy import Taxonomy

__all__ = ["Fuser", "ReliabilityFuser", "fuse"]

NAME = "fuse/reliability"
CARRIED = 3
"""How many of a modality's own reasons a fused affect carries."""


@runtime_checkable
class Fuser(Protocol):
    """Makes one track a person out of tracks a person and modality."""

    name: str

    def fuse(self, tracks: Sequence[Track], links: Sequence[Link] = ()) -> list[Track]:
        """Return one fused track a person, in order of appearance."""
        ...


class ReliabilityFuser:
    """Weighs each modality by its confidence and by the score that its model earned on held-out data.

    Args:
        taxonomy: Name of the common taxonomy.
        step: Length of a step of the fused timeline in seconds.
        reliability: Modality to reliability in [0, 1]; by default from the cards of the installed models.

    Raises:
        UnknownNameError: The taxonomy is unknown.
        OptionError: The step is not positive, or a reliability leaves [0, 1].
    """

    name = NAME

    def __init__(
        self, *, taxonomy: str = "ekman7", step: float = 1.0, reliability: Mapping[str, float] | None = None
    ) -> None:
        self._taxonomy = named(taxonomy)
        self._step = step
        self._reliability = _installed() if reliability is None else reliability
        _check(self._step, self._reliability)

    def fuse(self, tracks: Sequence[Track], links: Sequence[Link] = ()) -> list[Track]:
        """Return one fused track a person; see `fuse`."""
        return fuse(tracks, links, taxonomy=self._taxonomy, step=self._step, reliability=self._reliability)


def fuse(
    tracks: Sequence[Track],
    links: Sequence[Link] = (),
    *,
    taxonomy: Taxonomy = EKMAN7,
    step: float = 1.0,
    reliability: Mapping[str, float] | None = None,
) -> list[Track]:
    """Return one fused track a person, in order of appearance.

    Within a step, each modality's readings are pooled first, then the modalities. A modality weighs as its reliability
    times how far it stands above chance; an absent one is not there. Where two are confident and disagree, the fused
    affect carries evidence of the conflict.

    Args:
        tracks: One a person and modality.
        links: Which voice was joined to which face.
        taxonomy: The common taxonomy.
        step: Length of a step in seconds; readings in characters keep their own spans.
        reliability: Modality to reliability in [0, 1]; by default all count the same.

    Raises:
        OptionError: The step is not positive, or a reliability leaves [0, 1].
        UnknownNameError: No map leads from a track's taxonomy to the common one.

    Example:
        >>> from mien.types import Affect, Distribution, Span
        >>> joy = Affect(Distribution(EKMAN7, np.eye(7)[3]), span=Span(0, 1), confidence=0.9)
        >>> fused = fuse([Track("ann", "text", (joy,)), Track("ann", "speech", (joy,))])
        >>> fused[0].affects[0].categories.top, fused[0].affects[0].confidence
        (('joy', 1.0), 0.9)
    """
    table = reliability or {}
    _check(step, table)
    group = persons(tracks, links)
    fused = []
    for person in dict.fromkeys(group[track.person] for track in tracks):
        own = [track for track in tracks if group[track.person] == person]
        affects = tuple(_fused(cell, taxonomy, table) for cell in cells(own, taxonomy, step))
        if affects:
            fused.append(Track(person, "fused", affects))
    return fused


def _fused(cell: Cell, taxonomy: Taxonomy, reliability: Mapping[str, float]) -> Affect:
    span, beliefs = cell
    trusted = [replace(belief, trust=reliability.get(name, EVEN)) for name, belief in beliefs.items()]
    merged = pool(trusted)
    reasons = [*conflicts(beliefs, taxonomy, span)]
    for name, share in _shares(beliefs, reliability).items():
        says = taxonomy.labels[int(np.argmax(beliefs[name].probs))]
        reasons.append(Evidence(name, share, note=f"{says} ({beliefs[name].confidence:.2f})"))
        reasons += _carried(beliefs[name])
    return replace(merged.affect(taxonomy, *reasons), span=span, model=NAME)


def _shares(beliefs: Mapping[str, Belief], reliability: Mapping[str, float]) -> dict[str, float]:
    """Return how much each modality that counts at all counts."""
    weights = {name: reliability.get(name, EVEN) * belief.sureness for name, belief in sorted(beliefs.items())}
    total = sum(weights.values())
    if not total:
        return {name: 1 / len(beliefs) for name in weights}
    return {name: weight / total for name, weight in weights.items() if weight}


def _carried(belief: Belief) -> list[Evidence]:
    """Return the strongest reasons that the readings of one modality gave themselves."""
    own = [reason for reason in belief.evidence if reason.source != "project"]
    return sorted(own, key=lambda reason: (-abs(reason.weight), reason.source, reason.note))[:CARRIED]


def _check(step: float, reliability: Mapping[str, float]) -> None:
    if not step > 0:
        raise OptionError(f"a step of {step} s was given; it must be positive")
    check(reliability)


def _installed() -> dict[str, float]:
    return reliabilities(asset.info for asset in find_assets().values())
