"""Measured cues of a voice."""

from __future__ import annotations

import numpy as np
import pytest

from mien.explain.cues import cue_evidence
from mien.types import Affect, Dimension, Series, Span, Track

SPANS = [Span(0.0, 2.0), Span(2.0, 4.0), Span(4.0, 6.0), Span(6.0, 8.0)]


def track(pitch: list[float], loudness: list[float], rate: list[float], spans: list[Span] = SPANS) -> Track:
    curves = {"pitch": pitch, "loudness": loudness, "speech_rate": rate}
    series = tuple(Series(name, 0.0, 10.0, np.repeat(values, 20).astype(float)) for name, values in curves.items())
    affects = tuple(Affect(arousal=Dimension(0.0, 1.0), span=span) for span in spans)
    return Track("voice-1", "speech", affects, series)


def test_a_higher_louder_faster_segment_is_told() -> None:
    told = cue_evidence(track([100, 100, 100, 120], [-20, -20, -20, -11], [4, 4, 4, 6]))
    assert [len(row) for row in told] == [0, 0, 0, 3]
    notes = {evidence.source: evidence.note for evidence in told[3]}
    assert notes["pitch"] == "higher pitch (+3.2 semitones than this voice's median)"
    assert notes["loudness"] == "louder voice (+9.0 dB than this voice's median)"
    assert notes["speech_rate"] == "faster speech (+50 percent than this voice's median)"
    weights = [evidence.weight for evidence in told[3]]
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)


def test_less_is_told_too_with_the_size_as_weight() -> None:
    (evidence,) = cue_evidence(track([100, 100, 100, 50], [-20] * 4, [4] * 4))[3]
    assert evidence.note == "lower pitch (-12.0 semitones than this voice's median)"
    assert evidence.weight == 1.0
    assert evidence.span == SPANS[3]


def test_small_differences_are_not_told() -> None:
    assert cue_evidence(track([100, 101, 99, 104], [-20, -21, -20, -19], [4, 4.2, 4, 3.9])) == [(), (), (), ()]


def test_one_segment_has_nothing_to_compare_with() -> None:
    assert cue_evidence(track([100, 200, 100, 100], [-20] * 4, [4] * 4, [Span(0.0, 8.0)])) == [()]


def test_gaps_and_missing_curves_are_no_error() -> None:
    full = track([100, np.nan, 100, 150], [np.nan] * 4, [4] * 4)
    assert [len(row) for row in cue_evidence(full)] == [0, 0, 0, 1]
    assert cue_evidence(Track("voice-1", "speech", full.affects)) == [(), (), (), ()]


@pytest.mark.parametrize("affects", [0, 4])
def test_one_row_for_each_affect(affects: int) -> None:
    assert len(cue_evidence(track([100] * 4, [-20] * 4, [4] * 4, SPANS[:affects]))) == affects
