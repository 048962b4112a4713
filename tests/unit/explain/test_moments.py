"""Moments that matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mien.explain.moments import change_points, moments
from mien.types import Affect, Dimension, Distribution, Evidence, Span, Track
from mien.types.project import project_vad
from mien.types.taxonomies import EKMAN7


def shown(label: str, second: int, *evidence: Evidence, confidence: float = 0.9, share: float = 0.9) -> Affect:
    probs = np.full(7, (1 - share) / 6)
    probs[EKMAN7.index(label)] = share
    span = Span(second, second + 1)
    return project_vad(Affect(Distribution(EKMAN7, probs), evidence=evidence, span=span, confidence=confidence))


def notes(found) -> list[str]:
    return [moment.note for moment in found]


@given(seed=st.integers(0, 500), place=st.integers(5, 35))
def test_one_step_in_noise_is_found_near_its_place(seed: int, place: int) -> None:
    values = np.random.default_rng(seed).normal(0, 0.1, (40, 2))
    values[place:] += 1.0
    assert any(abs(found - place) <= 1 for found in change_points(values))


def test_noise_alone_rarely_turns() -> None:
    rng = np.random.default_rng(0)
    assert sum(bool(change_points(rng.normal(0, 0.1, (60, 2)))) for _ in range(100)) <= 15
    assert change_points(np.zeros((50, 2))) == []
    assert change_points(np.zeros((1, 2))) == []


def test_a_turn_of_mood_is_named_with_its_labels() -> None:
    track = Track("ann", "fused", tuple(shown("joy" if t < 10 else "sadness", t) for t in range(20)))
    turns = [moment for moment in moments([track]) if "valence" in moment.note]
    assert len(turns) == 1
    assert turns[0].span == Span(9, 11)
    assert turns[0].note.startswith("valence falls from +0.")
    assert turns[0].note.endswith(": joy, then sadness")


def test_peaks_leave_out_neutral_and_what_is_unsure() -> None:
    affects = (
        shown("neutral", 0),
        shown("joy", 1, confidence=0.6),
        shown("joy", 2, confidence=0.8),
        shown("fear", 3, confidence=0.3),
    )
    assert notes(moments([Track("ann", "fused", affects)])) == ["strongest joy (0.80)"]


def test_neighbouring_conflicts_are_one_moment() -> None:
    clash = Evidence("conflict", 0.6, note="face says anger (0.80), text says joy (0.70)")
    affects = tuple(shown("neutral", t, *([clash] if t in (3, 4, 5, 12) else [])) for t in range(15))
    found = moments([Track("ann", "fused", affects)])
    assert notes(found) == ["conflict: face says anger, text says joy"] * 2
    assert [moment.span for moment in found] == [Span(3, 6), Span(12, 13)]


def test_order_persons_and_affects_without_spans() -> None:
    photo = Affect(Distribution(EKMAN7, np.eye(7)[3]), confidence=0.9)
    assert moments([Track("face-1", "fused", (photo,))]) == []
    tracks = [Track(name, "fused", (shown("joy", 4), shown("anger", 2))) for name in ("ann", "bob")]
    assert [(moment.person, moment.span.start) for moment in moments(tracks)] == [
        *(("ann", 2), ("ann", 4)),
        *(("bob", 2), ("bob", 4)),
    ]


def test_dimensions_alone_can_turn() -> None:
    steps = [Affect(valence=Dimension(0.5 if t < 6 else -0.5, 0.1), arousal=Dimension(0, 0.1)) for t in range(12)]
    track = Track("ann", "fused", tuple(affect.at(Span(t, t + 1)) for t, affect in enumerate(steps)))
    assert notes(moments([track])) == ["valence falls from +0.50 to -0.50"]


@pytest.mark.parametrize("n_steps", [3600])
def test_an_hour_is_quick(n_steps: int) -> None:
    rng = np.random.default_rng(1)
    assert len(change_points(np.cumsum(rng.normal(0, 0.02, (n_steps, 2)), axis=0))) > 3
