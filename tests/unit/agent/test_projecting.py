"""A whole analysis in another taxonomy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.agent.projecting import project_analysis
from mien.errors import OptionError, UnknownNameError
from mien.types import Affect, Analysis, Context, Dimension, Distribution, Source, Span, Taxonomy, Track, Turn
from mien.types.project import project
from mien.types.taxonomies import EKMAN7, FER7, PLUTCHIK8, QUADRANTS4

HAPPY = Affect(Distribution(FER7, np.eye(7)[3]), span=Span(0, 1), confidence=0.7)
FELT = Affect(valence=Dimension(0.8, 0.1), arousal=Dimension(0.7, 0.1), span=Span(1, 2))


def analysis(*affects: Affect) -> Analysis:
    tracks = (Track("Ada", "face", affects),)
    fused = (Track("Ada", "fused", affects),)
    context = Context((Turn("Ada", Span(0, 1), "Hi!", affects[0]), Turn("Ben", Span(1, 2), "Oh.")))
    return Analysis(Source("a.mp4", "video"), tracks, fused, context, warnings=("one before",))


def test_every_affect_is_projected() -> None:
    found = project_analysis(analysis(HAPPY, FELT), EKMAN7)
    for track in (*found.tracks, *found.fused):
        assert track.affects == tuple(project(affect, EKMAN7) for affect in (HAPPY, FELT))
    assert found.context.turns[0].affect == project(HAPPY, EKMAN7)
    assert found.context.turns[1].affect is None
    assert found.tracks[0].affects[0].confidence == 0.7


def test_the_maps_are_named() -> None:
    found = project_analysis(analysis(HAPPY, FELT), PLUTCHIK8)
    assert found.warnings[0] == "one before"
    assert found.warnings[1].startswith("categories were projected from fer7 onto plutchik8 after ")
    assert "come from valence, arousal and dominance" in found.warnings[2]


def test_the_same_taxonomy_changes_nothing() -> None:
    before = analysis(HAPPY)
    assert project_analysis(before, FER7) == before


def test_nothing_leads_from_an_unknown_taxonomy() -> None:
    own = Taxonomy("own2", ("a", "b"), exclusive=True, reference="ours")
    with pytest.raises(UnknownNameError, match="unknown map of taxonomy 'own2'"):
        project_analysis(analysis(Affect(Distribution(own, np.array([1.0, 0.0])), span=Span(0, 1))), EKMAN7)


def test_words_alone_cannot_be_projected() -> None:
    with pytest.raises(OptionError, match="open labels only"):
        project_analysis(analysis(Affect(labels=("wistful",), span=Span(0, 1))), QUADRANTS4)


def test_what_was_given_stays() -> None:
    before = analysis(HAPPY)
    copy = replace(before)
    project_analysis(before, EKMAN7)
    assert before == copy
